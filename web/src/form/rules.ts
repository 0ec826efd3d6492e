import { t } from '../i18n'
import { normalizeCode, normalizeMobile, normalizeName, todayInChina, validateBankCard, validateID, validateMobile, validateName, validateSmsCode, validateUSCC, validateValidity, type IdType } from '../idcode'

/** The rule that a typed value breaks, as the server names it, or null. */
export type Check = (typed: string) => string | null

export const today = () => todayInChina(new Date())

export const checkName: Check = (s) => validateName(normalizeName(s))
export const checkUSCC: Check = (s) => validateUSCC(normalizeCode(s))
export const checkBankCard: Check = (s) => validateBankCard(normalizeCode(s))
export const checkMobile: Check = (s) => validateMobile(normalizeMobile(s))
export const checkSmsCode: Check = (s) => validateSmsCode(normalizeCode(s))
export const checkGiven: Check = (s) => (s.trim() === '' ? 'empty' : null)
/** What can be told of a new password here; the server judges how easily it is guessed. */
export const checkNewPassword: Check = (s) => (s === '' ? 'empty' : [...s].length < 8 || [...s].length > 128 ? 'length' : null)
export const checkEmail: Check = (s) => (s.trim() === '' ? 'empty' : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(s.trim()) ? null : 'format')
export const checkLoginName: Check = (s) => (s.trim() === '' ? 'empty' : /^[A-Za-z0-9._@-]{3,64}$/.test(s.trim()) ? null : 'format')
export const checkID = (type: IdType): Check => (s) => validateID(type, normalizeCode(s), today())

/** Dates as printed on the card (2016.04.25) or written out (2016年04月25日) keep their digits. */
export const dateDigits = (s: string) => normalizeCode(s).replace(/[./年月日]/g, '')

type Dates = 'validFrom' | 'validTo'

/** The check of one of an ID card's two dates. */
export function checkDates(values: () => Record<Dates, string>, field: Dates): () => string | null {
  return () => {
    const to = dateDigits(values().validTo)
    const broken = validateValidity(dateDigits(values().validFrom), to, today())
    if (broken?.field === field) return broken.rule
    // An empty start hides what is to be said of the end.
    return field === 'validTo' && to === '' ? 'empty' : null
  }
}

/** Words of a broken rule: those of the kind of field, else those of any field. */
export function ruleText(kind: string, rule: string): string {
  for (const key of [`rules.${kind}.${rule}`, `rules.any.${rule}`]) {
    const text = t(key)
    if (text !== key) return text
  }
  return t('rules.any.format')
}
