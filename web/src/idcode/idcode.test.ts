import { expect, test } from 'vitest'
import * as idcode from '.'
import vectors from './vectors.json'

const { today } = vectors

function judge(kind: string, value: string): string | null {
  switch (kind) {
    case 'uscc':
      return idcode.validateUSCC(value)
    case 'org_code':
      return idcode.validateOrgCode(value)
    case 'mobile':
      return idcode.validateMobile(value)
    case 'bank_card':
      return idcode.validateBankCard(value)
    case 'uscc_unusual':
      return idcode.unusualUSCC(value)
    case 'bank_card_unusual':
      return idcode.unusualBankCard(value)
    case 'name':
      return idcode.validatePersonName(value)
    case 'enterprise_name':
      return idcode.validateEnterpriseName(value, '91')
    case 'sole_trader_name':
      return idcode.validateEnterpriseName(value, '92')
    case 'sms_code':
      return idcode.validateSmsCode(value) && 'format'
    case 'validity': {
      const at = value.includes('/') ? value.indexOf('/') : value.length
      const broken = idcode.validateValidity(value.slice(0, at), value.slice(at + 1), today)
      return broken && `${broken.field === 'validFrom' ? 'valid_from' : 'valid_to'}:${broken.rule}`
    }
  }
  return idcode.validateID(kind as idcode.IdType, value, today)
}

test('every value is judged as the server judges it', () => {
  const differing = vectors.judged
    .map(([kind, value, rule]) => ({ kind, value, server: rule || null, page: judge(kind!, value!) }))
    .filter((v) => v.server !== v.page)
  expect(differing).toEqual([])
  expect(new Set(vectors.judged.map(([kind]) => kind)).size).toBe(18)
})

test('every value is normalized as the server does it', () => {
  const normalize: Record<string, (s: string) => string> = {
    code: idcode.normalizeCode,
    mobile: idcode.normalizeMobile,
    name: idcode.normalizeName,
    name_key: idcode.nameKey,
    sms_code: idcode.normalizeSmsCode,
  }
  const differing = vectors.normalized
    .map(([as, value, want]) => ({ as, value, server: want, page: normalize[as!]!(value!) }))
    .filter((v) => v.server !== v.page)
  expect(differing).toEqual([])
  expect(vectors.normalized.length).toBeGreaterThan(100)
})

test('an organization code must be the one inside the USCC', () => {
  expect(idcode.validateOrgCodeWith('9113000034801880XB', '34801880X')).toBeNull()
  expect(idcode.validateOrgCodeWith('9113000034801880XB', 'MA0R01NM0')).toBe('differs_from_uscc')
  expect(idcode.validateOrgCodeWith('', 'MA0R01NM0')).toBeNull()
  // The region code 998800 does not exist: both faults are said at once.
  expect(idcode.validateOrgCodeWith('9199880034801880XB', 'MA0R01NM0')).toBe('differs_from_uscc')
  expect(idcode.validateOrgCodeWith('9199880034801880XB', '34801880X')).toBeNull()
  // Its own part is mistyped, so there is nothing to compare with.
  expect(idcode.validateOrgCodeWith('91130000348018801B', '34801880X')).toBeNull()
})

test('the day is that of China', () => {
  expect(idcode.todayInChina(new Date('2026-11-23T15:59:59Z'))).toBe('20261123')
  expect(idcode.todayInChina(new Date('2026-11-23T16:00:00Z'))).toBe('20261124')
})
