/**
 * Every dialog of the pages. The list also has each state of a dialog that asks a question of its
 * own: a change of the facts that a verification relies on, and the problem code of a refused step.
 * The browser suite must inspect each in both languages (browser/coverage.ts).
 */
export const dialogs = [
  'change/enterprise',
  'change/enterprise/withdrawal',
  'change/legal-representative',
  'change/legal-representative/withdrawal',
  'change/administrator',
  'change/administrator/withdrawal',
  'change/password',
  'change/mobile',
  'change/email',
  'change/region',
  'change/reminders',
  'change/erasure',
  'change/new-operator',
  'change/operator',
  'change/operator/withdrawal',
  'operator/disable',
  'operator/enable',
  'operator/renew-code',
  'operator/code',
  'card/unbind',
  'session/cancel',
  'consent/withdraw',
  'failure/enterprise_mismatch',
  'failure/enterprise_not_covered',
  'failure/enterprise_not_in_business',
  'failure/id_card_mismatch',
  'failure/id_card_validity_mismatch',
  'failure/id_card_not_covered',
] as const

export type DialogName = (typeof dialogs)[number]

type Named<Prefix extends string> = Extract<DialogName, `${Prefix}/${string}`>

/** The dialogs of changes, without those that confirm a withdrawal. */
export type ChangeDialogName = Exclude<Named<'change'>, `${string}/withdrawal`>
