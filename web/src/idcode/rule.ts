/**
 * National identifiers with the server's rules and rule names (shared/idcode). vectors.json, which
 * the server's code writes, keeps both in agreement. A validator takes normalized input and returns
 * the broken rule, or null.
 */
export type Rule =
  | 'empty'
  | 'length'
  | 'alphabet'
  | 'format'
  | 'check_character'
  | 'department'
  | 'region'
  | 'org_code'
  | 'birth_date'
  | 'old_15_digit'
  | 'luhn'
  | 'date'
  | 'not_started'
  | 'expired'
  | 'order'
  | 'validity_length'
  | 'control_character'
  | 'placeholder'
  | 'masked'
  | 'hk_macao_residence'
  | 'taiwan_residence'

/** A calendar day as YYYYMMDD; days compare as text. */
export type Day = string

export function allDigits(s: string): boolean {
  return /^[0-9]*$/.test(s)
}

/**
 * Length in bytes of UTF-8, as on the server. A code with other than ASCII characters therefore
 * never has the right length.
 */
export function byteLength(s: string): number {
  return new TextEncoder().encode(s).length
}
