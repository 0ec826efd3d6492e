import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk } from './clerk'
import { people } from './people'
import { start, type Place } from './place'

let place: Place
let clerk: Clerk

beforeEach(async () => {
  place = await start()
})
afterEach(async () => {
  await clerk.leave()
  place.stop()
})
afterAll(async () => (await browser()).close())

test('an unusual number is sent after the user has ticked it', async () => {
  clerk = await Clerk.arrive(place, 'zh')
  const { w, page } = clerk
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  const code = clerk.label(w.wizard.uscc)
  const right = await code.inputValue()
  await code.fill('91350203M0001QKT19')
  await clerk.label(w.wizard.orgCode).fill('M0001QKT1')
  await clerk.sees(w.rules.uscc.check_character)
  await clerk.label(w.wizard.legalIdNumber).fill(people.pass.legalNumber)

  // Without the tick, the page asks for it and sends nothing.
  await clerk.button(w.wizard.next).click()
  await clerk.sees(w.rules.any.unconfirmed)
  const box = page.getByRole('checkbox', { name: w.rules.uscc.confirm })
  await box.check()
  await clerk.look('wizard-1-unusual')

  // The service takes the confirmation: the code is not this account's.
  const answer = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/enterprise'))
  await clerk.button(w.wizard.next).click()
  expect(await (await answer).json()).toMatchObject({
    code: 'enterprise_mismatch',
    errors: [{ rule: 'not_the_accounts' }],
  })

  // Another code does not take the tick along.
  await page.keyboard.press('Escape')
  await code.fill(right)
  await expect.poll(() => box.count()).toBe(0)
})
