import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { holderDates, people } from './people'
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

/** Closes a dialog with Escape, and the focus returns to the control that opened it. */
async function escape(opener: string): Promise<void> {
  await clerk.escape()
  await expect
    .poll(() =>
      clerk.page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim(),
      ),
    )
    .toBe(opener)
}

for (const language of ['zh', 'en'] as Language[]) {
  // With the keyboard only, as keyboard.spec.ts does for the methods.
  describe(`what is asked before it is done, in ${language}`, () => {
    beforeEach(async () => {
      clerk = await Clerk.arrive(place, language)
    })

    test('a change of what a passed authentication rests on', async () => {
      const { w, page } = clerk
      await (await Service.as(place, 'pass')).passLegalRepresentative(people.pass)
      await clerk.signIn('pass')
      const asks = async (name: string) => {
        await clerk.sees(w.account.withdrawalMay)
        await clerk.press(w.account.save)
        await clerk.sees(w.account.withdrawal)
        await clerk.look(name)
      }
      await clerk.press(w.account.changeEnterprise)
      await clerk.type(w.account.name, '河北安达国际贸易有限公司')
      await clerk.type(w.account.currentPassword, password)
      await asks('withdrawal-enterprise')
      await escape(w.account.changeEnterprise)
      await clerk.press(w.account.changeLegal)
      await clerk.type(w.account.legalName, '赵国安')
      await clerk.type(w.account.legalIdNumber, people.local.legalNumber)
      await clerk.type(w.account.validFrom, '20160425')
      await clerk.type(w.account.validTo, '20360425')
      await clerk.type(w.account.currentPassword, password)
      await asks('withdrawal-legal-representative')
      await escape(w.account.changeLegal)

      const opener = `${w.account.change} ${w.account.administrator}`
      await clerk.press(opener)
      await clerk.type(w.account.personName, '陶春燕')
      await clerk.type(w.account.idNumber, people.registered.holderNumber)
      await clerk.type(w.account.currentPassword, password)
      await asks('withdrawal-administrator')
      await clerk.press(w.account.withdrawalConfirm)
      await page.waitForURL('**/login**')
      await clerk.sees(w.login.relogin)
      await clerk.signIn('pass')
      await clerk.sees(w.account.notAuthenticated)
      const states = await page.locator('.aspects dd').allInnerTexts()
      expect(states[0]).toContain(w.terms.aspectState.passed)
      expect(states[1]).toContain(w.terms.aspectState.not_passed)
      await clerk.look('account-withdrawn')
    })

    test('an operator: another person, a new code, disabled and enabled again', async () => {
      const { w, page } = clerk
      const administrator = await Service.as(place, 'pass')
      await administrator.passLegalRepresentative(people.pass)
      await administrator.addOperator('pass-op-1', '陶春燕', people.registered.holderNumber)
      await (await Service.as(place, 'pass-op-1')).passHolder('陶春燕', people.registered.holderNumber)
      await clerk.signIn('pass', '/operators')

      await clerk.press(`${w.operators.change} 陶春燕`)
      await clerk.type(w.account.idNumber, '11010519491231002X')
      await clerk.look('operator-change')
      await clerk.press(w.account.save)
      await clerk.sees(w.account.withdrawal)
      await clerk.look('withdrawal-operator')
      await clerk.press(w.account.withdrawalConfirm)
      await clerk.sees(w.operators.changed)

      await clerk.press(`${w.operators.newCode} 陶春燕`)
      await clerk.dialog().waitFor()
      await clerk.look('operator-renew-code')
      await escape(`${w.operators.newCode} 陶春燕`)
      await Service.as(place, 'pass-op-1') // the password still works
      await clerk.press(`${w.operators.newCode} 陶春燕`)
      await clerk.tabTo(clerk.dialog().getByRole('button', { name: w.operators.newCode, exact: true }))
      await page.keyboard.press('Enter')
      await clerk.sees(w.operators.codeTitle)
      expect(await clerk.dialog().locator('code').innerText()).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4})+$/)
      await expect(Service.as(place, 'pass-op-1')).rejects.toThrow('401')
      await clerk.press(w.operators.done)
      await clerk.sees(w.operators.states.not_activated)

      await clerk.press(`${w.operators.disable} 陶春燕`)
      await clerk.dialog().waitFor()
      await clerk.look('operator-disable')
      await escape(`${w.operators.disable} 陶春燕`)
      await clerk.press(`${w.operators.disable} 陶春燕`)
      await clerk.tabTo(clerk.dialog().getByRole('button', { name: w.operators.disable, exact: true }))
      await page.keyboard.press('Enter')
      await clerk.sees(w.operators.states.disabled)
      await clerk.look('operator-disabled')
      await clerk.press(`${w.operators.enable} 陶春燕`)
      await clerk.dialog().waitFor()
      expect(await clerk.dialog().getByRole('textbox').count(), 'no ID number is asked for').toBe(0)
      await clerk.look('operator-enable')
      await clerk.tabTo(clerk.dialog().getByRole('button', { name: w.operators.enable, exact: true }))
      await page.keyboard.press('Enter')
      await clerk.sees(w.operators.enabled.replace('{name}', '陶春燕'))
      expect(await page.getByText(w.operators.states.disabled).count()).toBe(0)
    })
  })

  describe(`what a refused step leads to, in ${language}`, () => {
    beforeEach(async () => {
      clerk = await Clerk.arrive(place, language)
    })

    test('an enterprise that is not in business', async () => {
      await clerk.signIn('not-in-business')
      await clerk.begin('legal_representative')
      await clerk.label(clerk.w.wizard.legalIdNumber).fill(people['not-in-business'].legalNumber)
      await clerk.button(clerk.w.wizard.next).click()
      await clerk.dialog().getByRole('button', { name: clerk.w.wizard.card, exact: true }).waitFor()
      await clerk.look('wizard-1-not-in-business')
      await clerk.dialog().getByRole('button', { name: clerk.w.wizard.card, exact: true }).click()
      await clerk.page.waitForURL('**/methods/ic_card')
    })

    test('an ID card that the data does not hold', async () => {
      const { w } = clerk
      await clerk.signIn('no-id-data')
      await clerk.begin('legal_representative')
      await clerk.label(w.wizard.legalIdNumber).fill(people['no-id-data'].legalNumber)
      await clerk.button(w.wizard.next).click()
      await clerk.label(w.wizard.validFrom).fill('20160425')
      await clerk.label(w.wizard.validTo).fill('20360425')
      await clerk.button(w.wizard.next).click()
      await clerk.dialog().waitFor()
      await clerk.look('wizard-2-not-covered')
      await clerk.dialog().getByRole('button', { name: w.wizard.toBankCard, exact: true }).click()
      await clerk.label(w.wizard.bankCard).waitFor()
    })

    test('an ID card of another name', async () => {
      const { w } = clerk
      const administrator = await Service.as(place, 'pass')
      await administrator.passLegalRepresentative(people.pass)
      await administrator.addOperator('pass-op-1', '陶小燕', people.registered.holderNumber) // 陶春燕 on the card
      await clerk.signIn('pass-op-1')
      await clerk.begin('account_holder')
      await clerk.label(w.wizard.ownIdNumber).fill(people.registered.holderNumber)
      await clerk.label(w.wizard.validFrom).fill(holderDates[0])
      await clerk.label(w.wizard.validTo).fill(holderDates[1])
      await clerk.button(w.wizard.next).click()
      await clerk.dialog().waitFor()
      await clerk.look('holder-dialog')
      await clerk.dialog().getByRole('button', { name: w.wizard.cancel, exact: true }).click()
      await clerk.dialog().waitFor({ state: 'hidden' })
      expect(await clerk.label(w.wizard.ownIdNumber).inputValue(), 'what was typed is still there').toBe(
        people.registered.holderNumber,
      )
    })
  })
}
