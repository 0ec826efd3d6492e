import { allDigits, type Rule } from './rule'

/** Checks a bank card number: 12 to 19 digits whose last is the Luhn check digit (ISO/IEC 7812-1, Annex B). */
export function validateBankCard(s: string): Rule | null {
  if (s === '') return 'empty'
  if (!allDigits(s)) return 'alphabet'
  if (s.length < 12 || s.length > 19) return 'length'
  let sum = 0
  for (let i = 0; i < s.length; i++) {
    const digit = Number(s.charAt(s.length - 1 - i))
    const doubled = digit * 2
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0 ? null : 'luhn'
}
