import { isUnnamed } from './normalize'
import type { Rule } from './rule'

/** Characters that systems write for one that they lost. */
const placeholder = /[?？\ufffd\ufffc□■▢▣▯▮◻◼☐⬜⬛⍰〓]/u

/**
 * Checks the name of a person: 1 to 100 characters, at least one letter or ideograph, and none that
 * stands for another one.
 */
export function validatePersonName(s: string): Rule | null {
  const broken = validateName(s, 1)
  if (broken) return broken
  return /[*＊✱×]|··|\p{Script=Han}[xX]{2,}$/u.test(s) ? 'masked' : null
}

/**
 * Checks the name of an enterprise: 2 to 100 characters. A sole trader without a name (USCC 92…) has
 * asterisks on its license.
 */
export function validateEnterpriseName(s: string, uscc: string): Rule | null {
  if (isUnnamed(s) && uscc.startsWith('92')) return null
  if (/[*＊]/.test(s)) return 'masked'
  return validateName(s, 2)
}

function validateName(s: string, shortest: number): Rule | null {
  if (s === '') return 'empty'
  const length = [...s].length
  if (length < shortest || length > 100) return 'length'
  for (const c of s) {
    if (/[\p{Cc}\p{Bidi_Control}]/u.test(c)) return 'control_character'
    if (placeholder.test(c)) return 'placeholder'
  }
  return /\p{L}/u.test(s) ? null : 'format'
}
