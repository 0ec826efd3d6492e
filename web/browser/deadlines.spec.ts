import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { people } from './people'
import { password, start, type Place } from './place'
import { Service } from './service'

let place: Place
let clerk: Clerk

const tokenOf = () => (JSON.parse(sessionStorage.getItem('realname.token')!) as { token: string }).token

/** Warnings before a step, a session or a sign-in ends. */
beforeEach(async () => {
  place = await start()
})
afterEach(async () => {
  await clerk.leave()
  place.stop()
})
afterAll(async () => (await browser()).close())

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
