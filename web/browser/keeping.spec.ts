import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { people } from './people'
import { binary, start, type Place } from './place'
import { Service } from './service'

let place: Place
let clerk: Clerk

afterEach(async () => {
  await clerk.leave()
  place.stop()
})
afterAll(async () => (await browser()).close())

/** Reloads and stays or leaves when the browser asks. Returns how often the browser asked. */
async function reload(stay: boolean): Promise<number> {
  let asked = 0
  const answer = async (dialog: { type: () => string; accept: () => Promise<void>; dismiss: () => Promise<void> }) => {
    expect(dialog.type()).toBe('beforeunload')
    asked++
    await (stay ? dialog.dismiss() : dialog.accept())
  }
  clerk.page.on('dialog', answer)
  await clerk.page.reload().catch((e: Error) => {
    if (!stay) throw e
  })
  clerk.page.off('dialog', answer)
  return asked
}

test('the browser asks before a reload loses what was typed, and only then', async () => {
  place = await start()
  clerk = await Clerk.arrive(place)
  const { w } = clerk
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  expect(await reload(false), 'nothing was typed').toBe(0)
  await clerk.type(w.wizard.legalIdNumber, people.pass.legalNumber)
  expect(await reload(true)).toBe(1)
  expect(await clerk.label(w.wizard.legalIdNumber).inputValue()).toBe(people.pass.legalNumber)
  await clerk.press(w.wizard.next)
  await clerk.label(w.wizard.validFrom).waitFor()
  expect(await reload(false), 'what was typed has been sent').toBe(0)
  await clerk.type(w.wizard.validFrom, people.pass.legalDates[0])
  expect(await reload(false)).toBe(1)
  await clerk.label(w.wizard.validFrom).waitFor()
  expect(await clerk.label(w.wizard.validFrom).inputValue(), 'nothing of it was stored').toBe('')
  await clerk.type(w.wizard.validFrom, people.pass.legalDates[0])
  await clerk.choose(w.shell.signOut)
  await clerk.sees(w.login.left)
  expect(await reload(false), 'signing out forgets it').toBe(0)
})

test('a change of the account is asked about too, until it is given up', async () => {
  place = await start()
  clerk = await Clerk.arrive(place)
  const { w } = clerk
  await clerk.signIn('pass')
  await clerk.press(w.account.changeEnterprise)
  await clerk.type(w.account.address, '河北省石家庄市新华区联盟路609号2层')
  expect(await reload(true)).toBe(1)
  await clerk.escape()
  expect(await reload(false)).toBe(0)
})

test.each<Language>(['zh', 'en'])('the way to the bank and back asks nothing, in %s', async (language) => {
  place = await start()
  clerk = await Clerk.arrive(place, language)
  const { w, page } = clerk
  let asked = 0
  page.on('dialog', (dialog) => {
    asked++
    void dialog.accept()
  })
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  await clerk.type(w.wizard.legalIdNumber, people.pass.legalNumber)
  await clerk.link(w.shell.backToMethods).click()
  await clerk.link(w.terms.method.bank_ukey).click()
  await page.getByText(w.methods.consent, { exact: true }).click()
  await clerk.button(w.methods.start).click()
  const bank =
    language === 'zh' ? ['中国建设银行', '中国农业银行'] : ['China Construction Bank', 'Agricultural Bank of China']
  await clerk.button(bank[0]!).click()
  await page.waitForURL('**/sandbox/bank/**')
  await page.goBack()
  await clerk.sees(w.bank.waitingTitle)
  await clerk.look('bank-waiting')
  await clerk.button(w.bank.other).click()
  await clerk.button(bank[1]!).click()
  await page.waitForURL('**/sandbox/bank/**')
  expect(asked).toBe(0)
})

test('a bank that moved to another site while the page was open is reached after one reload', async () => {
  const bank = createServer((request, answer) => answer.end(`<title>${request.method} ${request.url}</title>`))
  await new Promise<void>((ready) => bank.listen(0, '127.0.0.1', ready))
  try {
    const entry = `http://localhost:${(bank.address() as AddressInfo).port}/enter`
    place = await start()
    clerk = await Clerk.arrive(place)
    const { w, page } = clerk
    await clerk.signIn('pass')
    await clerk.begin('bank_ukey')
    const moved = spawnSync(binary, ['bank', 'add', 'CCB', '--entry-url', entry, '--url', place.url], {
      encoding: 'utf8',
    })
    expect(moved.status, moved.stderr).toBe(0)
    const policy = async () => (await fetch(place.url)).headers.get('Content-Security-Policy')
    await expect.poll(policy).toContain(`form-action 'self' ${new URL(entry).origin};`)
    const other = await Service.as(place, 'not-covered')
    const session = await other.begin('bank_ukey')
    const handOver = () => other.post<{ url: string }>(`${session}/bank-redirect`, { bank: 'CCB' })
    await expect.poll(async () => (await handOver()).url).toBe(entry)
    await Promise.all([page.waitForEvent('load'), clerk.button('中国建设银行').click()])
    await clerk.sees(w.bank.waitingTitle)
    expect(clerk.complaints.join(), 'the loaded page did not allow the bank').toContain('form-action')
    clerk.complaints.length = 0
    await clerk.button(w.bank.again.replace('{name}', '建设银行')).click()
    await page.waitForURL(entry)
    expect(await page.title()).toBe('POST /enter')
  } finally {
    bank.close()
  }
})

for (const language of ['zh', 'en'] as Language[]) {
  describe(`time in ${language}`, () => {
    test('a session whose time is over says so by itself, with a way on', async () => {
      place = await start('--step-timeout=8s')
      clerk = await Clerk.arrive(place, language)
      const { w, page } = clerk
      await clerk.signIn('pass')
      await clerk.begin('legal_representative')
      await page.getByText(w.session.expired).waitFor({ timeout: 60_000 })
      await clerk.sees(w.session.expiredNote)
      await clerk.look('result-expired')
      await clerk.button(w.session.again).click()
      await clerk.sees(w.methods.consentTitle)
    })

    test("times are China's, wherever the clerk is", async () => {
      place = await start()
      clerk = await Clerk.arrive(place, language, { timezoneId: 'America/Los_Angeles' })
      const { w, page } = clerk
      const service = await Service.as(place, 'pass')
      await service.passLegalRepresentative(people.pass)
      const { sessions } = await service.get<{ sessions: { createdAt: string }[] }>('/v1/sessions')
      const china = new Date(Date.parse(sessions[0]!.createdAt) + 8 * 3600_000).toISOString()
      await clerk.signIn('pass', '/sessions')
      await clerk.sees(w.terms.status.verified)
      const started = await page.locator('td').first().innerText()
      for (const part of [china.slice(0, 4), String(Number(china.slice(8, 10))), china.slice(11, 16)])
        expect(started).toContain(part)
    })
  })
}
