import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { en } from '../src/texts'
import { people } from './people'
import { password, start, type Place } from './place'
import { Service } from './service'

let place: Place
let clerk: Clerk

const tokenOf = () => (JSON.parse(sessionStorage.getItem('realname.token')!) as { token: string }).token

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

test.each<Language>(['zh', 'en'])(
  'a step warns before its end, and is extended until the session ends, in %s',
  async (language) => {
    const short = await start('--step-timeout=125s', '--session-timeout=10m')
    clerk = await Clerk.arrive(short, language)
    const { w, page } = clerk
    await page.clock.install()
    await clerk.signIn('pass')
    const session = await clerk.begin('legal_representative')
    const service = await Service.as(short, 'pass')
    const before = await service.get<{ expiresAt: string; endsAt: string }>(`/v1${session}`)
    await clerk.type(w.wizard.legalIdNumber, people.pass.legalNumber)
    expect(await clerk.button(w.wizard.extend).count()).toBe(0)
    await page.clock.fastForward(10_000)
    await clerk.sees(w.wizard.stepEnds.replace('{n}', '2'))
    await clerk.look('wizard-1-time')
    await clerk.press(w.wizard.extend)
    await page.getByText(w.wizard.extended.split('{time}')[0]!).waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('status')
    const after = await service.get<{ expiresAt: string; endsAt: string }>(`/v1${session}`)
    expect(Date.parse(after.expiresAt)).toBeGreaterThan(Date.parse(before.expiresAt))
    expect(after.endsAt).toBe(before.endsAt)
    expect(await clerk.label(w.wizard.legalIdNumber).inputValue()).toBe(people.pass.legalNumber)
    short.stop()
  },
)

test('the end of a session cannot be put off, and the warning says so', async () => {
  const short = await start('--session-timeout=100s')
  clerk = await Clerk.arrive(short)
  const { w } = clerk
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  await clerk.sees(w.wizard.sessionEnds.replace('{n}', '2'))
  expect(await clerk.button(w.wizard.extend).count()).toBe(0)
  short.stop()
})

test('a user who was idle is warned, also in a dialog, and any key renews the sign-in', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await page.clock.install()
  await clerk.signIn('pass')
  await clerk.press(w.account.changeEnterprise)
  await clerk.dialog().waitFor()
  const kept = () => page.evaluate(() => sessionStorage.getItem('realname.token'))
  const token = await kept()
  const warning = clerk.dialog().getByText(w.shell.idleEnds.replace('{n}', '2'))
  await page.clock.fastForward('27:30')
  expect(await warning.count()).toBe(0)
  await page.clock.fastForward('00:45')
  await warning.waitFor()
  expect(await kept()).toBe(token)
  await page.keyboard.press('Shift')
  await warning.waitFor({ state: 'hidden' })
  await expect.poll(kept).not.toBe(token)
})

test('a warning comes before the sign-in ends, and what was typed waits for the next', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass')
  const session = await clerk.begin('legal_representative')
  await page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem('realname.token')!) as { token: string }
    const end = new Date(Date.now() + 50_000).toISOString()
    sessionStorage.setItem('realname.token', JSON.stringify({ ...kept, expiresAt: end, endsAt: end }))
  })
  await page.reload()
  await clerk.sees(w.shell.signInEnds.replace('{n}', '1'))
  expect(await clerk.button(w.shell.staySignedIn).count()).toBe(0)
  await clerk.type(w.wizard.legalIdNumber, people.pass.legalNumber)
  const signIn = await fetch(`${place.url}/v1/account/sign-ins`, {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${await page.evaluate(tokenOf)}` },
  })
  expect(signIn.status).toBeLessThan(300)
  await clerk.button(w.wizard.next).click()
  await clerk.sees(w.login.signedOut)
  await clerk.label(w.login.loginName).fill('pass')
  await clerk.label(w.login.password).fill(password)
  await clerk.button(w.login.submit).click()
  await page.waitForURL(`**${session}`)
  expect(await clerk.label(w.wizard.legalIdNumber).inputValue()).toBe(people.pass.legalNumber)
})

test.each<Language>(['zh', 'en'])(
  'each method asks for consent to what it takes, and names who receives it, in %s',
  async (language) => {
    clerk = await Clerk.arrive(place, language)
    const { w, page } = clerk
    await clerk.signIn('pass')
    const consent = page.locator('section.consent')
    await page.goto('/methods/legal_representative')
    await consent.waitFor()
    expect(await consent.innerText()).toContain(language === 'zh' ? '法定代表人' : 'legal representative')
    expect(await consent.getByRole('listitem').count()).toBe(4)
    expect(await consent.innerText()).toContain(language === 'zh' ? '沙箱' : 'Sandbox')
    await page.goto('/methods/ic_card')
    await consent.waitFor()
    expect(await consent.innerText()).not.toMatch(/证件号码|银行卡号|手机号|ID number|card number|mobile/)
    expect(await consent.getByRole('listitem').count()).toBe(0)
    await clerk.look('method-start-card')
    await page.goto('/methods')
    await clerk.sees(w.methods.intro)
  },
)

test.each<Language>(['zh', 'en'])(
  'a session whose consent has changed asks again, and keeps what was typed, in %s',
  async (language) => {
    clerk = await Clerk.arrive(place, language)
    const { w, page } = clerk
    await clerk.signIn('pass')
    await clerk.begin('legal_representative')
    await clerk.type(w.wizard.legalIdNumber, people.pass.legalNumber)
    let accepted = false
    await page.route(/\/v1\/sessions\/[^/]+(\/\w+)?(\?.*)?$/, async (route) => {
      const request = route.request()
      if (request.url().endsWith('/consents')) accepted = true
      if (request.url().endsWith('/enterprise') && !accepted)
        return route.fulfill({
          status: 422,
          contentType: 'application/problem+json',
          json: { code: 'consent_required', status: 422, title: 'x', detail: 'x', requestId: 'r' },
        })
      const answer = await route.fetch({ headers: { ...request.headers(), 'if-none-match': '"another"' } })
      if (request.method() !== 'GET' || answer.status() !== 200 || accepted) return route.fulfill({ response: answer })
      return route.fulfill({ response: answer, json: { ...(await answer.json()), consentRequired: true } })
    })
    await clerk.button(w.wizard.next).click()
    await clerk.sees(w.methods.consentChanged)
    await clerk.look('consent-again')
    await clerk.button(w.methods.consentContinue).click()
    await clerk.sees(w.methods.consentMissing)
    await page.getByText(w.methods.consent, { exact: true }).click()
    await clerk.button(w.methods.consentContinue).click()
    expect(await clerk.label(w.wizard.legalIdNumber).inputValue()).toBe(people.pass.legalNumber)
    await clerk.button(w.wizard.next).click()
    await clerk.label(w.wizard.validFrom).waitFor()
  },
)

test('a consent that changes before the start is accepted again', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass', '/methods/legal_representative')
  const box = page.getByRole('checkbox')
  await page.getByText(w.methods.consent, { exact: true }).click()
  expect(await box.isChecked()).toBe(true)
  await page.route('**/v1/methods', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { methods: { consent: object }[] }
    const methods = body.methods.map((m) => ({ ...m, consent: { ...m.consent, version: 'another' } }))
    await route.fulfill({ response: answer, json: { ...body, methods } })
  })
  await page.route('**/v1/sessions', (route) =>
    route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      json: { code: 'consent_required', status: 422, title: 'x', detail: 'x', requestId: 'r' },
    }),
  )
  await clerk.button(w.methods.start).click()
  await clerk.sees(w.methods.consentVersion.replace('{version}', 'another'))
  expect(await box.isChecked()).toBe(false)
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

test('the language changes while a code is counted down, and nothing is forgotten', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await page.goto('/reset-password')
  await clerk.label(w.login.loginName).fill('pass')
  await clerk.label(w.access.boundMobile).fill(people.pass.holderMobile)
  await clerk.button(w.wizard.getCode).click()
  await clerk.sees(w.wizard.codeSent)
  await clerk.button(w.shell.otherLanguage).click()
  await clerk.sees(en.wizard.codeSent)
  expect(await page.locator('.code').innerText()).toMatch(/New code in \d+ s/)
})

test('the language changes after a failure, and its texts with it', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await page.goto('/login')
  await clerk.label(w.login.loginName).fill('pass')
  await clerk.label(w.login.password).fill('wrong')
  await clerk.button(w.login.submit).click()
  const failure = page.getByRole('alert').filter({ has: page.getByRole('heading') })
  await failure.waitFor()
  const said = await failure.innerText()
  await clerk.button(w.shell.otherLanguage).click()
  await page.getByText('The login name or the password is wrong').first().waitFor()
  expect(await failure.innerText()).not.toMatch(/[一-鿿]/)
  await clerk.button(en.shell.otherLanguage).click()
  expect(await failure.innerText()).toBe(said)

  await clerk.signIn('passport')
  await clerk.begin('legal_representative')
  await clerk.label(w.wizard.legalIdNumber).fill('E87654321')
  await clerk.button(w.wizard.next).click()
  await clerk.button(w.wizard.cancel).click()
  const chinese = page.getByRole('alert').filter({ hasText: w.trouble.attemptsLeft.replace('{n}', '4') })
  await chinese.waitFor()
  await clerk.choose(w.shell.otherLanguage)
  const english = page.getByRole('alert').filter({ hasText: en.trouble.attemptsLeft.replace('{n}', '4') })
  await english.waitFor()
  expect(await english.innerText()).not.toMatch(/[一-鿿]/)

  await page.goto('/sessions')
  await page.getByText(en.session.steps).click()
  const record = page.locator('details li').first()
  expect(await record.innerText()).toMatch(/[a-z]{4}/)
  await clerk.button(en.shell.userMenu).click()
  await page.locator('#user-menu').getByRole('button', { name: en.shell.otherLanguage }).click()
  await expect.poll(() => record.innerText()).not.toMatch(/[a-z]{4}/)
})

test('the language changes after a wrong SMS code, and its field follows', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('passport')
  await clerk.begin('legal_representative')
  await clerk.label(w.wizard.legalIdNumber).fill(people.passport.legalNumber)
  await clerk.button(w.wizard.next).click()
  await clerk.label(w.wizard.bankCard).fill(people.passport.legalCard)
  await clerk.label(w.wizard.mobile).fill(people.passport.legalMobile)
  await clerk.button(w.wizard.getCode).click()
  await clerk.sees(w.wizard.codeSent)
  await clerk.label(w.wizard.smsCode).fill('000000')
  await clerk.button(w.wizard.confirm).click()
  await clerk.sees(w.trouble.guessesLeft.replace('{n}', '4'))
  await clerk.choose(w.shell.otherLanguage)
  const field = page.locator('.field', { has: clerk.label(en.wizard.smsCode) })
  expect(await field.locator('.error').innerText()).toContain('The SMS code is wrong.')
  expect(await field.locator('.error').innerText()).not.toMatch(/[一-鿿]/)
  expect(await page.locator('.code').innerText()).toMatch(/New code in \d+ s/)
  expect(await clerk.label(en.wizard.smsCode).inputValue()).toBe('000000')
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
