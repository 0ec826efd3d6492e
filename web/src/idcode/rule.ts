/**
 * National identifiers as the server knows them (shared/idcode): the same rules
 * under the same names, held together by vectors.json, which the server's code
 * writes. A validator takes normalized input and returns the broken rule, or
 * null.
 */
export type Rule =
  | 'empty'
  | 'length'
  | 'alphabet'
  | 'format'
  | 'check_character'
  | 'region'
  | 'birth_date'
  | 'old_15_digit'
  | 'luhn'
  | 'date'
  | 'not_started'
  | 'expired'
  | 'order'
  | 'validity_length'
  | 'control_character'

/** A calendar day as YYYYMMDD; days compare as text. */
export type Day = string

export function allDigits(s: string): boolean {
  return /^[0-9]*$/.test(s)
}

/** Length in bytes of UTF-8, as the server counts it: a code with other than ASCII in it never has the right one. */
export function byteLength(s: string): number {
  return new TextEncoder().encode(s).length
}
