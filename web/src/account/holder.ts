import { checkID, checkPersonName } from '../form/rules'
import type { Field } from '../form/form'
import { t } from '../i18n'
import type { IdType } from '../idcode'

type HolderField = 'name' | 'idType' | 'idNumber'

/** The fields of a person on the account pages. */
export function holderFields(values: () => Record<HolderField, string>): Record<HolderField, Field> {
  return {
    name: { label: () => t('account.personName'), kind: () => 'name', check: checkPersonName },
    idType: { label: () => t('account.idType'), kind: () => 'any', check: () => null },
    idNumber: {
      label: () => t('account.idNumber'),
      kind: () => values().idType,
      check: (s) => checkID(values().idType as IdType)(s),
    },
  }
}

/** A person as the service accepts it. A passport includes its issuing country, which can only be China. */
export function holderBody(values: Record<HolderField, string>) {
  const { name, idType, idNumber } = values
  return { name, idType: idType as IdType, idNumber, ...(idType === 'passport' && { issuingCountry: 'CHN' }) }
}
