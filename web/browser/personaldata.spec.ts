import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import personalData from '../src/texts/personaldata'
import { browser, Clerk, type Language } from './clerk'
import { people } from './people'
import { binary, password, start, type Place } from './place'
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

/** Runs a command of staff on the service. */
const staff = (...args: string[]) =>
  execFileSync(binary, args, { env: { ...process.env, REALNAME_URL: place.url }, encoding: 'utf8' })

const openRequests = () =>
  (JSON.parse(staff('erase', '--requests', '--json')) as { requests: { accountId: string }[] }).requests

/** Asks for erasure in the dialog. */
async function ask(button: string, secret: string): Promise<void> {
  const { w } = clerk
  await clerk.button(button).click()
  await clerk.label(w.account.currentPassword).fill(secret)
  await clerk.dialog().getByRole('button', { name: personalData[clerk.language].submit }).click()
}

for (const language of ['zh', 'en'] as Language[]) {
  const said = personalData[language]

  describe(`my personal data in ${language}`, () => {
    beforeEach(async () => {
      clerk = await Clerk.arrive(place, language, { acceptDownloads: true })
    })

    test('shows what is held, who received it and for how long, on screen, on paper and as a file', async () => {
      const { w, page } = clerk
      await clerk.signIn('pass', '/personal-data')
      await clerk.sees(said.nobody)
      await (await Service.as(place, 'pass')).passLegalRepresentative(people.pass)
      await clerk.link(w.shell.entries.account).click()
      await clerk.link(w.shell.entries.personalData).click()
      await clerk.sees(said.receivedNote)
      const content = await page.locator('main').innerText()
      for (const text of [
        '1301*******201X',
        language === 'zh' ? '沙箱（演示数据）' : 'Sandbox (demonstration data)',
        said.check.id_card,
        [said.disclosed.name, said.disclosed.id_number, said.disclosed.id_validity].join(said.listSeparator),
        w.terms.method.legal_representative,
        said.kinds.card_data,
        said.from.not_stored,
      ])
        expect(content).toContain(text)
      expect(content, "the setting's three years").toMatch(language === 'zh' ? /3\s?年/ : /3 years/)
      for (const secret of [people.pass.holderNumber, '赵安国', '1301*******1016', people.pass.holderMobile])
        expect(content).not.toContain(secret)
      await clerk.look('personal-data')

      const [file] = await Promise.all([page.waitForEvent('download'), clerk.button(said.download).click()])
      expect(file.suggestedFilename()).toMatch(/^personal-data-\d{4}-\d{2}-\d{2}\.json$/)
      const raw = readFileSync(await file.path(), 'utf8')
      const data = JSON.parse(raw) as {
        records: { disclosures: unknown[] }[]
        next: null
        holder: { idNumber: string }
      }
      expect(data).toMatchObject({ next: null, holder: { idNumber: '1301*******201X' } })
      expect(data.records).toHaveLength(1)
      expect(data.records[0]!.disclosures).toHaveLength(1)
      expect(raw).not.toContain(people.pass.holderNumber)
      await clerk.sees(said.downloaded)

      await page.evaluate(() => {
        window.print = () => {}
      })
      await clerk.button(said.print).click()
      await page.getByText(said.printed.replace('{time}', '')).waitFor({ state: 'attached' })
      await page.emulateMedia({ media: 'print' })
      const paper = await page.locator('body').innerText()
      for (const text of [said.held, '1301*******201X', said.receivedNote, said.printed.replace('{time}', '')])
        expect(paper).toContain(text)
      for (const useless of [said.download, said.ask, w.shell.entries.operators, w.shell.skip])
        expect(paper).not.toContain(useless)
      await clerk.accessible('the printed personal data')
      const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
      expect(pdf.match(/\/Type\s*\/Page\b/g)!.length, 'sheets').toBeLessThanOrEqual(3)
      await page.emulateMedia({ media: 'screen' })

      // The note of the download and the names of providers follow the language.
      await clerk.choose(w.shell.otherLanguage)
      await clerk.sees(personalData[language === 'zh' ? 'en' : 'zh'].downloaded)
      await clerk.sees(language === 'zh' ? 'Sandbox (demonstration data)' : '沙箱（演示数据）')
    })

    test('withdraws the consent, which cancels the open verification', async () => {
      const { w, page } = clerk
      await clerk.signIn('pass')
      const session = await clerk.begin('legal_representative')
      await page.goto('/personal-data')
      await clerk.sees(said.consentGiven)
      await clerk.button(said.withdraw).click()
      await clerk.look('personal-data-withdraw')
      await clerk.dialog().getByRole('button', { name: said.withdraw }).click()
      await clerk.sees(said.withdrawnSessions.replace('{n}', '1'))
      await clerk.sees(said.consentWithdrawn.split('{at}')[0]!)
      expect(await clerk.button(said.withdraw).count()).toBe(0)
      await page.goto(session)
      await clerk.sees(w.session.canceled)
    })

    test('asks for erasure, is refused with a reason, asks again and is gone', async () => {
      const { w, page } = clerk
      await clerk.signIn('pass', '/personal-data')
      await ask(said.ask, 'not the password')
      await clerk.dialog().getByRole('alert').first().waitFor()
      await clerk.look('personal-data-erasure')
      await clerk.escape()
      await ask(said.ask, password)
      await clerk.sees(said.sent)
      await clerk.sees(said.asked)
      expect(await clerk.button(said.ask).count()).toBe(0)
      await clerk.look('personal-data-asked')

      const [request] = openRequests()
      const reason = '企业报关单仍在海关查验期限内，期满后可再次申请。'
      staff('erase', '--refuse', request!.accountId, '--reason', reason)
      await page.reload()
      await clerk.sees(said.reason.replace('{reason}', reason))
      await clerk.look('personal-data-refused')
      await ask(said.askAgain, password)
      await clerk.sees(said.asked)

      staff('erase', '--yes', '--account', openRequests()[0]!.accountId)
      await page.reload()
      await page.waitForURL('**/login**')
      await clerk.label(w.login.loginName).fill('pass')
      await clerk.label(w.login.password).fill(password)
      await clerk.button(w.login.submit).click()
      await page.getByRole('alert').first().waitFor()
      expect(new URL(page.url()).pathname).toBe('/login')
    })

    test('older records follow on demand, and a failure keeps the page', async () => {
      const { page } = clerk
      await clerk.signIn('pass', '/personal-data')
      await clerk.sees(said.nobody)
      const record = (n: number) => ({
        sessionId: `s${n}`,
        method: 'account_holder',
        status: 'canceled',
        createdAt: '2026-01-01T00:00:00Z',
        closedAt: null,
        consentVersion: `v${n}`,
        consentAt: '2026-01-01T00:00:00Z',
        disclosures: [],
      })
      // The service does not know this cursor, so it is asked without one.
      await page.route('**/v1/account/personal-data?*', async (route) => {
        const url = route.request().url()
        const answer = await route.fetch({ url: url.replace('&cursor=c', '') })
        const [records, next] = url.includes('cursor=c') ? [[record(2)], null] : [[record(1)], 'c']
        await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), records, next } })
      })
      await page.reload()
      await clerk.sees('v1')
      await clerk.button(said.more).click()
      await clerk.sees('v2')
      await clerk.sees('v1')
      expect(await clerk.button(said.more).count()).toBe(0)
      await page.unrouteAll()
      await page.route('**/v1/account/personal-data**', (route) => route.abort())
      await clerk.button(said.download).click()
      await clerk.sees(clerk.w.trouble.offlineTitle)
      await clerk.sees(said.held)
    })
  })
}
