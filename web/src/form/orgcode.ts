import { watch } from 'vue'
import { checkOrgCode, checkUSCC, orgCodeOf } from './rules'

/** A valid unified social credit code fills in the organization code that it contains. */
export function fillOrgCode(values: { uscc: string; orgCode: string }): void {
  watch(
    () => values.uscc,
    (uscc) => {
      if (checkUSCC(uscc) === null && checkOrgCode(uscc, values.orgCode) !== null) values.orgCode = orgCodeOf(uscc)
    },
  )
}
