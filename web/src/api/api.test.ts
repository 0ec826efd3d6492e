import { expect, test, vi } from 'vitest'
import { IdempotencyKeys } from './idempotency'
import { Trouble } from './problem'

const reader = vi.hoisted(() => ({ language: 'zh-CN' }))
vi.mock('../i18n', () => ({ locale: () => reader.language })) // the texts need a browser

test('a request without an answer keeps its key; another body or an answer ends it', () => {
  let n = 0
  const keys = new IdempotencyKeys(() => `key ${++n}`)
  expect(keys.keyFor('/a', '{"x":1}')).toBe('key 1')
  expect(keys.keyFor('/a', '{"x":1}')).toBe('key 1')
  expect(keys.keyFor('/b', '{"x":1}')).toBe('key 2')
  expect(keys.keyFor('/a', '{"x":2}')).toBe('key 3')
  keys.answered('/a')
  expect(keys.keyFor('/a', '{"x":2}')).toBe('key 4')
})

const answer = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers })
const problem = (code: string, more: object = {}) => ({
  type: '',
  title: 't',
  status: 422,
  detail: 'd',
  instance: '/',
  code,
  requestId: 'r1',
  ...more,
})

test.each([
  [401, 'signed_out'],
  [403, 'signed_out'],
  [404, 'not_found'],
  [429, 'throttled'],
  [413, 'gateway'],
  [500, 'gateway'],
  [503, 'gateway'],
])('the bare refusal %d is %s', (status, code) => {
  const trouble = Trouble.from(answer(status, { 'Apigw-Requestid': 'gw-1', 'Retry-After': '5' }), {
    message: 'Whatever',
  })
  expect([trouble.code, trouble.requestId]).toEqual([code, 'gw-1'])
})

test('a problem keeps its code, request ID and the time of another try', () => {
  const trouble = Trouble.from(answer(429), problem('sms_limit_reached', { status: 429, retryAfter: 60 }))
  expect([trouble.code, trouble.status, trouble.requestId]).toEqual(['sms_limit_reached', 429, 'r1'])
  expect(trouble.retryAt!.getTime() - Date.now()).toBeGreaterThan(55_000)
})

test('a 403 of the service is no expired sign-in, a revoked token is', () => {
  expect(Trouble.from(answer(403), problem('forbidden', { status: 403 })).code).toBe('forbidden')
  expect(Trouble.from(answer(401), problem('token_revoked', { status: 401 })).code).toBe('signed_out')
})

test('only what got no answer is sent again under its key', () => {
  expect(Trouble.offline().unanswered).toBe(true)
  expect(Trouble.from(answer(502), '').unanswered).toBe(true)
  expect(Trouble.from(answer(409), problem('idempotency_in_progress', { status: 409 })).unanswered).toBe(true)
  expect(Trouble.from(answer(422), problem('enterprise_mismatch')).unanswered).toBe(false)
})

test('trouble never carries a body into its message', () => {
  expect(Trouble.from(answer(500), '130105197803121016').message).toBe('gateway')
})

test('a failure is said in the language of the moment', () => {
  const translation = { language: 'en', title: 'Refused', detail: 'Not confirmed.' }
  const trouble = Trouble.from(answer(422), problem('enterprise_mismatch', { title: '未通过', translation }))
  expect(trouble.said?.title).toBe('未通过')
  reader.language = 'en'
  expect(trouble.said?.title).toBe('Refused')
  expect(Trouble.from(answer(422), problem('enterprise_mismatch')).said?.title).toBe('t')
  expect(Trouble.offline().said).toBeNull()
})
