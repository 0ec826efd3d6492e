/**
 * What users typed and have not sent yet, in memory alone: it outlives a way to
 * the help page, a change of way or a new sign-in, and never reaches a storage.
 */
const drafts = new Map<string, Record<string, unknown>>()

/** The draft of one form, made from its first values when there is none. */
export function draft<T extends Record<string, unknown>>(form: string, first: () => T): T {
  const kept = drafts.get(form)
  if (kept) return kept as T
  const fresh = first()
  drafts.set(form, fresh)
  return fresh
}

export function keepDraft(form: string, values: Record<string, unknown>): void {
  drafts.set(form, values)
}

/** Drops drafts whose name begins so; all of them without a name. */
export function dropDrafts(prefix = ''): void {
  for (const form of [...drafts.keys()]) if (form.startsWith(prefix)) drafts.delete(form)
}
