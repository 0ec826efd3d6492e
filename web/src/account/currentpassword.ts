import type { Field } from '../form/form'
import { checkGiven } from '../form/rules'
import { t } from '../i18n'

/** The field of CurrentPassword.vue. */
export const currentPasswordField: Field = {
  label: () => t('account.currentPassword'),
  kind: () => 'any',
  check: checkGiven,
}
