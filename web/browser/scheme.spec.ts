import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk } from './clerk'
import { people } from './people'
import { start, type Place } from './place'

let place: Place
let clerk: Clerk

beforeEach(async () => { place = await start() })
afterEach(async () => {
  await clerk.leave()
  place.stop()
})
afterAll(async () => (await browser()).close())

test('the dark scheme, by the system or by choice, is as readable', async () => {
  clerk = await Clerk.arrive(place, 'en', { colorScheme: 'dark' })
  const { w, page } = clerk
  await page.goto('/login')
  await clerk.look('dark-login')
  await clerk.signIn('name-differs')
  await clerk.sees(w.account.changeEnterprise)
  await clerk.look('dark-account')
  await clerk.button(w.account.changeLegal).click()
  await clerk.dialog().waitFor()
  await clerk.look('dark-dialog')
  await page.goto('/methods')
  await clerk.sees(w.methods.recommended)
  await clerk.look('dark-methods')
  await clerk.begin('legal_representative')
  await clerk.label(w.wizard.legalIdNumber).fill(people['name-differs'].legalNumber)
  await clerk.button(w.wizard.next).click()
  await clerk.dialog().waitFor()
  await clerk.look('dark-wizard-dialog')
  await page.keyboard.press('Escape')
  await clerk.look('dark-wizard-refused')
  await page.getByRole('button', { name: w.shell.toLight }).click()
  await page.reload()
  await clerk.label(w.wizard.legalIdNumber).waitFor()
  expect(await page.evaluate(() => document.documentElement.classList.contains('dark')), 'the choice is kept').toBe(false)
})

test('a wide screen, and paper', async () => {
  clerk = await Clerk.arrive(place, 'zh', { viewport: { width: 1920, height: 1000 } })
  const { w, page } = clerk
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  await clerk.button(w.wizard.cancelSession).click()
  await clerk.dialog().getByRole('button', { name: w.wizard.cancelSession, exact: true }).click()
  await clerk.sees(w.session.canceledNote)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByRole('navigation').isVisible()).toBe(false)
  expect(await clerk.button(w.session.print).isVisible()).toBe(false)
  expect(await page.getByText(people.pass.enterprise).last().isVisible()).toBe(true)
})
