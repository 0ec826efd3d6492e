/** The shape of a section, with any words in it. */
type Words<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends readonly string[] ? readonly string[] : Words<T[K]>
}

/** One part of the pages' texts, in both languages: each says what the other says. */
export function section<const Z, E extends Words<Z>>(zh: Z, en: E): { zh: Z; en: Words<Z> } {
  return { zh, en: en as unknown as Words<Z> }
}
