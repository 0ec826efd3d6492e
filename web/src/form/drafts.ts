/**
 * Unsent input, kept in memory only. It survives a visit to the help page, a change between the
 * checks or a new sign-in, and never reaches a storage. A reload would lose it, so the browser asks
 * first while a draft exists.
 */
interface Draft {
  values: Record<string, unknown>
  first: string
}

const drafts = new Map<string, Draft>()

/** The draft of one form. If there is none, the first values become the draft. */
export function draft<T extends Record<string, unknown>>(form: string, first: () => T): T {
  const kept = drafts.get(form)
  if (kept) return kept.values as T
  const values = first()
  drafts.set(form, { values, first: JSON.stringify(values) })
  return values
}

/** Callers report each change of a draft here. */
export function draftChanged(form: string, values: Record<string, unknown>): void {
  const kept = drafts.get(form)
  // The user may type into a form after its draft was dropped.
  drafts.set(form, { values, first: kept?.first ?? '' })
  guard()
}

/** Drops drafts whose name starts with the prefix. Without a prefix, drops all drafts. */
export function dropDrafts(prefix = ''): void {
  for (const form of [...drafts.keys()]) if (form.startsWith(prefix)) drafts.delete(form)
  guard()
}

const changed = (d: Draft) => JSON.stringify(d.values) !== d.first

/** Whether a form whose name starts with the prefix has unsent input. */
export const hasUnsent = (prefix: string) => [...drafts].some(([form, d]) => form.startsWith(prefix) && changed(d))

/** The sign-in form is quick to fill in again, so the browser does not ask about it. */
const unsent = () => [...drafts].some(([form, d]) => form !== 'login' && changed(d))

function ask(e: BeforeUnloadEvent): void {
  e.preventDefault()
  e.returnValue = true // Chromium before 119
}

// Only while a draft exists: some browsers do not keep a page with this listener for the back
// button.
function guard(): void {
  if (unsent()) addEventListener('beforeunload', ask)
  else removeEventListener('beforeunload', ask)
}
