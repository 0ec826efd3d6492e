import type { Rule } from './rule'

/**
 * Checks the name of a person or an enterprise: 2 to 100 characters, no control character, at least
 * one letter or ideograph.
 */
export function validateName(s: string): Rule | null {
  if (s === '') return 'empty'
  const length = [...s].length
  if (length < 2 || length > 100) return 'length'
  if (/[\p{Cc}\p{Bidi_Control}]/u.test(s)) return 'control_character'
  return /\p{L}/u.test(s) ? null : 'format'
}
