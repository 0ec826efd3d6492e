import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
import { people } from './people'
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

/** What a field's error says about the day from which the data should be current: in a week. */
const words = {
  zh: {
    name: '与登记信息不一致。常见原因：与营业执照的写法不同',
    person: '与登记信息不一致。常见原因：填写有误',
    current: '登记数据预计自',
    causes: ['企业名称与登记信息不一致', '登记数据预计自'],
  },
  en: {
    name: 'Differs from the registry. Common causes: it is not written as on the business license',
    person: 'Differs from the registry. Common causes: it is misspelled',
    current: "the registry's data should be current from",
    causes: ['The enterprise name differs from the registry', "the registry's data should be current from"],
  },
}

for (const language of ['zh', 'en'] as Language[]) {
  const said = words[language]

  describe(`reasons of a mismatch in ${language}`, () => {
    beforeEach(async () => {
      clerk = await Clerk.arrive(place, language)
    })

    test('each public element that differs is explained at its field, the ID number never', async () => {
      const { w, page } = clerk
      await clerk.signIn('pass')
      await clerk.begin('legal_representative')
      const errorOf = async (label: string) => {
        const id = await clerk.label(label).getAttribute('aria-describedby')
        return id ? page.locator(`#${id.split(' ')[0]!}`).innerText() : ''
      }
      await clerk.label(w.wizard.enterpriseName).fill('河北别名贸易有限公司')
      await clerk.label(w.wizard.legalName).fill('别人')
      await clerk.label(w.wizard.legalIdNumber).fill(people.pass.legalNumber)
      await clerk.button(w.wizard.next).click()
      await clerk.dialog().waitFor()
      await page.keyboard.press('Escape')
      expect(await errorOf(w.wizard.enterpriseName)).toContain(said.name)
      expect(await errorOf(w.wizard.enterpriseName)).toContain(said.current)
      expect(await errorOf(w.wizard.legalName)).toContain(said.person)
      expect(await clerk.label(w.wizard.legalIdNumber).getAttribute('aria-invalid')).toBeNull()
      // One surface: the failure's panel leads to the fields, in brief.
      expect(await page.getByRole('alert').filter({ hasText: w.trouble.summary }).count()).toBe(0)
      const summary = await clerk.link(w.wizard.legalName).innerText()
      expect(said.person.startsWith(summary.replace(/^[^：:]*[：:]\s*/, '').trim())).toBe(true)
      await clerk.look('wizard-1-reasons')

      // A corrected field loses its error; a wrong ID number alone is at no field.
      await clerk.label(w.wizard.enterpriseName).fill(people.pass.enterprise)
      await clerk.label(w.wizard.legalName).fill('赵安国')
      expect(await clerk.label(w.wizard.enterpriseName).getAttribute('aria-invalid')).toBeNull()
      await clerk.label(w.wizard.legalIdNumber).fill(people.pass.holderNumber)
      await clerk.button(w.wizard.next).click()
      await clerk.dialog().waitFor()
      await page.keyboard.press('Escape')
      for (const label of [w.wizard.enterpriseName, w.wizard.legalName, w.wizard.legalIdNumber])
        expect(await clerk.label(label).getAttribute('aria-invalid'), label).toBeNull()
    })

    test('the records keep the reason', async () => {
      const { w, page } = clerk
      await clerk.signIn('pass')
      const session = await clerk.begin('legal_representative')
      await clerk.label(w.wizard.enterpriseName).fill('河北别名贸易有限公司')
      await clerk.label(w.wizard.legalIdNumber).fill(people.pass.legalNumber)
      for (let n = 0; n < 5; n++) {
        await clerk.button(w.wizard.next).click()
        await clerk.dialog().or(page.getByText(w.session.failed).first()).first().waitFor()
        await page.keyboard.press('Escape')
      }
      await page.goto(session)
      await clerk.sees(w.session.failed)
      for (const cause of said.causes) await clerk.sees(cause)
    })
  })
}
