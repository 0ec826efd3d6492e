import { expect, test, vi } from 'vitest'
import { Trouble } from '../api/problem'
import { useForm } from './form'
import { checkUSCC, doubtUSCC } from './rules'

// Both need a browser.
vi.mock('../i18n', () => ({ t: (key: string) => `text of ${key}`, locale: () => 'zh-CN' }))
vi.mock('./drafts', () => ({ draft: (_: string, first: () => object) => first(), draftChanged() {}, dropDrafts() {} }))

const usual = '91130100MA0R01NM09'
const unusual = '91350203M0001QKT19'

const form = (name: string, first: string) =>
  useForm(name, { uscc: { label: () => 'code', kind: () => 'uscc', check: checkUSCC, unusual: doubtUSCC } }, () => ({
    uscc: first,
  }))

test('an unusual value is sent after its confirmation', () => {
  const f = form('unusual', unusual)
  expect(f.unusual('uscc')).toBeTruthy()
  expect(f.error('uscc')).toBeNull()
  expect(f.submittable()).toBe(false)
  expect(f.error('uscc')).toBeTruthy()
  expect(f.confirmed()).toEqual({})
  f.markConfirmed('uscc', true)
  expect(f.submittable()).toBe(true)
  expect(f.error('uscc')).toBeNull()
  expect(f.confirmed()).toEqual({ confirmed: ['/uscc'] })
  f.markConfirmed('uscc', false)
  expect(f.submittable()).toBe(false)
})

test('another value needs a confirmation of its own', () => {
  const f = form('another', unusual)
  f.markConfirmed('uscc', true)
  f.values.uscc = '91350203M0001QKT18'
  expect(f.isConfirmed('uscc')).toBe(false)
  expect(f.submittable()).toBe(false)
  f.values.uscc = usual
  expect(f.unusual('uscc')).toBeNull()
  expect(f.submittable()).toBe(true)
  expect(f.confirmed()).toEqual({})
})

test('a broken value has nothing to confirm', () => {
  const f = form('broken', '000000000000000000')
  f.markConfirmed('uscc', true)
  expect(f.unusual('uscc')).toBeNull()
  expect(f.submittable()).toBe(false)
})

test('the service can ask about a value that looks usual here', () => {
  const f = form('asked', usual)
  expect(f.submittable()).toBe(true)
  const problem = { errors: [{ pointer: '/uscc', rule: 'check_character', message: 'Compare.' }] }
  expect(f.takeErrors(new Trouble('confirmation_needed', 422, null, problem as never, null))).toBe(true)
  expect(f.unusual('uscc')).toBe('Compare.')
  expect(f.submittable()).toBe(false)
  f.markConfirmed('uscc', true)
  expect(f.submittable()).toBe(true)
  expect(f.confirmed()).toEqual({ confirmed: ['/uscc'] })
})
