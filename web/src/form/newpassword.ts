import { t } from '../i18n'
import type { Field } from './form'
import { checkNewPassword } from './rules'

type NewPasswordField = 'newPassword' | 'repeat'

/** A new password, typed twice. */
export function newPasswordFields(values: () => Record<NewPasswordField, string>): Record<NewPasswordField, Field> {
  return {
    newPassword: { label: () => t('account.newPassword'), kind: () => 'password', check: checkNewPassword },
    repeat: {
      label: () => t('account.repeatPassword'),
      kind: () => 'password',
      check: (s) => (s === '' ? 'empty' : s === values().newPassword ? null : 'differs'),
    },
  }
}
