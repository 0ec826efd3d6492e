import { allDigits, type Rule } from './rule'

/** Checks the structure of a bank card number: 12 to 19 digits. */
export function validateBankCard(s: string): Rule | null {
  if (s === '') return 'empty'
  if (!allDigits(s)) return 'alphabet'
  return s.length < 12 || s.length > 19 ? 'length' : null
}

/** A valid structure with a wrong Luhn check digit (ISO/IEC 7812-1, Annex B): the user must confirm it. */
export function unusualBankCard(s: string): Rule | null {
  if (validateBankCard(s)) return null
  let sum = 0
  for (let i = 0; i < s.length; i++) {
    const digit = Number(s.charAt(s.length - 1 - i))
    const doubled = digit * 2
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0 ? null : 'luhn'
}
