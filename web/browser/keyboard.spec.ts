import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk } from './clerk'
import { holderDates, people } from './people'
import { start, type Place } from './place'

let place: Place
let clerk: Clerk

// Every method with the keyboard only: Tab, Enter, Space and letters.
beforeEach(async () => {
  place = await start()
  clerk = await Clerk.arrive(place)
})
afterEach(async () => {
  await clerk.leave()
  place.stop()
})
afterAll(async () => (await browser()).close())

async function signIn(loginName: string): Promise<void> {
  await clerk.page.goto('/login')
  await clerk.type(clerk.w.login.loginName, loginName)
  await clerk.type(clerk.w.login.password, 'Demo-2026-realname')
  await clerk.page.keyboard.press('Enter')
  await clerk.sees(clerk.w.account.changeEnterprise)
}

async function begin(method: string): Promise<void> {
  const { w, page } = clerk
  await clerk.tabTo(page.getByRole('navigation').getByRole('link', { name: w.shell.entries.methods, exact: true }))
  await page.keyboard.press('Enter')
  await clerk.tabTo(clerk.link(method))
  await page.keyboard.press('Enter')
  await clerk.sees(w.methods.consentTitle)
  await clerk.tabTo(page.getByRole('checkbox'))
  await page.keyboard.press('Space')
  await clerk.press(w.methods.start)
  await page.waitForURL('**/sessions/*')
}

test('legal representative', async () => {
  const { w, page } = clerk
  await signIn('wrong-dates')
  await begin(w.terms.method.legal_representative)
  await clerk.type(w.wizard.legalIdNumber, people['wrong-dates'].legalNumber)
  await clerk.press(w.wizard.next)
  await clerk.label(w.wizard.validFrom).waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('第二步')
  await clerk.type(w.wizard.validFrom, '20230115')
  await clerk.type(w.wizard.validTo, '20430115')
  await page.keyboard.press('Enter')
  await clerk.dialog().waitFor()
  await clerk.tabTo(clerk.dialog().getByRole('button', { name: w.wizard.toBankCard }))
  await page.keyboard.press('Enter')
  await clerk.type(w.wizard.bankCard, people['wrong-dates'].legalCard)
  await clerk.type(w.wizard.mobile, people['wrong-dates'].legalMobile)
  await clerk.press(w.wizard.getCode)
  await clerk.sees(w.wizard.codeSent)
  await clerk.type(w.wizard.smsCode, await place.code(people['wrong-dates'].legalMobile))
  await clerk.press(w.wizard.confirm)
  await clerk.type(w.wizard.ownIdNumber, people['wrong-dates'].holderNumber)
  await clerk.type(w.wizard.validFrom, holderDates[0])
  await clerk.type(w.wizard.validTo, holderDates[1])
  await page.keyboard.press('Enter')
  await clerk.sees(w.session.passedLegal)
  await clerk.press(w.session.toMethodsMenu)
  await clerk.sees(w.methods.doneTitle)
})

test('bank UKey, then the holder alone', async () => {
  const { w, page } = clerk
  await signIn('pass')
  await begin(w.terms.method.bank_ukey)
  await clerk.press('中国农业银行')
  await page.waitForURL('**/sandbox/bank/**')
  for (const action of ['certificate', 'verify']) {
    await clerk.tabTo(page.locator(`button[value=${action}]`))
    await page.keyboard.press('Enter')
  }
  await clerk.tabTo(page.locator('#password'))
  await page.keyboard.type('123456')
  await clerk.tabTo(page.locator('button[value=password]'))
  await page.keyboard.press('Enter')
  await clerk.tabTo(page.locator('a.button'))
  await page.keyboard.press('Enter')
  await clerk.sees(w.session.passedBank)
  await clerk.press(w.session.holderStart)
  await clerk.sees(w.methods.consentTitle)
  await clerk.tabTo(page.getByRole('checkbox'))
  await page.keyboard.press('Space')
  await clerk.press(w.methods.start)
  await clerk.type(w.wizard.ownIdNumber, people.pass.holderNumber)
  await clerk.type(w.wizard.validFrom, holderDates[0])
  await clerk.type(w.wizard.validTo, holderDates[1])
  await page.keyboard.press('Enter')
  await clerk.sees(w.session.passedHolder)
})

test('IC card', async () => {
  const { w, page } = clerk
  await place.insert({ card: 'pass', kind: 'good' })
  await clerk.plugIn()
  await signIn('pass')
  await begin(w.terms.method.ic_card)
  await clerk.sees(w.card.ready)
  await clerk.type(w.card.pin, '88888888')
  await page.keyboard.press('Enter')
  await clerk.sees(w.session.passedCard)
  await clerk.press(w.session.relogin)
  await page.waitForURL('**/login**')
})
