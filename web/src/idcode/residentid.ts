import { isDay } from './date'
import { allDigits, byteLength, type Day, type Rule } from './rule'

/**
 * Checks a resident ID number (公民身份号码, GB 11643-1999). A first-generation number of 15 digits
 * breaks a separate rule, so that the page can ask for the 18-digit number. So does the number of a residence
 * permit for residents of Hong Kong, Macao or Taiwan, which has a type of its own.
 */
export function validateResidentID(s: string, today: Day): Rule | null {
  const broken = validateCitizen(s, today, (p) => p === 83 || isProvince(p))
  if (broken) return broken
  return /^8[12]/.test(s) ? 'hk_macao_residence' : s.startsWith('83') ? 'taiwan_residence' : null
}

export function validateCitizen(s: string, today: Day, province: (code: number) => boolean): Rule | null {
  if (s === '') return 'empty'
  if (s.length === 15 && allDigits(s)) return 'old_15_digit'
  if (byteLength(s) !== 18) return 'length'
  if (!/^[0-9]{17}[0-9X]$/.test(s)) return 'alphabet'
  if (!province(Number(s.slice(0, 2)))) return 'region'
  const birth = s.slice(6, 14)
  if (!isDay(birth) || birth < '18000101' || birth > today) return 'birth_date'
  return mod112(s) === s.charAt(17) ? null : 'check_character'
}

/** First two digits of GB/T 2260 codes, with 71, 81, 82 for Taiwan, Hong Kong, Macao. */
export function isProvince(p: number): boolean {
  return (
    (p >= 11 && p <= 15) ||
    (p >= 21 && p <= 23) ||
    (p >= 31 && p <= 37) ||
    (p >= 41 && p <= 46) ||
    (p >= 50 && p <= 54) ||
    (p >= 61 && p <= 65) ||
    p === 71 ||
    p === 81 ||
    p === 82
  )
}

/** ISO 7064 MOD 11-2 over the first 17 digits (GB 11643-1999, 4.2). */
export function mod112(s: string): string {
  let p = 0
  for (const digit of s.slice(0, 17)) p = ((p + Number(digit)) * 2) % 11
  const c = (12 - p) % 11
  return c === 10 ? 'X' : String(c)
}
