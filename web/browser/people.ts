/** The people of the demonstration data (local/data/demo), with the values that they type. */
export interface Person {
  enterprise: string
  legalNumber: string
  legalDates: [from: string, to: string]
  legalCard: string
  legalMobile: string
  holderNumber: string
  holderCard: string
  holderMobile: string
}

const person = (n: number, legalNumber: string, holderNumber: string, more: Partial<Person> = {}): Person => ({
  enterprise: '',
  legalNumber,
  holderNumber,
  legalDates: ['20160425', '20360425'],
  legalCard: '',
  legalMobile: `139000010${String(n).padStart(2, '0')}`,
  holderCard: '',
  holderMobile: `138000010${String(n).padStart(2, '0')}`,
  ...more,
})

/** The validity dates of every holder's ID card. */
export const holderDates: [string, string] = ['20190610', '20390610']

export const people = {
  pass: person(1, '130105197803121016', '13010419850215201X', {
    enterprise: '河北安达进出口贸易有限公司',
    legalCard: '6222021000001000016',
    holderCard: '6222021000001000024',
  }),
  'long-term': person(2, '130105196505081023', '13010419850315202X', { legalDates: ['20200508', '00000000'] }),
  'wrong-dates': person(4, '130105198801151048', '13010419850515204X', {
    legalDates: ['20240115', '20440115'],
    legalCard: '6222021000004000013',
  }),
  'name-differs': person(5, '130105197803121059', '13010419850615205X', { enterprise: '保定更名国际纺织品有限公司' }),
  'not-covered': person(8, '130105197803121083', '13010419850915208X'),
  'not-in-business': person(9, '130105197803121091', '130104198510152095'),
  passport: person(10, 'E12345678', '13010419851115210X', { legalCard: '6222021000010000015' }),
  'lost-card': person(12, '130105197803121120', '130104198501152122', { legalCard: '6222021000012000013' }),
  'no-id-data': person(13, '130105197803121139', '130104198502152132'),
  registered: person(15, '130105197803121155', '130104198504152152'),
  local: person(14, '130105197803121147', '130104198503152142'),
} satisfies Record<string, Person>
