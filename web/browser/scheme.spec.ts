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

test.each<Language>(['zh', 'en'])(
  'the dark scheme, by the system or by choice, is as readable in %s',
  async (language) => {
    clerk = await Clerk.arrive(place, language, { colorScheme: 'dark' })
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
    await clerk.choose(w.shell.toLight)
    await page.reload()
    await clerk.label(w.wizard.legalIdNumber).waitFor()
    expect(await page.evaluate(() => document.documentElement.classList.contains('dark')), 'the choice is kept').toBe(
      false,
    )
  },
)
