import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { people } from './people'
import { password, start, type Place } from './place'
import { Service } from './service'

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

/** Signs in with a wrong password. Returns the request ID in the answer to the refused request. */
async function refused(): Promise<string> {
  const { w, page } = clerk
  await page.goto('/login')
  await clerk.type(w.login.loginName, 'pass')
  await clerk.type(w.login.password, 'not the password')
  const [answer] = await Promise.all([page.waitForResponse('**/v1/login'), page.keyboard.press('Enter')])
  await clerk.details()
  return answer.headers()['x-request-id']!
}

for (const language of ['zh', 'en'] as Language[]) {
  describe(`what a clerk takes along in ${language}`, () => {
    test('the request ID of an error, by the clipboard', async () => {
      clerk = await Clerk.arrive(place, language, { permissions: ['clipboard-read', 'clipboard-write'] })
      const id = await refused()
      await clerk.press(clerk.w.trouble.copyRequestId)
      await clerk.sees(clerk.w.shell.copied)
      expect(await clerk.page.evaluate(() => navigator.clipboard.readText())).toBe(id)
    })

    test('the request ID of an error, where the browser forbids its clipboard', async () => {
      clerk = await Clerk.arrive(place, language)
      await clerk.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
      const id = await refused()
      await clerk.press(clerk.w.trouble.copyRequestId)
      await clerk.sees(clerk.w.shell.selected)
      expect(await clerk.page.evaluate(() => String(getSelection()))).toBe(id)
    })

    test('the result on paper, from a dark screen', async () => {
      clerk = await Clerk.arrive(place, language, { colorScheme: 'dark' })
      const { w, page } = clerk
      await (await Service.as(place, 'pass')).passLegalRepresentative(people.pass)
      await clerk.signIn('pass', '/sessions')
      await clerk.link(w.session.view).first().click()
      await clerk.sees(w.session.passedLegal)
      await page.evaluate(() => {
        window.print = () => {}
      })
      await clerk.press(w.session.print)
      await page.emulateMedia({ media: 'print' })
      await page.waitForFunction(() => !document.documentElement.classList.contains('dark'))
      const lines = (await page.locator('body').innerText())
        .split('\n')
        .map((s) => s.trim())
        .filter(Boolean)
      const reference = new URL(page.url()).pathname.split('/').pop()!
      for (const said of [
        w.session.passedLegal,
        people.pass.enterprise,
        '91130100MA0R01NM09',
        w.terms.method.legal_representative,
        reference,
      ])
        expect(lines).toContain(said)
      const printed = w.session.printed.replace('{time}', '')
      expect(lines.find((line) => line.startsWith(printed))).toMatch(/\d{2}[:]\d{2}/)
      for (const useless of [
        w.session.print,
        w.shell.copy,
        w.shell.signOut,
        w.shell.skip,
        w.shell.entries.account,
        w.session.toMethodsMenu,
      ])
        expect(lines).not.toContain(useless)
      await clerk.accessible('the printed result')
      await page.setViewportSize({ width: 794, height: 1123 }) // A4
      await clerk.picture('result-printed-a4')
      const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
      expect(pdf.match(/\/Type\s*\/Page\b/g), 'one sheet').toHaveLength(1)
      await page.emulateMedia({ media: 'screen' })
      await page.waitForFunction(() => document.documentElement.classList.contains('dark')) // again, on the screen
    })
  })
}

test('an activation code is copied whole', async () => {
  clerk = await Clerk.arrive(place, 'zh', { permissions: ['clipboard-read', 'clipboard-write'] })
  const { w, page } = clerk
  await clerk.signIn('pass', '/operators')
  await clerk.button(w.operators.add).click()
  await clerk.label(w.operators.loginName).fill('pass-op-1')
  await clerk.label(w.account.personName).fill('陶春燕')
  await clerk.label(w.account.idNumber).fill(people.registered.holderNumber)
  await clerk.button(w.account.save).click()
  await clerk.button(w.operators.copyCode).click()
  await clerk.sees(w.shell.copied)
  const activationCode = await page.evaluate(() => navigator.clipboard.readText())
  const answer = await fetch(`${place.url}/v1/activations`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': '1' },
    body: JSON.stringify({ loginName: 'pass-op-1', activationCode, newPassword: password }),
  })
  expect(answer.status).toBe(204)
})
