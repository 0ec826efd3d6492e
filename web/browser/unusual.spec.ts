import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
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

test.each<Language>(['zh', 'en'])('an unusual number is sent after the user has ticked it, in %s', async (language) => {
  clerk = await Clerk.arrive(place, language)
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

for (const language of ['zh', 'en'] as const)
  test(`after a registry that does not know the ID number, the ID card cannot be chosen, in ${language}`, async () => {
    clerk = await Clerk.arrive(place, language)
    const { w, page } = clerk
    await clerk.signIn('pass')
    // The registry of the demonstration compares four elements: the page is told otherwise.
    await page.route(/\/v1\/sessions\/[^/]+(\/enterprise)?(\?.*)?$/, async (route) => {
      const answer = await route.fetch({ headers: { ...route.request().headers(), 'if-none-match': '"another"' } })
      if (answer.status() !== 200) return route.fulfill({ response: answer })
      const session = (await answer.json()) as { steps: { name: string }[] }
      const steps = session.steps.map((s) => (s.name === 'legal_representative' ? { ...s, bankCardOnly: true } : s))
      return route.fulfill({ response: answer, json: { ...session, steps } })
    })
    await clerk.begin('legal_representative')
    await clerk.label(w.wizard.legalIdNumber).fill(people.pass.legalNumber)
    await clerk.button(w.wizard.next).click()
    await clerk.label(w.wizard.bankCard).waitFor()
    const idCard = page.getByRole('radio', { name: w.wizard.check.id_card, exact: true })
    expect(await idCard.isDisabled()).toBe(true)
    expect(await page.locator(`#${await idCard.getAttribute('aria-describedby')}`).innerText()).toBe(
      w.wizard.bankCardOnlyRegistry,
    )
    expect(await page.getByRole('radio', { name: w.wizard.check.bank_card, exact: true }).isChecked()).toBe(true)
    await clerk.look('wizard-2-bank-card-only')
  })
