import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browser, Clerk, type Language } from './clerk'
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

for (const language of ['zh', 'en'] as Language[]) {
  describe(`sign-ins in ${language}`, () => {
    beforeEach(async () => {
      clerk = await Clerk.arrive(place, language)
    })

    test('devices are listed, ended one by one and all at once', async () => {
      const { w, page } = clerk
      const other = await Service.as(place, 'pass')
      await clerk.signIn('pass')
      const list = page.getByRole('region', { name: w.signIns.title })
      await list.getByRole('listitem').nth(1).waitFor()
      expect(await list.getByRole('listitem').first().innerText()).toContain(w.signIns.current)
      await clerk.look('account-sign-ins')
      await list.getByRole('button', { name: `${w.signIns.end} ${w.signIns.unknown}` }).click()
      await clerk.sees(w.signIns.ended)
      await expect(other.get('/v1/account')).rejects.toThrow('401')
      expect(await list.getByRole('listitem').count()).toBe(1)
      await list.getByRole('button', { name: w.signIns.endAll }).click()
      await clerk.sees(w.login.left)
      await page.goto('/account')
      await page.waitForURL('**/login**')
    })

    test('a token is renewed while the user is active', async () => {
      const { page } = clerk
      await page.clock.install()
      await clerk.signIn('pass')
      const kept = () => page.evaluate(() => sessionStorage.getItem('realname.token'))
      const first = await kept()
      const renewals: string[] = []
      page.on('request', (r) => {
        if (r.url().endsWith('/v1/login/renewals')) renewals.push(r.url())
      })
      await page.keyboard.press('Shift')
      // An answer after the jump would tell the page that the server's clock did not jump.
      await page.waitForLoadState('networkidle')
      await page.clock.fastForward('06:00')
      expect(renewals, 'neither a new token nor a user who is away renews').toEqual([])
      await page.keyboard.press('Shift')
      await expect.poll(kept, { timeout: 15_000 }).not.toBe(first)
      await page.keyboard.press('Shift')
      expect(renewals).toHaveLength(1)
      await page.reload()
      await clerk.sees(clerk.w.signIns.title)
    })
  })
}
