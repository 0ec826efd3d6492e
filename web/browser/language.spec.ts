import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk } from './clerk'
import { en } from '../src/texts'
import { people } from './people'
import { start, type Place } from './place'

let place: Place
let clerk: Clerk

const countdown = new RegExp(en.wizard.codeAgain.replace('{n}', '\\d+'))

/** The language changes on a page that is under way. */
beforeEach(async () => {
  place = await start()
})
afterEach(async () => {
  await clerk.leave()
  place.stop()
})
afterAll(async () => (await browser()).close())

test('the language changes while a code is counted down, and nothing is forgotten', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await page.goto('/reset-password')
  await clerk.label(w.login.loginName).fill('pass')
  await clerk.label(w.access.boundMobile).fill(people.pass.holderMobile)
  await clerk.button(w.wizard.getCode).click()
  await clerk.sees(w.wizard.codeSent)
  await clerk.button(w.shell.otherLanguage).click()
  await clerk.sees(en.wizard.codeSent)
  expect(await page.locator('.code').innerText()).toMatch(countdown)
})

test('the language changes after a failure, and its texts with it', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await page.goto('/login')
  await clerk.label(w.login.loginName).fill('pass')
  await clerk.label(w.login.password).fill('wrong')
  await clerk.button(w.login.submit).click()
  const failure = page.getByRole('alert').filter({ has: page.getByRole('heading') })
  await failure.waitFor()
  const said = await failure.innerText()
  await clerk.button(w.shell.otherLanguage).click()
  await page.getByText('The login name or the password is wrong').first().waitFor()
  expect(await failure.innerText()).not.toMatch(/[一-鿿]/)
  await clerk.button(en.shell.otherLanguage).click()
  expect(await failure.innerText()).toBe(said)

  await clerk.signIn('passport')
  await clerk.begin('legal_representative')
  await clerk.label(w.wizard.legalIdNumber).fill('E87654321')
  await clerk.button(w.wizard.next).click()
  await clerk.button(w.wizard.cancel).click()
  const chinese = page.getByRole('alert').filter({ hasText: w.trouble.attemptsLeft.replace('{n}', '4') })
  await chinese.waitFor()
  await clerk.choose(w.shell.otherLanguage)
  const english = page.getByRole('alert').filter({ hasText: en.trouble.attemptsLeft.replace('{n}', '4') })
  await english.waitFor()
  expect(await english.innerText()).not.toMatch(/[一-鿿]/)

  await page.goto('/sessions')
  await page.getByText(en.session.steps).click()
  const record = page.locator('details li').first()
  expect(await record.innerText()).toMatch(/[a-z]{4}/)
  await clerk.button(en.shell.userMenu).click()
  await page.locator('#user-menu').getByRole('button', { name: en.shell.otherLanguage }).click()
  await expect.poll(() => record.innerText()).not.toMatch(/[a-z]{4}/)
})

test('the language changes after a wrong SMS code, and its field follows', async () => {
  clerk = await Clerk.arrive(place)
  const { w, page } = clerk
  await clerk.signIn('passport')
  await clerk.begin('legal_representative')
  await clerk.label(w.wizard.legalIdNumber).fill(people.passport.legalNumber)
  await clerk.button(w.wizard.next).click()
  await clerk.label(w.wizard.bankCard).fill(people.passport.legalCard)
  await clerk.label(w.wizard.mobile).fill(people.passport.legalMobile)
  await clerk.button(w.wizard.getCode).click()
  await clerk.sees(w.wizard.codeSent)
  await clerk.label(w.wizard.smsCode).fill('000000')
  await clerk.button(w.wizard.confirm).click()
  await clerk.sees(w.trouble.guessesLeft.replace('{n}', '4'))
  await clerk.choose(w.shell.otherLanguage)
  const field = page.locator('.field', { has: clerk.label(en.wizard.smsCode) })
  expect(await field.locator('.error').innerText()).toContain('The SMS code is wrong.')
  expect(await field.locator('.error').innerText()).not.toMatch(/[一-鿿]/)
  expect(await page.locator('.code').innerText()).toMatch(countdown)
  expect(await clerk.label(en.wizard.smsCode).inputValue()).toBe('000000')
})
