import { daysIn, isDay, parts } from './date'
import type { Day, Rule } from './rule'

/** Marks an ID card without an end date (长期). Users type eight zeros. */
export const longTerm = '00000000'

/**
 * Checks the dates of a resident ID card: start ≤ today ≤ end, and 5, 10 or 20 years, or long-term
 * (Resident Identity Card Law, Art. 5). The result names the wrong date.
 */
export function validateValidity(
  from: string,
  to: string,
  today: Day,
): { field: 'validFrom' | 'validTo'; rule: Rule } | null {
  const bad = (field: 'validFrom' | 'validTo', rule: Rule) => ({ field, rule })
  if (from === '') return bad('validFrom', 'empty')
  if (to === '') return bad('validTo', 'empty')
  if (!isDay(from)) return bad('validFrom', 'date')
  if (to !== longTerm) {
    if (!isDay(to)) return bad('validTo', 'date')
    if (to <= from) return bad('validTo', 'order')
    if (validityYears(from, to) === 0) return bad('validTo', 'validity_length')
  }
  if (from > today) return bad('validFrom', 'not_started')
  if (to !== longTerm && to < today) return bad('validTo', 'expired')
  return null
}

/**
 * 5, 10 or 20 when `to` is that many years after `from`, or 0. A card from 29 February ends on 28
 * February or 1 March of a common year.
 */
function validityYears(from: Day, to: Day): number {
  const [y1, m1, d1] = parts(from)
  const [y2, m2, d2] = parts(to)
  const years = y2 - y1
  if (years !== 5 && years !== 10 && years !== 20) return 0
  if (m1 === m2 && d1 === d2) return years
  const leapDay = m1 === 2 && d1 === 29 && daysIn(y2, 2) === 28
  return leapDay && ((m2 === 2 && d2 === 28) || (m2 === 3 && d2 === 1)) ? years : 0
}
