import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { holderDates, people } from './people'
import { start, type Place } from './place'

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

/** Acts as a user on the sandbox bank's own pages. */
async function atTheBank(
  certificate: number,
  look: (name: string) => Promise<void> = async () => {},
  trouble = '',
): Promise<void> {
  const { page } = clerk
  const next = (action: string) => page.locator(`button[value=${action}]`)
  await page.waitForURL('**/sandbox/bank/**')
  await page.locator('input[name=certificate]').nth(certificate).check()
  await look('bank-page-certificate')
  await next('certificate').click()
  await next('verify').waitFor()
  await look('bank-page-check')
  if (trouble) await page.locator('#trouble').selectOption(trouble)
  await next('verify').click()
  // The bank refuses a bad certificate before it asks for the password.
  await page.locator('#password').or(page.locator('a.button')).first().waitFor()
  if (await page.locator('#password').isVisible()) {
    await page.locator('#password').fill('123456')
    await look('bank-page-password')
    await next('password').click()
  }
  await page.locator('a.button').waitFor()
  await look('bank-page-result')
  await page.locator('a.button').click()
  await page.waitForURL('**/sessions/*')
}

for (const language of ['zh', 'en'] as Language[]) {
  describe(`the other methods in ${language}`, () => {
    beforeEach(async () => {
      clerk = await Clerk.arrive(place, language)
    })

    test('bank UKey: choice, hand-over, result, and then the holder', async () => {
      const { w, page } = clerk
      await clerk.signIn('pass', '/methods')
      await clerk.sees(w.methods.recommended)
      await clerk.look('methods')
      await page.goto('/methods/bank_ukey')
      await clerk.sees(w.methods.consentTitle)
      await clerk.button(w.methods.start).click()
      await clerk.sees(w.methods.consentMissing)
      await clerk.look('method-start')
      await clerk.begin('bank_ukey')
      const ccb = page.getByRole('button', { name: language === 'zh' ? '中国建设银行' : 'China Construction Bank' })
      await ccb.waitFor()
      await clerk.look('bank-choice')
      await ccb.click()
      await atTheBank(1) // the bank refuses an expired certificate and names the reason
      await clerk.sees(w.bank.refused)
      await clerk.look('bank-refused')
      await ccb.click()
      // The page shows the usual causes, since the bank gives no reason.
      await atTheBank(0, undefined, 'other_enterprise')
      await clerk.sees(w.trouble.causes)
      await ccb.click()
      await atTheBank(0, (name) => clerk.look(name))
      await clerk.sees(w.session.passedBank)
      if (language === 'zh') {
        await clerk.sees('认证结果：已通过企业实名认证！')
        await clerk.sees('建设银行')
      }
      await clerk.sees(w.session.holderOpen)
      await clerk.look('bank-result')

      await clerk.button(w.session.holderStart).click()
      await page.getByText(w.methods.consent, { exact: true }).click()
      await clerk.button(w.methods.start).click()
      await clerk.label(w.wizard.ownIdNumber).fill(people.pass.holderNumber)
      await clerk.look('holder-only')
      await clerk.label(w.wizard.validFrom).fill(holderDates[0])
      await clerk.label(w.wizard.validTo).fill(holderDates[1])
      await clerk.button(w.wizard.next).click()
      await clerk.sees(w.session.passedHolder)
      await page.goto('/sessions')
      await clerk.sees(w.terms.status.verified)
      await clerk.look('records')
    })

    test('IC card: reader state, wrong PIN, success, and signing in again', async () => {
      const { w, page } = clerk
      await place.insert({ missing: true })
      await clerk.plugIn()
      await clerk.signIn('pass')
      await clerk.begin('ic_card')
      await page
        .getByText(language === 'zh' ? '读卡器复位失败' : 'could not be reset')
        .first()
        .waitFor()
      await clerk.look('card-no-reader')
      await place.insert({ card: 'pass', kind: 'good' })
      await clerk.sees(w.card.ready) // the page finds the card without a click
      await clerk.look('card-ready')
      await clerk.label(w.card.pin).fill('11111111')
      await clerk.button(w.card.confirm).click()
      await page
        .getByText(language === 'zh' ? 'IC卡密码错误' : 'IC card password is wrong')
        .first()
        .waitFor()
      await clerk.label(w.card.pin).fill('88888888')
      await clerk.button(w.card.confirm).click()
      await clerk.sees(w.session.passedCard)
      if (language === 'zh') await clerk.sees('认证结果：IC认证成功！您需要退出所有应用后，重新登录才能生效。')
      await clerk.look('card-result')
      await clerk.button(w.session.relogin).click()
      await page.waitForURL('**/login**')
      await clerk.signIn('pass', '/card')
      await clerk.sees(w.card.issuer)
      await clerk.look('my-card')
      await clerk.button(w.card.unbind).click()
      await clerk.dialog().waitFor()
      await clerk.look('card-unbind')
      await clerk.dialog().getByRole('button', { name: w.card.unbind, exact: true }).click()
      await clerk.sees(w.card.unbound)
    })

    test('accounts that need no verification are told why', async () => {
      const { w } = clerk
      await clerk.signIn('registered', '/methods')
      await clerk.sees(w.methods.presumedTitle)
      await clerk.look('methods-not-applicable')
      await clerk.page.goto('/methods/legal_representative')
      await clerk.page.getByRole('status').first().waitFor()
      expect(await clerk.button(w.methods.start).count()).toBe(0)
    })

    test('a session can be canceled and started again', async () => {
      const { w } = clerk
      await clerk.signIn('local')
      await clerk.begin('legal_representative')
      await clerk.button(w.wizard.cancelSession).click()
      await clerk.dialog().waitFor()
      await clerk.look('cancel-dialog')
      await clerk.dialog().getByRole('button', { name: w.wizard.cancelSession, exact: true }).click()
      await clerk.sees(w.session.canceledNote)
      await clerk.look('result-canceled')
      await clerk.button(w.session.again).click()
      await clerk.sees(w.methods.consentTitle)
    })
  })
}
