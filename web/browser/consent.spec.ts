import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { people } from './people'
import { start, type Place } from './place'

let place: Place
let clerk: Clerk

/** Consent to what each method takes, and to what has changed since. */
beforeEach(async () => {
  place = await start()
})
afterEach(async () => {
  await clerk.leave()
  place.stop()
})
afterAll(async () => (await browser()).close())

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
