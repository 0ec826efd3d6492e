import type { components } from '../api/schema.gen'
import { isDay } from './date'
import { mod112, validateCitizen, validateResidentID } from './residentid'
import { allDigits, byteLength, type Day, type Rule } from './rule'

export type IdType = components['schemas']['IdType']

/** Every accepted ID type, in the order of the form. */
export const idTypes: readonly IdType[] = [
  'resident_id',
  'passport',
  'hk_macao_permit',
  'hk_macao_residence',
  'taiwan_permit',
  'taiwan_residence',
  'foreign_permanent_resident',
]

/** Checks a document number by the format of its type. */
export function validateID(type: IdType, number: string, today: Day): Rule | null {
  if (number === '') return 'empty'
  switch (type) {
    case 'resident_id':
      return validateResidentID(number, today)
    case 'passport':
      return validatePassport(number)
    case 'hk_macao_permit':
      return byLength(number, [9, 11], /^[HM][0-9]*$/)
    case 'hk_macao_residence':
      return validateCitizen(number, today, (p) => p === 81 || p === 82)
    case 'taiwan_permit':
      return byLength(number.replace(/^(.{10})\([0-9A-Z]\)$/, '$1'), [8, 10], /^[0-9]*$/)
    case 'taiwan_residence':
      return validateCitizen(number, today, (p) => p === 83)
    case 'foreign_permanent_resident':
      return validateForeignResident(number, today)
  }
}

/**
 * Lengths count bytes of UTF-8, as on the server. A number with other than ASCII characters is
 * therefore never valid.
 */
function byLength(s: string, lengths: number[], format: RegExp): Rule | null {
  if (!lengths.includes(byteLength(s))) return 'length'
  return format.test(s) ? null : 'format'
}

/**
 * Passport series of the People's Republic of China, nine characters. The service does not accept
 * passports of other countries.
 */
function validatePassport(s: string): Rule | null {
  return byLength(
    s,
    [9],
    /^(1[45][0-9]{7}|E([0-9]|[A-HJ-NP-Z])[0-9]{7}|[DSP][0-9E][0-9]{7}|[HKM][0-9A-Z][0-9]{7}|G[0-9]{8})$/,
  )
}

/** Three letters and 12 digits on cards of 2017; 18 digits that begin with 9 on cards of 2023. */
function validateForeignResident(s: string, today: Day): Rule | null {
  const length = byteLength(s)
  if (length === 15) return /^[A-Z]{3}[0-9]{12}$/.test(s) ? null : 'format'
  if (length !== 18) return 'length'
  if (!s.startsWith('9') || !allDigits(s.slice(0, 17)) || s.length !== 18) return 'format'
  const birth = s.slice(6, 14)
  if (!isDay(birth) || birth > today) return 'birth_date'
  return mod112(s) === s.charAt(17) ? null : 'check_character'
}
