import type { Schemas } from '../api/client'
import { useForm, type Form } from '../form/form'
import { checkBankCard, checkID, checkMobile, checkPersonName, checkSmsCode, doubtBankCard } from '../form/rules'
import { validityBody, validityFields } from '../form/validity'
import { t } from '../i18n'
import type { IdType } from '../idcode'
import { formName } from './session'

export type IdentityForm = Form<
  'name' | 'idType' | 'idNumber' | 'validFrom' | 'validTo' | 'bankCardNumber' | 'mobile' | 'smsCode'
>

/** The labels of the dates in the wizard. */
export const validityLabels = { validFrom: () => t('wizard.validFrom'), validTo: () => t('wizard.validTo') }

export type IdentityStepName = 'legal_representative' | 'account_holder'

/**
 * The form of steps 2 and 3, shared by both checks: a name or number typed for one check is also in
 * the other. Step 1 already named the person of step 2, so step 2 does not ask.
 */
export function useIdentityForm(
  sessionId: string,
  step: IdentityStepName,
  account: Schemas['Account'],
  byBankCard: () => boolean,
): IdentityForm {
  const asked = () => step === 'account_holder'
  const byIdCard = () => !byBankCard()
  const label = (own: string, bank: string) => () => t(`wizard.${byBankCard() ? bank : own}`)
  const form: IdentityForm = useForm(
    formName(sessionId, step),
    {
      name: { label: label('ownName', 'name'), kind: () => 'name', check: checkPersonName, shown: asked },
      idType: { label: label('ownIdType', 'idType'), kind: () => 'any', check: () => null, shown: asked },
      idNumber: {
        label: label('ownIdNumber', 'idNumberBank'),
        kind: () => form.values.idType,
        check: (s) => checkID(form.values.idType as IdType)(s),
        shown: asked,
      },
      ...validityFields(validityLabels, () => form.values, byIdCard),
      bankCardNumber: {
        label: () => t('wizard.bankCard'),
        kind: () => 'bank_card',
        check: checkBankCard,
        unusual: doubtBankCard,
        shown: byBankCard,
      },
      mobile: { label: () => t('wizard.mobile'), kind: () => 'mobile', check: checkMobile, shown: byBankCard },
      smsCode: { label: () => t('wizard.smsCode'), kind: () => 'sms_code', check: checkSmsCode, shown: byBankCard },
    },
    () => ({
      name: account.administrator.name,
      idType: account.administrator.idType,
      idNumber: '',
      validFrom: '',
      validTo: '',
      bankCardNumber: '',
      mobile: '',
      smsCode: '',
    }),
  )
  return form
}

/** The last part of the answer: the ID card's dates, or the bank card with its SMS code. */
export function identityTail(form: IdentityForm, byBankCard: boolean) {
  const { bankCardNumber, mobile, smsCode } = form.values
  return byBankCard
    ? { by: 'bank_card' as const, bankCardNumber, mobile, smsCode, ...form.confirmed<'/bankCardNumber'>() }
    : { by: 'id_card' as const, ...validityBody(form.values) }
}
