import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk } from './clerk'
import { people } from './people'
import { start, type Place } from './place'
import { Service } from './service'

let place: Place
let clerk: Clerk

/** One test for each fault that a new user found on the pages. */
beforeEach(async () => {
  place = await start()
})
afterEach(async () => {
  await clerk.leave()
  place.stop()
})
afterAll(async () => (await browser()).close())

test('in forced colors, inputs have a border and one menu entry is current', async () => {
  clerk = await Clerk.arrive(place, 'zh', { forcedColors: 'active' })
  const { w, page } = clerk
  await page.goto('/login')
  const border = (e: Element) => getComputedStyle(e).borderTopWidth
  expect(await clerk.label(w.login.loginName).evaluate(border)).toBe('1px')
  await clerk.signIn('pass')
  await clerk.sees(w.account.changeEnterprise)
  const marked = await page
    .getByRole('navigation', { name: w.shell.mainMenu })
    .getByRole('link')
    .evaluateAll((links) => links.filter((e) => getComputedStyle(e).borderLeftWidth !== '0px').length)
  expect(marked).toBe(1)
})

test('Escape asks before typed content or a one-time code is lost', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass')
  await clerk.press(w.account.changeEnterprise)
  await clerk.dialog().waitFor()
  await page.keyboard.press('Escape') // nothing was typed
  await clerk.dialog().waitFor({ state: 'hidden' })
  await clerk.press(w.account.changeEnterprise)
  await clerk.type(w.account.address, '石家庄')
  await page.keyboard.press('Escape')
  await clerk.sees(w.account.unsaved)
  await page.keyboard.press('Escape') // takes the question back
  await clerk.page.getByText(w.account.unsaved).waitFor({ state: 'hidden' })
  expect(await clerk.label(w.account.address).inputValue()).toBe('石家庄')
  await page.keyboard.press('Escape')
  await clerk.press(w.shell.closeAnyway)
  await clerk.dialog().waitFor({ state: 'hidden' })

  await page.goto('/operators')
  await clerk.button(w.operators.add).click()
  await clerk.label(w.operators.loginName).fill('pass-op-1')
  await clerk.label(w.account.personName).fill('李操作')
  await clerk.label(w.account.idNumber).fill('11010519491231002X')
  await clerk.button(w.account.save).click()
  await clerk.sees(w.operators.codeTitle)
  await page.keyboard.press('Escape')
  await clerk.sees(w.operators.codeLost)
  await clerk.button(w.shell.keepOpen).click()
  await clerk.button(w.operators.done).click() // says that the code was taken
  await clerk.dialog().waitFor({ state: 'hidden' })
})

test('no dialog carries an object as an attribute, and its head is no second banner', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass')
  for (const row of [w.account.password, w.account.mobile, w.account.email, w.account.region, w.account.settings]) {
    await clerk.button(`${w.account.change} ${row}`).click()
    await clerk.dialog().waitFor()
    expect(await page.locator('dialog').getAttribute('account'), row).toBeNull()
    expect(await page.locator('dialog header').count(), row).toBe(0)
    await clerk.escape()
  }
})

test('the skip link comes first, and no heading level is skipped on the card page', async () => {
  await place.insert({ missing: true })
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.plugIn()
  await clerk.signIn('pass', '/card')
  await page.reload()
  await clerk.button(w.card.bind).waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(w.shell.skip)
  await clerk.button(w.card.bind).click()
  await clerk.sees(w.card.stateTitle)
  const levels = await page.locator('h1, h2, h3, h4').evaluateAll((all) => all.map((e) => Number(e.tagName[1])))
  expect(levels[0]).toBe(1)
  levels.slice(1).forEach((level, i) => expect(level - levels[i]!).toBeLessThanOrEqual(1))
})

test('an address opens no change whose button is hidden', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('registered', '/account?change=administrator')
  await clerk.sees(w.account.registeredNote)
  await page.waitForLoadState('networkidle')
  expect(await clerk.dialog().count()).toBe(0)
  await page.goto('/account?change=constructor')
  await clerk.sees(w.account.registeredNote)
  expect(await clerk.dialog().count()).toBe(0)
  await page.goto('/account?change=password') // a change of one's own is offered
  await clerk.dialog().waitFor()
})

test('a session left over after everything passed is not offered', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass')
  await clerk.begin('bank_ukey')
  await (await Service.as(place, 'pass')).passLegalRepresentative(people.pass)
  await page.goto('/methods')
  await clerk.sees(w.methods.doneTitle)
  await page.getByText(w.methods.others).click()
  await clerk.sees(w.terms.method.bank_ukey)
  expect(await page.getByText(w.methods.resume).count()).toBe(0)
  await page.goto('/methods/bank_ukey')
  await clerk.sees(w.methods.describe.bank_ukey)
  expect(await clerk.button(w.methods.resume).count()).toBe(0)
  expect(await clerk.button(w.methods.start).count()).toBe(0)
})

test('operators see no link to what they may not start', async () => {
  const administrator = await Service.as(place, 'pass')
  await administrator.addOperator('pass-op-1', '陶春燕', people.registered.holderNumber)
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass-op-1')
  await clerk.sees(w.account.hero.operator)
  expect(await page.locator('main').getByRole('link').count()).toBe(0)
  await page.goto('/methods')
  await clerk.sees(w.methods.intro)
  expect(await page.locator('main a[href^="/methods/"]').count()).toBe(0)
  await administrator.passLegalRepresentative(people.pass)
  await page.goto('/account')
  await clerk.link(w.session.holderStart).click()
  await clerk.sees(w.methods.consentTitle)
})
