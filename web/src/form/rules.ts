import { t } from '../i18n'
import {
  longTerm,
  normalizeCode,
  normalizeMobile,
  normalizeName,
  normalizeSmsCode,
  todayInChina,
  unusualBankCard,
  unusualUSCC,
  validateBankCard,
  validateID,
  validateMobile,
  validateEnterpriseName,
  validatePersonName,
  validateOrgCodeWith,
  validateSmsCode,
  validateUSCC,
  validateValidity,
  type IdType,
} from '../idcode'

/** The rule that the input breaks, by the server's name, or null. */
export type Check = (typed: string) => string | null

const today = () => todayInChina(new Date())

export const checkPersonName: Check = (s) => validatePersonName(normalizeName(s))
/** The name of the enterprise with the USCC. */
export const checkEnterpriseName = (uscc: string, s: string) =>
  validateEnterpriseName(normalizeName(s), normalizeCode(uscc))
export const checkUSCC: Check = (s) => validateUSCC(normalizeCode(s))
/** The organization code, which must match the one inside the USCC. */
export const checkOrgCode = (uscc: string, s: string) => validateOrgCodeWith(normalizeCode(uscc), normalizeCode(s))
/** The organization code inside a USCC. */
export const orgCodeOf = (uscc: string) => normalizeCode(uscc).slice(8, 17)
export const checkBankCard: Check = (s) => validateBankCard(normalizeCode(s))
/** Rules of valid numbers that the user must confirm. */
export const doubtUSCC: Check = (s) => unusualUSCC(normalizeCode(s))
export const doubtBankCard: Check = (s) => unusualBankCard(normalizeCode(s))
export const checkMobile: Check = (s) => validateMobile(normalizeMobile(s))
export const checkSmsCode: Check = (s) => validateSmsCode(normalizeSmsCode(s))
export const checkGiven: Check = (s) => (s.trim() === '' ? 'empty' : null)
/** The checks of a new password that are possible here. The server also rejects passwords that are easy to guess. */
export const checkNewPassword: Check = (s) =>
  s === '' ? 'empty' : [...s].length < 8 || [...s].length > 128 ? 'length' : null
export const checkEmail: Check = (s) =>
  s.trim() === '' ? 'empty' : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(s.trim()) ? null : 'format'
export const checkLoginName: Check = (s) =>
  s.trim() === '' ? 'empty' : /^[A-Za-z0-9._@-]{3,64}$/.test(s.trim()) ? null : 'format'
export const checkID =
  (type: IdType): Check =>
  (s) =>
    validateID(type, normalizeCode(s), today())

/**
 * Dates as printed on the card (2016.04.25), grouped (2016-04-25) or written out (2016年4月5日) keep their digits. A month
 * of one digit gets its zero when a separator ends it. So does a day after a point or 月; a hyphen before it can be from
 * groupDate, and the day half typed.
 */
export const dateDigits = (s: string) =>
  normalizeCode(
    s
      .normalize('NFKC')
      .replace(/\s/g, '')
      .replace(/^(\d{4}[-./年])(?=\d[-./月])/, '$10')
      .replace(/^(\d{4}[./年]\d{2}[./月])(?=\d日|\d$)/, '$10'),
  ).replace(/[-./年月日]/g, '')

/** 20160425 as 2016-04-25, and so far as it is typed. Eight zeros mean long-term and stay together. */
export function groupDate(s: string): string {
  const digits = dateDigits(s)
  if (!/^\d{5,8}$/.test(digits) || digits.startsWith('0000')) return s
  return [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].filter(Boolean).join('-')
}

export type Dates = 'validFrom' | 'validTo'

/** The check of one of an ID card's two dates. */
export function checkDates(values: () => Record<Dates, string>, field: Dates): () => string | null {
  return () => {
    const to = dateDigits(values().validTo)
    // Without an end, the start is still checked by itself.
    const broken = validateValidity(dateDigits(values().validFrom), to || longTerm, today())
    if (broken?.field === field) return broken.rule
    return field === 'validTo' && to === '' ? 'empty' : null
  }
}

/** The text of a broken rule: the one for the kind of field, or otherwise the general one. */
export function ruleText(kind: string, rule: string): string {
  for (const key of [`rules.${kind}.${rule}`, `rules.any.${rule}`]) {
    const text = t(key)
    if (text !== key) return text
  }
  return t('rules.any.format')
}
