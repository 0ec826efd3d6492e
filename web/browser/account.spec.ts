import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { people } from './people'
import { password, start, type Place } from './place'

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

async function open(row: string): Promise<void> {
  await clerk.button(`${clerk.w.account.change} ${row}`).click()
  await clerk.dialog().waitFor()
}

async function saved(): Promise<void> {
  await clerk.button(clerk.w.account.save).click()
  await clerk.page.waitForURL('**/login**')
  await clerk.sees(clerk.w.login.relogin)
}

for (const language of ['zh', 'en'] as Language[]) {
  describe(`account and operators in ${language}`, () => {
    beforeEach(async () => {
      clerk = await Clerk.arrive(place, language)
    })

    test('what counts as verified by its registration is not offered to change', async () => {
      const { w } = clerk
      await clerk.signIn('registered')
      await clerk.sees(w.account.registeredNote)
      await clerk.look('account-registered')
      expect(await clerk.button(w.account.changeLegal).count()).toBe(0)
      expect(await clerk.button(`${w.account.change} ${w.account.administrator}`).count()).toBe(0)
      await clerk.button(w.account.changeEnterprise).click()
      await clerk.dialog().waitFor()
      for (const field of [w.account.uscc, w.account.orgCodeShort, w.account.name])
        expect(await clerk.label(field).getAttribute('readonly'), field).not.toBeNull()
      await clerk.label(w.account.address).fill('河北省石家庄市新华区联盟路609号2层')
      await saved()
      await clerk.signIn('registered')
      await clerk.sees('联盟路609号')
    })

    test('sign-in, account page, and a change that ends the sign-in', async () => {
      const { w, page } = clerk
      await page.goto('/login')
      await clerk.look('login')
      await clerk.label(w.login.loginName).fill('pass')
      await clerk.label(w.login.password).fill('not the password')
      await clerk.button(w.login.submit).click()
      await clerk.details()
      await clerk.look('login-refused')
      await clerk.signIn('pass')
      await clerk.sees(w.account.changeEnterprise)
      await clerk.look('account')

      await clerk.button(w.account.changeEnterprise).click()
      await clerk.dialog().waitFor()
      await clerk.look('account-enterprise')
      await clerk.label(w.account.address).fill('河北省石家庄市新华区联盟路609号2层')
      await saved()
      await clerk.signIn('pass')
      await clerk.sees('联盟路609号')

      await clerk.button(w.account.changeLegal).click()
      await clerk.dialog().waitFor()
      await clerk.look('account-legal-representative')
      await clerk.escape()
      await open(w.account.administrator)
      await clerk.look('account-administrator')
      await page.goBack()
      await clerk.dialog().waitFor({ state: 'hidden' })
      await open(w.account.region)
      await clerk.look('account-region')
      await clerk.label(w.account.region).selectOption('天津')
      await saved()
    })

    test('password, mobile, e-mail and reminders', async () => {
      const { w, page } = clerk
      await clerk.signIn('local')
      await open(w.account.password)
      await clerk.label(w.account.currentPassword).fill(password)
      await clerk.label(w.account.newPassword).fill('password1')
      await clerk.label(w.account.repeatPassword).fill('password1')
      await clerk.button(w.account.save).click()
      await page.getByRole('alert').first().waitFor()
      await clerk.look('account-password')
      await clerk.escape()
      await open(w.account.mobile)
      await clerk.label(w.account.newMobile).fill('13700009999')
      await clerk.button(w.wizard.getCode).click()
      await clerk.sees(w.wizard.codeSent)
      await clerk.label(w.wizard.smsCode).fill(await place.code('13700009999'))
      await clerk.label(w.account.currentPassword).fill(password)
      await clerk.look('account-mobile')
      await saved()
      await clerk.signIn('local')
      await open(w.account.email)
      await clerk.label(w.account.newEmail).fill('new@example.com')
      await clerk.look('account-email')
      await saved()
      await page.goto(await place.link('new@example.com'))
      await clerk.button(w.access.confirm).waitFor()
      expect(new URL(page.url()).hash, 'the secret is in no history').toBe('')
      await clerk.look('confirm-email')
      await clerk.button(w.access.confirm).click()
      await clerk.sees(w.access.confirmed)
      await clerk.signIn('local')
      await open(w.account.settings)
      await clerk.look('account-reminders')
      await page.getByText(w.account.reminder.login, { exact: true }).click()
      await saved()
    })

    test('operators: add, take a code, activate, and the rule of one ID number', async () => {
      const { w, page } = clerk
      await clerk.signIn('pass', '/operators')
      await clerk.sees(w.operators.none)
      await clerk.button(w.operators.add).click()
      await clerk.label(w.operators.loginName).fill('pass-op-1')
      await clerk.label(w.account.personName).fill('李操作')
      await clerk.label(w.account.idNumber).fill(people.pass.holderNumber)
      await clerk.button(w.account.save).click()
      await page.getByRole('alert').first().waitFor() // the administrator's own number
      await clerk.look('operator-add')
      // The Roman numeral, which input methods offer for X.
      await clerk.label(w.account.idNumber).fill('11010519491231002Ⅹ')
      await clerk.button(w.account.save).click()
      await clerk.sees(w.operators.codeTitle)
      const code = await clerk.dialog().locator('code').innerText()
      await clerk.look('operator-code')
      await clerk.button(w.operators.done).click()
      await clerk.sees(w.operators.states.not_activated)
      await clerk.look('operators')

      await clerk.choose(w.shell.signOut)
      await page.goto('/activate')
      await clerk.label(w.login.loginName).fill('pass-op-1')
      await clerk.label(w.access.activationCode).fill(code)
      await clerk.label(w.account.newPassword).fill('Long-enough-2026-zebra')
      await clerk.label(w.account.repeatPassword).fill('Long-enough-2026-zebra')
      await clerk.look('activate')
      await clerk.button(w.access.activate).click()
      await clerk.sees(w.access.activated)
      await clerk.label(w.login.loginName).fill('pass-op-1')
      await clerk.label(w.login.password).fill('Long-enough-2026-zebra')
      await clerk.button(w.login.submit).click()
      await clerk.sees(w.account.operatorNote)
      expect(await clerk.button(w.account.changeEnterprise).count()).toBe(0)
    })

    test('a forgotten password', async () => {
      const { w, page } = clerk
      await page.goto('/reset-password')
      await clerk.label(w.login.loginName).fill('pass')
      await clerk.label(w.access.boundMobile).fill(people.pass.holderMobile)
      await clerk.button(w.wizard.getCode).click()
      await clerk.sees(w.wizard.codeSent)
      await clerk.look('reset-password')
      await clerk.label(w.wizard.smsCode).fill(await place.code(people.pass.holderMobile))
      await clerk.label(w.account.newPassword).fill('Another-2026-giraffe')
      await clerk.label(w.account.repeatPassword).fill('Another-2026-giraffe')
      await clerk.button(w.access.reset).click()
      await clerk.sees(w.access.resetDone)
    })

    test('help, other systems, and pages that are not there', async () => {
      const { w, page } = clerk
      await page.goto('/help')
      await clerk.sees('0311-95198')
      await clerk.look('help')
      for (const topic of ['legal-representative', 'ctid', 'dates', 'bank-ukey', 'ic-card', 'failures']) {
        await page.goto(`/help/${topic}`)
        await page.getByRole('article').waitFor()
        await clerk.look(`help-${topic}`)
      }
      await clerk.signIn('pass', '/elsewhere/seals')
      await clerk.sees(w.shell.elsewhere.none)
      await clerk.look('elsewhere')
      await page.goto('/no/such/page')
      await clerk.sees(w.shell.notFound.title)
      await clerk.look('not-found')
    })
  })
}

for (const language of ['zh', 'en'] as Language[]) {
  describe(`trouble in ${language}`, () => {
    test('an expired sign-in comes back to the same page with what was typed', async () => {
      clerk = await Clerk.arrive(place, language)
      const { w, page } = clerk
      await clerk.signIn('pass')
      const address = await clerk.begin('legal_representative')
      await clerk.label(w.wizard.legalIdNumber).fill(people.pass.legalNumber)
      await page.evaluate(async () => {
        const { token } = JSON.parse(sessionStorage.getItem('realname.token')!) as { token: string }
        await fetch('/v1/logout', { method: 'POST', headers: { Authorization: `Bearer ${token}` } })
      })
      await clerk.button(w.wizard.next).click()
      await clerk.sees(w.login.signedOut)
      expect(await clerk.button(w.shell.userMenu).count()).toBe(0)
      await clerk.look('login-expired')
      await clerk.label(w.login.loginName).fill('pass')
      await clerk.label(w.login.password).fill(password)
      await clerk.button(w.login.submit).click()
      await page.waitForURL(`**${address}`)
      expect(await clerk.label(w.wizard.legalIdNumber).inputValue()).toBe(people.pass.legalNumber)
    })

    test('offline: nothing typed is lost, and the same answer is sent once', async () => {
      clerk = await Clerk.arrive(place, language)
      const { w, page } = clerk
      await clerk.signIn('pass')
      await clerk.begin('legal_representative')
      await clerk.label(w.wizard.legalIdNumber).fill(people.pass.legalNumber)
      const keys: string[] = []
      page.on('request', (r) => {
        if (r.url().endsWith('/enterprise')) keys.push(r.headers()['idempotency-key'] ?? '')
      })
      await page.context().setOffline(true)
      await clerk.sees(w.shell.offline)
      await clerk.button(w.wizard.next).click()
      await clerk.sees(w.trouble.offlineTitle)
      await clerk.look('offline')
      await page.context().setOffline(false)
      await clerk.button(w.wizard.next).click()
      await clerk.label(w.wizard.validFrom).waitFor()
      expect(keys).toHaveLength(2)
      expect(keys[0]).toBe(keys[1])
    })

    test('bare refusals of the gateway are understood', async () => {
      clerk = await Clerk.arrive(place, language)
      const { w, page } = clerk
      await page.route('**/v1/login', (r) =>
        r.fulfill({ status: 429, contentType: 'application/json', body: '{"message":"Too Many Requests"}' }),
      )
      await page.goto('/login')
      await clerk.label(w.login.loginName).fill('pass')
      await clerk.label(w.login.password).fill(password)
      await clerk.button(w.login.submit).click()
      await clerk.sees(w.trouble.throttledTitle)
      await page.unroute('**/v1/login')
      await page.route('**/v1/login', (r) =>
        r.fulfill({ status: 500, contentType: 'application/json', body: '{"message":"Internal Server Error"}' }),
      )
      await clerk.button(w.login.submit).click()
      await clerk.sees(w.trouble.gatewayTitle)
      await page.unroute('**/v1/login')
      await page.evaluate(() =>
        sessionStorage.setItem('realname.token', JSON.stringify({ token: 'not.a.token', expiresAt: '' })),
      )
      await page.goto('/account') // the gateway answers 403
      await clerk.sees(w.login.signedOut)
    })

    test('five wrong passwords lock the sign-in and say until when', async () => {
      clerk = await Clerk.arrive(place, language)
      const { w, page } = clerk
      await page.goto('/login')
      await clerk.label(w.login.loginName).fill('local')
      for (let i = 0; i < 5; i++) {
        if (i > 0) await clerk.sees(w.trouble.signInsLeft.replace('{n}', String(5 - i)))
        expect(await clerk.label(w.login.password).inputValue(), 'the field is cleared').toBe('')
        await clerk.label(w.login.password).fill(`wrong ${i}`)
        await Promise.all([page.waitForResponse('**/v1/login'), clerk.button(w.login.submit).click()])
      }
      await page.getByText(new RegExp(w.trouble.retryAt.replace('{time}', '.*\\d:\\d\\d'))).waitFor()
      await clerk.look('login-locked')
      await clerk.label(w.login.loginName).fill('unknown')
      await clerk.label(w.login.password).fill('wrong')
      await clerk.button(w.login.submit).click()
      await clerk.sees(w.trouble.signInsLeft.replace('{n}', '4'))
    })
  })
}
