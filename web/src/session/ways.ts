import type { Router } from 'vue-router'
import type { Schemas } from '../api/client'
import type { Trouble } from '../api/problem'
import { t } from '../i18n'

/** One way on after a failed step, for a button. */
export interface Way {
  label: string
  act: () => void
}

/** Failures whose text names CTID as a way. */
const byCtid = new Set(['id_card_mismatch', 'id_card_validity_mismatch'])

/** Failures that the same input meets again: another attempt needs a change of it. */
export const lasting = new Set([
  'enterprise_not_covered',
  'enterprise_not_in_business',
  'id_card_not_covered',
  'bank_card_unusable',
])

/** The ways that the service proposes after a failed step (R4), and those that only its text names. */
export function waysOf(trouble: Trouble, router: Router, toCheck: (by: 'bank_card' | 'id_card') => void): Way[] {
  const to = (path: string) => () => void router.push(path)
  const ways = (trouble.problem?.alternatives ?? []).map((way: Schemas['Alternative']): Way => {
    switch (way) {
      case 'bank_ukey':
        return { label: t('wizard.ukey'), act: to('/methods/bank_ukey') }
      case 'ic_card':
        return { label: t('wizard.card'), act: to('/methods/ic_card') }
      case 'bank_card':
        return { label: t('wizard.toBankCard'), act: () => toCheck('bank_card') }
      case 'id_card':
        return { label: t('wizard.toIdCard'), act: () => toCheck('id_card') }
    }
    return { label: t(`terms.method.${way}`), act: to(`/methods/${way}`) }
  })
  if (byCtid.has(trouble.code)) ways.push({ label: t('wizard.ctid'), act: to('/help/ctid') })
  if (trouble.code === 'holder_mismatch') ways.push({ label: t('wizard.changeAdministrator'), act: to('/account') })
  return ways
}
