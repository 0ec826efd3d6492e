/**
 * Every dialog of the pages, and every state of one that asks something of its
 * own: the change of what a passed authentication rests on, and what a refused
 * step leads to, by its problem code. The browser suite has to have looked at
 * each in both languages (browser/coverage.ts).
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
  'change/new-operator',
  'change/operator',
  'change/operator/withdrawal',
  'operator/disable',
  'operator/renew-code',
  'operator/code',
  'card/unbind',
  'session/cancel',
  'failure/enterprise_mismatch',
  'failure/enterprise_not_covered',
  'failure/enterprise_not_in_business',
  'failure/id_card_mismatch',
  'failure/id_card_validity_mismatch',
  'failure/id_card_not_covered',
] as const

export type DialogName = (typeof dialogs)[number]

type Named<Prefix extends string> = Extract<DialogName, `${Prefix}/${string}`>

/** The dialogs of changes, their withdrawals aside. */
export type ChangeDialogName = Exclude<Named<'change'>, `${string}/withdrawal`>
