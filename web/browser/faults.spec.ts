import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk } from './clerk'
import { en } from '../src/texts'
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

test('both codes of the enterprise are checked in one round', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  await clerk.label(w.wizard.legalIdNumber).fill(people.pass.legalNumber)
  await clerk.label(w.wizard.uscc).fill('9199880034801880XB') // no such region
  await clerk.label(w.wizard.orgCode).fill('MA0R01NM0') // valid, but of another enterprise
  await clerk.button(w.wizard.next).click()
  const summary = page.getByRole('alert').filter({ hasText: w.trouble.summary })
  await summary.waitFor()
  const said = await summary.getByRole('listitem').allInnerTexts()
  expect(said).toHaveLength(2)
  expect(said[0]).toContain(w.rules.any.region)
  expect(said[1]).toContain(w.rules.org_code.differs_from_uscc)
})

test('dates are grouped while typing, and a wrong start is reported when its field is left', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  // The organization code follows the unified social credit code.
  const uscc = await clerk.label(w.wizard.uscc).inputValue()
  await clerk.label(w.wizard.orgCode).fill('')
  await clerk.label(w.wizard.uscc).fill('')
  await clerk.label(w.wizard.uscc).fill(uscc)
  expect(await clerk.label(w.wizard.orgCode).inputValue()).toBe(uscc.slice(8, 17))
  await clerk.label(w.wizard.legalIdNumber).fill(people.pass.legalNumber)
  await clerk.button(w.wizard.next).click()
  await clerk.type(w.wizard.validFrom, '20990101')
  expect(await clerk.label(w.wizard.validFrom).inputValue()).toBe('2099-01-01')
  await page.keyboard.press('Tab')
  await clerk.sees(w.rules.any.not_started)
  await clerk.type(w.wizard.validTo, '00000000')
  expect(await clerk.label(w.wizard.validTo).inputValue()).toBe('00000000')
})

test('a canceled session shows when it was canceled, and its record its steps', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  await clerk.button(w.wizard.cancelSession).click()
  await clerk.dialog().getByRole('button', { name: w.wizard.cancelSession, exact: true }).click()
  await clerk.sees(w.session.canceledNote)
  const ended = page.locator('dt', { hasText: w.session.ended }).locator('+ dd')
  expect(await ended.innerText()).toMatch(/\d{4}.*\d{2}:\d{2}/)
  await page.goto('/sessions')
  await page.getByText(w.session.steps).click()
  await clerk.sees(w.terms.step.enterprise)
  await clerk.sees(w.wizard.attemptsLeft.replace('{n}', '5'))
})

test('searching for the card again clears what was found before', async () => {
  await place.insert({ card: 'pass', kind: 'good' })
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.plugIn()
  await clerk.signIn('pass')
  await clerk.begin('ic_card')
  await clerk.sees(w.card.ready)
  await clerk.label(w.card.pin).fill('11111111')
  await clerk.button(w.card.confirm).click()
  await page.getByText('IC卡密码错误').first().waitFor()
  await clerk.choose(w.shell.otherLanguage)
  await page.getByText('IC card password is wrong').first().waitFor()
  await clerk.button(en.shell.otherLanguage).click()
  await place.insert({ card: 'local', kind: 'good' })
  await clerk.button(w.card.checkAgain).click()
  await page.getByText('IC卡密码错误').first().waitFor({ state: 'hidden' })
  await clerk.sees(w.card.otherEnterprise)
})

test('help on every step, and the download of the control where it is missing', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await page.goto('/help/ic-card')
  const download = page.locator('main').getByRole('link', { name: w.card.download })
  expect(await download.getAttribute('href')).toBe('https://www.singlewindow.cn/')
  await clerk.signIn('pass', '/methods/ic_card')
  await download.waitFor()
  const session = await clerk.begin('ic_card')
  await download.waitFor() // no control runs here
  await clerk.page.getByText(w.card.checkAgain).waitFor()
  clerk.complaints.length = 0 // the browser logs the refused connection
  await page.route('**/config.json', (route) => route.fulfill({ json: { links: {} } }))
  await page.goto(session)
  await clerk.sees(w.card.checkAgain)
  expect(await download.count()).toBe(0)
  await page.goto('/account')
  await (await Service.as(place, 'pass')).passLegalRepresentative(people.pass)
  await page.goto('/sessions')
  await page.getByRole('link', { name: w.terms.method.legal_representative }).click()
  await clerk.sees(w.session.passedLegal)
  await clerk.link(w.shell.entries.help).first().waitFor()
  clerk.complaints.length = 0
})

test('a new tab explains that sign-in is per tab, and a first visit does not', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await page.goto('/')
  await clerk.label(w.login.loginName).waitFor()
  expect(await page.getByText(w.login.perTab).count()).toBe(0)
  await clerk.signIn('pass')
  const tab = await page.context().newPage()
  await tab.goto('/methods')
  await tab.getByText(w.login.perTab).waitFor()
  await tab.close()
})

test('a menu entry without an address names the contacts', async () => {
  clerk = await Clerk.arrive(place)
  const { w } = clerk
  await clerk.signIn('pass', '/elsewhere/seals')
  await clerk.sees('0311-95198')
  await clerk.link(w.shell.notFound.home).click()
  await clerk.sees(w.account.changeEnterprise)
})

test('a click in the menu while offline says why nothing happens', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass')
  await clerk.sees(w.account.changeEnterprise)
  await page.context().setOffline(true)
  await page.getByRole('navigation').getByRole('link', { name: w.shell.entries.operators, exact: true }).click()
  await clerk.sees(w.shell.notLoaded)
  await page.context().setOffline(false)
  await page.getByRole('navigation').getByRole('link', { name: w.shell.entries.help, exact: true }).click()
  await page.getByRole('heading', { name: w.help.topics, exact: true }).waitFor()
})

test('on a phone nothing jumps, and the header is one row', async () => {
  clerk = await Clerk.arrive(place, 'zh', { viewport: { width: 375, height: 740 } })
  const { w, page } = clerk
  await page.addInitScript(() => {
    const seen = window as unknown as { shift: number }
    seen.shift = 0
    new PerformanceObserver((list) => {
      for (const e of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!e.hadRecentInput) seen.shift += e.value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  const wizard = new URL(page.url()).pathname
  for (const path of ['/account', '/methods', wizard]) {
    await page.goto(path, { waitUntil: 'networkidle' })
    await page.locator('h1').waitFor()
    expect(await page.evaluate(() => (window as unknown as { shift: number }).shift), path).toBeLessThan(0.1)
    expect((await page.getByRole('banner').boundingBox())!.height, w.shell.menu).toBeLessThan(64)
  }
})
