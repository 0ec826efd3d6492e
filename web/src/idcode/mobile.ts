import { allDigits, byteLength, type Rule } from './rule'

/** Checks a mainland mobile number: 11 digits, the first 1, the second 3–9. */
export function validateMobile(s: string): Rule | null {
  if (s === '') return 'empty'
  if (!allDigits(s)) return 'alphabet'
  if (byteLength(s) !== 11) return 'length'
  return /^1[3-9]/.test(s) ? null : 'format'
}

/** Checks an SMS code: six digits. */
export function validateSmsCode(s: string): Rule | null {
  if (s === '') return 'empty'
  return /^[0-9]{6}$/.test(s) ? null : 'format'
}
