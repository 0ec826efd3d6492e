import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { holderDates, people } from './people'
import { start, type Place } from './place'
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

const languages: Language[] = ['zh', 'en']

async function enterprise(number: string): Promise<void> {
  await clerk.label(clerk.w.wizard.legalIdNumber).fill(number)
  await clerk.button(clerk.w.wizard.next).click()
}

async function dates([from, to]: [string, string]): Promise<void> {
  await clerk.label(clerk.w.wizard.validFrom).fill(from)
  await clerk.label(clerk.w.wizard.validTo).fill(to)
  await clerk.button(clerk.w.wizard.next).click()
}

async function bankCard(card: string, mobile: string): Promise<void> {
  const { wizard } = clerk.w
  await clerk.label(wizard.bankCard).fill(card)
  await clerk.label(wizard.mobile).fill(mobile)
  await clerk.button(wizard.getCode).click()
  await clerk.sees(wizard.codeSent)
  await clerk.label(wizard.smsCode).fill(await place.code(mobile))
  await clerk.button(wizard.confirm).click()
}

async function holder(number: string): Promise<void> {
  await clerk.label(clerk.w.wizard.ownIdNumber).fill(number)
  await dates(holderDates)
}

for (const language of languages) {
  describe(`the legal-representative method in ${language}`, () => {
    beforeEach(async () => {
      clerk = await Clerk.arrive(place, language)
    })

    test('by ID card, with both dialogs of the manual', async () => {
      const { w, page } = clerk
      const who = people['wrong-dates']
      await clerk.signIn('wrong-dates')
      await clerk.begin('legal_representative')
      await clerk.label(w.wizard.legalIdNumber).waitFor()
      await clerk.look('wizard-1')

      // The page validates fields while the user types, by the server's rules.
      await clerk.label(w.wizard.legalIdNumber).fill('130105198801151049')
      await clerk.sees(w.rules.any.check_character)
      await clerk.label(w.wizard.orgCode).fill('34801880X')
      await clerk.sees(w.rules.org_code.differs_from_uscc)
      await clerk.button(w.wizard.next).click()
      await clerk.sees(w.trouble.summary)
      await clerk.look('wizard-1-errors')
      await page.getByRole('alert').getByRole('link').first().click()
      await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('34801880X')
      await clerk.label(w.wizard.orgCode).fill('MA0R04NM9')

      // The legal representative differs from the registry's: the first dialog.
      await enterprise('130105197803121016')
      await clerk.dialog().waitFor()
      if (language === 'zh') {
        expect(await clerk.dialog().innerText()).toContain(
          '法定代表人信息验证不通过，请核对后重新填写，或可尝试银行卡认证方式。',
        )
        await clerk.dialog().getByRole('button', { name: '银行Ukey认证', exact: true }).waitFor()
      }
      await clerk.look('wizard-1-dialog')
      await clerk.dialog().getByRole('button', { name: w.wizard.cancel, exact: true }).click()
      await clerk.dialog().waitFor({ state: 'hidden' })
      await clerk.look('wizard-1-refused')
      await enterprise(who.legalNumber)

      // Step 2: the person is carried over and read-only. Dates of an old card: the second dialog.
      await clerk.label(w.wizard.validFrom).waitFor()
      expect(await page.locator('.known').innerText()).toContain('1301*******1048')
      expect(await clerk.label(w.wizard.idNumber).count()).toBe(0)
      await clerk.look('wizard-2-id-card')
      await dates(['20140115', '20240115'])
      await clerk.sees(w.rules.any.expired)
      await dates(['20230115', '20430115'])
      await clerk.dialog().waitFor()
      if (language === 'zh') {
        expect(await clerk.dialog().innerText()).toContain(
          '您提交的身份证有效开始时间和有效截止时间未通过验证，请仔细检查是否填写错误，如果确认填写无误，可选择一个下面途径继续实名认证： 一、使用CTID APP开通CTID（使用方法可查看页面上的帮助文档），开通完成后继续身份证认证； 二、使用银行卡认证。',
        )
      }
      await clerk.look('wizard-2-dialog')
      await clerk.dialog().getByRole('button', { name: w.wizard.toBankCard, exact: true }).click()
      await clerk.label(w.wizard.bankCard).waitFor()
      await page.goBack() // back to the other check
      await clerk.label(w.wizard.validFrom).waitFor()
      await dates(who.legalDates)

      // Step 3: the long-term box enters eight zeros.
      await clerk.label(w.wizard.ownIdNumber).waitFor()
      await page.getByText(w.wizard.longTerm, { exact: true }).click()
      expect(await clerk.label(w.wizard.validTo).inputValue()).toBe('00000000')
      await clerk.look('wizard-3-id-card')
      await holder(who.holderNumber)
      await clerk.sees(w.session.passedLegal)
      await clerk.look('wizard-4-done')
      await clerk.button(w.session.toMethodsMenu).click()
      await clerk.sees(w.methods.doneTitle)
      await clerk.look('methods-passed')
    })

    test('by bank card where the legal representative has a passport', async () => {
      const { w } = clerk
      await clerk.signIn('passport')
      await clerk.begin('legal_representative')
      await enterprise(people.passport.legalNumber)
      await clerk.label(w.wizard.bankCard).waitFor()
      await clerk.sees(w.wizard.bankCardOnly)
      expect(await clerk.page.getByRole('radio').count()).toBe(0)
      await clerk.look('wizard-2-bank-card')
      await clerk.button(w.wizard.getCode).click()
      await clerk.sees(w.wizard.codeNeeds)
      await clerk.label(w.wizard.bankCard).fill(people.passport.legalCard)
      await clerk.label(w.wizard.mobile).fill(people.passport.legalMobile)
      await clerk.button(w.wizard.getCode).click()
      await clerk.sees(w.wizard.codeSent)
      expect(
        await clerk.page
          .getByRole('button', { name: w.wizard.codeAgain.replace('{n}', '') })
          .or(clerk.page.locator('.code'))
          .innerText(),
      ).toMatch(/[456][0-9]/)
      await clerk.label(w.wizard.smsCode).fill('000000')
      await clerk.button(w.wizard.confirm).click()
      await clerk.page.getByRole('alert').first().waitFor()
      expect(await clerk.page.locator('.field', { has: clerk.label(w.wizard.smsCode) }).innerText()).toContain(
        w.trouble.guessesLeft.replace('{n}', '4').trim(),
      )
      await clerk.look('wizard-2-code-wrong')
      await clerk.label(w.wizard.smsCode).fill(await place.code(people.passport.legalMobile))
      await clerk.button(w.wizard.confirm).click()
      await clerk.label(w.wizard.ownIdNumber).waitFor()
    })

    test('a card that was reported lost, then tries that run out', async () => {
      const { w } = clerk
      await clerk.signIn('lost-card')
      await clerk.begin('legal_representative')
      await enterprise(people['lost-card'].legalNumber)
      await clerk.check('bank_card')
      await bankCard(people['lost-card'].legalCard, people['lost-card'].legalMobile)
      await clerk.page.getByText(w.trouble.causes).waitFor()
      const cause = await clerk.page.locator('.trouble > p').first().innerText()
      // The same card would fail again: the button waits, and says why, until something changes.
      await clerk.sees(w.wizard.stuck)
      expect(await clerk.button(w.wizard.confirm).getAttribute('aria-disabled')).toBe('true')
      await clerk.look('wizard-2-card-lost')
      for (let i = 0; i < 4; i++) {
        await clerk.label(w.wizard.bankCard).fill('')
        await clerk.label(w.wizard.bankCard).fill(people['lost-card'].legalCard)
        await Promise.all([
          clerk.page.waitForResponse((r) => r.url().endsWith('/legal-representative')),
          clerk.button(w.wizard.confirm).click(),
        ])
      }
      await clerk.sees(w.session.failed)
      await clerk.sees(w.session.lastError.replace('{detail}', cause))
      // Another session may start at once, so the page names no time.
      await clerk.page.getByText(new RegExp(w.trouble.retryAt.replace('{time}', '.*\\d'))).waitFor({ state: 'hidden' })
      await clerk.look('result-failed')
    })

    test('an enterprise that the registry cannot check is led to other methods', async () => {
      const { w } = clerk
      await clerk.signIn('not-covered')
      await clerk.begin('legal_representative')
      await enterprise(people['not-covered'].legalNumber)
      await clerk.dialog().waitFor()
      await clerk.look('wizard-1-not-covered')
      await clerk.dialog().getByRole('button', { name: w.wizard.cancel, exact: true }).click()
      await clerk.dialog().waitFor({ state: 'hidden' })
      await clerk.button(w.wizard.card).waitFor()
      await clerk.sees(w.wizard.stuck)
      await clerk.button(w.wizard.next).click({ force: true })
      expect(await clerk.dialog().count(), 'nothing is sent').toBe(0)
      await clerk.look('wizard-1-not-covered-refused')
      await clerk.button(w.wizard.ukey).click()
      await clerk.page.waitForURL('**/methods/bank_ukey')
      await clerk.page.goBack()
      await clerk.label(w.wizard.legalIdNumber).waitFor()
      expect(await clerk.label(w.wizard.legalIdNumber).inputValue(), 'what was typed is still there').toBe(
        people['not-covered'].legalNumber,
      )
    })
  })
}

test('the last attempt of a day leads to the methods, not to a session that would refuse each step', async () => {
  clerk = await Clerk.arrive(place)
  const { w } = clerk
  const service = await Service.as(place, 'pass')
  const { enterprise: registered } = await service.get<{ enterprise: { name: string; uscc: string; orgCode: string } }>(
    '/v1/account',
  )
  const miss = async (session: string, i: number) => {
    const legalRepresentative = {
      name: `赵${'甲乙丙丁戊己庚辛壬'[i]}`,
      idType: 'resident_id',
      idNumber: people.pass.legalNumber,
    }
    const { name, uscc, orgCode } = registered
    await service.post(`${session}/enterprise`, { name, uscc, orgCode, legalRepresentative }).catch(() => {})
  }
  const first = await service.begin('legal_representative')
  for (let i = 0; i < 5; i++) await miss(first, i)
  const second = await service.begin('legal_representative')
  for (let i = 5; i < 9; i++) await miss(second, i)

  await clerk.signIn('pass', second.replace('/v1', ''))
  await clerk.label(w.wizard.legalName).fill('赵癸')
  await enterprise(people.pass.legalNumber)
  await clerk.sees(w.session.failedLaterNote)
  await clerk.page.getByText(new RegExp(w.trouble.retryAt.replace('{time}', '.*00:00'))).waitFor()
  expect(await clerk.button(w.session.again).count()).toBe(0)
  await clerk.button(w.session.toMethodsMenu).click()
  await clerk.page.waitForURL('**/methods')
})

test('a session goes on after a reload and on another device', async () => {
  clerk = await Clerk.arrive(place)
  await clerk.signIn('pass')
  const address = await clerk.begin('legal_representative')
  await enterprise(people.pass.legalNumber)
  await clerk.label(clerk.w.wizard.validFrom).waitFor()
  await clerk.page.reload()
  await clerk.label(clerk.w.wizard.validFrom).waitFor()

  const first = clerk
  clerk = await Clerk.arrive(place, 'zh', { viewport: { width: 375, height: 740 } })
  await clerk.signIn('pass', '/methods/legal_representative')
  await clerk.button(clerk.w.methods.resume).click()
  await clerk.page.waitForURL(`**${address}`)
  await dates(people.pass.legalDates)
  await clerk.label(clerk.w.wizard.ownIdNumber).waitFor()

  // The step on the first device is over. The page says so and continues with the next step.
  await first.label(first.w.wizard.validFrom).fill('20160425')
  await first.label(first.w.wizard.validTo).fill('20360425')
  await first.button(first.w.wizard.next).click()
  await first.label(first.w.wizard.ownIdNumber).waitFor()
  await first.sees(first.w.wizard.refreshed)
  await first.leave()
})

test('a session that is still loading is not announced as a result', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  let answer = () => {}
  const held = new Promise<void>((resolve) => (answer = resolve))
  await page.route('**/v1/sessions/*', async (route) => {
    await held
    await route.continue()
  })
  await page.reload()
  const heading = page.getByRole('heading', { level: 1 })
  expect(await heading.innerText()).toBe(w.shell.product)
  answer()
  await clerk.label(w.wizard.legalIdNumber).waitFor()
  expect(await heading.innerText()).toBe(w.wizard.title)
})

test('nothing personal is left in address, storage or title', async () => {
  clerk = await Clerk.arrive(place)
  await clerk.signIn('pass')
  await clerk.begin('legal_representative')
  const addresses: string[] = []
  clerk.page.on('framenavigated', (f) => addresses.push(f.url()))
  await enterprise(people.pass.legalNumber)
  await clerk.check('bank_card')
  await bankCard(people.pass.legalCard, people.pass.legalMobile)
  await clerk.label(clerk.w.wizard.ownIdNumber).waitFor()
  const kept = await clerk.page.evaluate(() =>
    JSON.stringify([document.title, { ...localStorage }, { ...sessionStorage }]),
  )
  const token = await clerk.page.evaluate(() => JSON.parse(sessionStorage.getItem('realname.token')!).token as string)
  const claims = Buffer.from(token.split('.')[1]!, 'base64url').toString()
  for (const secret of [
    people.pass.legalNumber,
    people.pass.legalCard,
    people.pass.legalMobile,
    people.pass.enterprise,
    '赵安国',
    '钱小敏',
    '130105',
    '6222',
  ]) {
    expect(kept + claims + addresses.join()).not.toContain(secret)
  }
})

test.each<Language>(['zh', 'en'])(
  'trouble with a provider costs nothing, and the answer passes afterwards, in %s',
  async (language) => {
    clerk = await Clerk.arrive(place, language)
    await clerk.signIn('local')
    await clerk.begin('legal_representative')
    await place.fault('registry', 'error')
    await enterprise(people.local.legalNumber)
    await clerk.details()
    await clerk.look('provider-unavailable')
    await clerk.button(clerk.w.wizard.next).click()
    await clerk.label(clerk.w.wizard.validFrom).waitFor()
  },
)
