import type { Field } from './form'
import { checkDates, dateDigits, type Dates } from './rules'

/** The two dates of an ID card. */
export function validityFields(
  labels: Record<Dates, () => string>,
  values: () => Record<Dates, string>,
  shown: () => boolean,
): Record<Dates, Field> {
  return {
    validFrom: { label: labels.validFrom, kind: () => 'valid_from', check: checkDates(values, 'validFrom'), shown },
    validTo: { label: labels.validTo, kind: () => 'valid_to', check: checkDates(values, 'validTo'), shown },
  }
}

/** The dates as the service accepts them. */
export const validityBody = (values: Record<Dates, string>) => ({
  validFrom: dateDigits(values.validFrom),
  validTo: dateDigits(values.validTo),
})
