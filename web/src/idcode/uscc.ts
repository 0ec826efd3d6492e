import { orgCodeCheck, validateOrgCode } from './orgcode'
import { isProvince } from './residentid'
import { allDigits, byteLength, type Rule } from './rule'

/** GB 32100-2015, 4.1: digits and capital letters without I, O, S, V and Z. A character's value is its position. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** 3^(i-1) mod 31 (GB 32100-2015, Annex A). */
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** Departments of GB 32100-2015, 4.2, as amended. */
const departments = '123456789ANY'

/** Checks the structure of a Unified Social Credit Code (统一社会信用代码, GB 32100-2015). */
export function validateUSCC(s: string): Rule | null {
  if (s === '') return 'empty'
  if (byteLength(s) !== 18) return 'length'
  if ([...s].some((c) => !alphabet.includes(c))) return 'alphabet'
  if (!departments.includes(s.charAt(0))) return 'department'
  if (!isRegion(s.slice(2, 8))) return 'region'
  if (orgCodeCheck(s.slice(8, 16)) !== s.charAt(16)) return 'org_code'
  return null
}

/** Six digits that begin with a province, or 100000, the national registration authority. */
function isRegion(s: string): boolean {
  return allDigits(s) && (s === '100000' || isProvince(Number(s.slice(0, 2))))
}

/** A valid structure with another check character than GB 32100-2015, Annex A, gives: the user must confirm it. */
export function unusualUSCC(s: string): Rule | null {
  if (validateUSCC(s)) return null
  const sum = weights.reduce((total, w, i) => total + alphabet.indexOf(s.charAt(i)) * w, 0)
  return alphabet.charAt((31 - (sum % 31)) % 31) === s.charAt(17) ? null : 'check_character'
}

/**
 * Like validateOrgCode, but a valid code that differs from the one inside the USCC breaks a separate
 * rule. Both are compared even if the USCC breaks another rule, so that one round shows all faults.
 */
export function validateOrgCodeWith(uscc: string, orgCode: string): Rule | 'differs_from_uscc' | null {
  const broken = validateOrgCode(orgCode)
  const held = byteLength(uscc) === 18 ? uscc.slice(8, 17) : '' // characters 9 to 17
  if (broken || validateOrgCode(held)) return broken
  return held === orgCode ? null : 'differs_from_uscc'
}
