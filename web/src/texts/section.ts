/** The shape of a section with any texts. */
type Words<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends readonly string[] ? readonly string[] : Words<T[K]>
}

/** One part of the pages' texts, with the same entries in both languages. */
export function section<const Z, E extends Words<Z>>(zh: Z, en: E): { zh: Z; en: Words<Z> } {
  return { zh, en: en as unknown as Words<Z> }
}
