import { t } from '../i18n'
import {
  normalizeCode,
  normalizeMobile,
  normalizeName,
  todayInChina,
  validateBankCard,
  validateID,
  validateMobile,
  validateName,
  validateOrgCodeWith,
  validateSmsCode,
  validateUSCC,
  validateValidity,
  type IdType,
} from '../idcode'

/** The rule that a typed value breaks, as the server names it, or null. */
export type Check = (typed: string) => string | null

const today = () => todayInChina(new Date())

/** As the server reads every text but a password: Ⅹ, which input methods offer, is X. */
const nfkc = (s: string) => s.normalize('NFKC')
const code = (s: string) => normalizeCode(nfkc(s))

export const checkName: Check = (s) => validateName(normalizeName(nfkc(s)))
export const checkUSCC: Check = (s) => validateUSCC(code(s))
/** The organization code beside a USCC, of which it is a part. */
export const checkOrgCode = (uscc: string, s: string) => validateOrgCodeWith(code(uscc), code(s))
export const checkBankCard: Check = (s) => validateBankCard(code(s))
export const checkMobile: Check = (s) => validateMobile(normalizeMobile(nfkc(s)))
export const checkSmsCode: Check = (s) => validateSmsCode(code(s))
export const checkGiven: Check = (s) => (s.trim() === '' ? 'empty' : null)
/** What can be told of a new password here; the server judges how easily it is guessed. */
export const checkNewPassword: Check = (s) =>
  s === '' ? 'empty' : [...s].length < 8 || [...s].length > 128 ? 'length' : null
export const checkEmail: Check = (s) =>
  s.trim() === '' ? 'empty' : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(s.trim()) ? null : 'format'
export const checkLoginName: Check = (s) =>
  s.trim() === '' ? 'empty' : /^[A-Za-z0-9._@-]{3,64}$/.test(s.trim()) ? null : 'format'
export const checkID =
  (type: IdType): Check =>
  (s) =>
    validateID(type, code(s), today())

/** Dates as printed on the card (2016.04.25) or written out (2016年04月25日) keep their digits. */
export const dateDigits = (s: string) => code(s).replace(/[./年月日]/g, '')

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
