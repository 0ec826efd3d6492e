/**
 * What users typed and have not sent yet, in memory alone: it outlives a way to
 * the help page, a change of way or a new sign-in, and never reaches a storage.
 * A reload would lose it, so the browser asks first while there is any.
 */
interface Draft {
  values: Record<string, unknown>
  first: string
}

const drafts = new Map<string, Draft>()

/** The draft of one form, made from its first values when there is none. */
export function draft<T extends Record<string, unknown>>(form: string, first: () => T): T {
  const kept = drafts.get(form)
  if (kept) return kept.values as T
  const values = first()
  drafts.set(form, { values, first: JSON.stringify(values) })
  return values
}

/** Has to be told of each change of a draft. */
export function draftChanged(form: string, values: Record<string, unknown>): void {
  const kept = drafts.get(form)
  // A form may be typed into after its draft was dropped.
  drafts.set(form, { values, first: kept?.first ?? '' })
  guard()
}

/** Drops drafts whose name begins so; all of them without a name. */
export function dropDrafts(prefix = ''): void {
  for (const form of [...drafts.keys()]) if (form.startsWith(prefix)) drafts.delete(form)
  guard()
}

/** A sign-in is typed again soon; it is no loss to ask about. */
const unsent = () => [...drafts].some(([form, d]) => form !== 'login' && JSON.stringify(d.values) !== d.first)

function ask(e: BeforeUnloadEvent): void {
  e.preventDefault()
  e.returnValue = true // Chromium before 119
}

// Only while there is something to lose: a page with this listener is not kept
// for the back button by every browser.
function guard(): void {
  if (unsent()) addEventListener('beforeunload', ask)
  else removeEventListener('beforeunload', ask)
}
