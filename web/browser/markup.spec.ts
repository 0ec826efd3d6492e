import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk } from './clerk'
import { people } from './people'
import { binary, password, start, type Place } from './place'
import { Service } from './service'

/**
 * Text that becomes an element, an attribute, a script or a template if a page does not insert it as text. It
 * calls without brackets, which become full-width in the name of an enterprise.
 */
const markup = (name: string) =>
  `${name}<img data-xss src=x onerror="xss\`\`">'" data-xss onfocus=xss\`\` autofocus {{7+7}}`
const loginName = 'pass<img data-xss src=x onerror=xss()>'
const stored = {
  河北安达进出口贸易有限公司: markup('安达'),
  河北省石家庄市示范路1号: markup('示范路'),
  赵安国: markup('赵'),
  钱小敏: markup('钱'),
}
const enterprise = stored['河北安达进出口贸易有限公司']
const address = stored['河北省石家庄市示范路1号']
const legal = stored['赵安国']
const holder = stored['钱小敏']
const operator = markup('操作员')
const bank = markup('银行')

let place: Place
let clerk: Clerk
let directory: string
let ran: number

/** The demonstration data, with markup in every field in which an import accepts text. */
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'realname-markup-'))
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  for (const file of ['accounts.csv', 'registry.csv', 'identities.csv', 'bank-cards.csv']) {
    let text = readFileSync(fileURLToPath(new URL(`../../local/data/demo/${file}`, import.meta.url)), 'utf8').replace(
      /^pass,/m,
      `${cell(loginName)},`,
    )
    for (const [plain, evil] of Object.entries(stored))
      text = text.replaceAll(new RegExp(`(?<=^|,)${plain}(?=,)`, 'gm'), cell(evil))
    writeFileSync(join(directory, file), text)
  }
  place = await start('--data', directory)
  const add = spawnSync(
    binary,
    ['bank', 'add', 'CCB', '--name-zh', bank, '--short-name-zh', bank, '--url', place.url],
    { encoding: 'utf8' },
  )
  expect(add.status, add.stderr).toBe(0)
  clerk = await Clerk.arrive(place)
  ran = 0
  await clerk.page.exposeFunction('xss', () => {
    ran++
  })
})
afterEach(async () => {
  await clerk.leave()
  place.stop()
  rmSync(directory, { recursive: true })
})
afterAll(async () => (await browser()).close())

/** The page shows each text exactly as stored, and the text has not become an element. */
async function harmless(where: string, ...texts: string[]): Promise<void> {
  const { page } = clerk
  const shown = () =>
    page.evaluate(
      () =>
        document.body.innerText +
        [...document.querySelectorAll('input, textarea, select')].map((e) => (e as HTMLInputElement).value).join('\n'),
    )
  for (const text of texts)
    await expect.poll(shown, { message: `${where} shows ${text}`, timeout: 15_000 }).toContain(text)
  expect(await page.locator('[data-xss], img[src=x], [onfocus], [onerror]').count(), where).toBe(0)
  expect(ran, where).toBe(0)
}

test('the test can fail: what is written as markup is found', async () => {
  const { page } = clerk
  await page.route('**/written', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<body>${enterprise}</body>` }),
  )
  await page.goto('/written')
  await expect(harmless('a page that writes markup')).rejects.toThrow()
  await expect.poll(() => ran).toBe(1)
})

test('no text that is stored becomes an element or a script, on any page that shows it', async () => {
  const { w, page } = clerk
  await clerk.signIn(loginName)
  await clerk.button(w.shell.userMenu).click()
  await harmless('account', loginName, enterprise, address, legal, holder)
  for (const [opener, texts] of [
    [w.account.changeEnterprise, [enterprise, address]],
    [w.account.changeLegal, [legal]],
    [`${w.account.change} ${w.account.administrator}`, [holder]],
  ] as const) {
    await clerk.button(opener).click()
    await clerk.dialog().waitFor()
    await harmless(opener, ...texts)
    await clerk.escape()
  }

  const service = await Service.as(place, loginName)
  await service.post('/v1/operators', {
    loginName: 'operator-1',
    name: operator,
    idType: 'resident_id',
    idNumber: people.registered.holderNumber,
  })
  await page.goto('/operators')
  await harmless('operators', operator)
  await clerk.button(`${w.operators.change} ${operator}`).click()
  await clerk.dialog().waitFor()
  await harmless('an operator', operator)
  await clerk.escape()
  await clerk.button(`${w.operators.disable} ${operator}`).click()
  await clerk.dialog().waitFor()
  await harmless('disabling an operator', operator)

  await page.goto('/methods')
  await clerk.button(w.shell.userMenu).click()
  await harmless('methods', loginName)
  await clerk.begin('legal_representative')
  await harmless('the enterprise step', enterprise, legal)

  const atBank = await clerk.begin('bank_ukey')
  await harmless('banks', bank)
  await page.getByRole('button', { name: bank }).click()
  await page.waitForURL('**/sandbox/bank/**')
  await harmless('the bank')
  await page.goto(atBank)
  await harmless('waiting for the bank', bank)

  await place.insert({ card: loginName, kind: 'good' })
  await clerk.plugIn()
  await clerk.begin('ic_card')
  await clerk.sees(w.card.ready)
  await harmless('the card step', enterprise)
  await clerk.label(w.card.pin).fill('88888888')
  await clerk.button(w.card.confirm).click()
  await clerk.sees(w.session.passedCard)
  await harmless("the card's result", enterprise)
  await clerk.button(w.session.relogin).click()
  await page.waitForURL('**/login**')
  await clerk.signIn(loginName, '/card')
  await clerk.sees(w.card.issuer)
  await harmless('the bound card')

  await page.goto('/sessions')
  await clerk.sees(w.terms.status.verified)
  await harmless('records', enterprise)

  // The reason of a refusal is text that staff typed.
  const reason = markup('理由')
  const staff = (...args: string[]) =>
    spawnSync(binary, args, { encoding: 'utf8', env: { ...process.env, REALNAME_URL: place.url } }).stdout
  const signedIn = await Service.as(place, loginName)
  await signedIn.post('/v1/account/erasure-requests', { currentPassword: password })
  const { requests } = JSON.parse(staff('erase', '--requests', '--json')) as { requests: { accountId: string }[] }
  staff('erase', '--refuse', requests[0]!.accountId, '--reason', reason)
  await page.goto('/personal-data')
  await harmless('personal data', loginName, enterprise, holder, reason)
})

test('nothing in an address becomes an element or a script', async () => {
  const { page } = clerk
  const evil = encodeURIComponent(markup(''))
  for (const address of [
    `/login?to=javascript:xss()`,
    `/login?to=${evil}`,
    `/activate?loginName=${evil}`,
    `/confirm-email#${evil}`,
    `/reset-password?loginName=${evil}`,
    `/help/${evil}`,
    `/${evil}`,
  ]) {
    await page.goto(address)
    await page.locator('h1').first().waitFor()
    await harmless(address)
  }
  await page.goto('/login?to=javascript:xss()')
  await clerk.signIn(loginName, '/login?to=javascript:xss()')
  for (const address of [
    `/sessions/${evil}`,
    `/bank-result?session=${evil}`,
    `/methods/${evil}`,
    `/elsewhere/${evil}`,
  ]) {
    await page.goto(address)
    await page.locator('h1').first().waitFor()
    await harmless(address)
  }
})
