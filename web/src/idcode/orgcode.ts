import { byteLength, type Rule } from './rule'

/** GB 11714-1997, 4. */
const weights = [3, 7, 9, 10, 5, 8, 4, 2]

/** Checks an organization code (组织机构代码, GB 11714-1997): eight characters and a MOD 11 check character. */
export function validateOrgCode(s: string): Rule | null {
  if (s === '') return 'empty'
  if (byteLength(s) !== 9) return 'length'
  if (!/^[0-9A-Z]{8}/.test(s)) return 'alphabet'
  return orgCodeCheck(s.slice(0, 8)) === s.charAt(8) ? null : 'check_character'
}

export function orgCodeCheck(first8: string): string {
  const sum = weights.reduce((total, w, i) => total + parseInt(first8.charAt(i), 36) * w, 0)
  const c = 11 - (sum % 11)
  return c === 10 ? 'X' : c === 11 ? '0' : String(c)
}
