import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { browser, Clerk } from './clerk'
import { start, type Place } from './place'
import { CardTrouble } from '../src/eport/trouble'

let place: Place
let clerk: Clerk

beforeEach(async () => {
  place = await start()
  clerk = await Clerk.arrive(place)
})
afterEach(async () => {
  await clerk.leave()
  place.stop()
})
afterAll(async () => (await browser()).close())

/** The user's choice in the browser's prompt. Chromium denies what is not granted. */
async function choose(choice: 'allow' | 'block'): Promise<void> {
  await clerk.page.context().grantPermissions(choice === 'allow' ? ['local-network-access'] : [], { origin: place.url })
}

test('while the browser asks, the page waits and says what to click', async () => {
  const { w, page } = clerk
  let answer = () => {}
  await page.routeWebSocket('ws://127.0.0.1:61232', (socket) => {
    answer = () => socket.send(JSON.stringify({ _id: 0, _method: 'open', _status: '00', _args: {} }))
  })
  await page.clock.install()
  await clerk.signIn('pass')
  await clerk.begin('ic_card')
  await clerk.sees(w.card.asking)
  await page.clock.fastForward(60_000)
  await clerk.sees(w.card.asking)
  await choose('allow')
  answer()
  await page.getByText(w.card.asking).waitFor({ state: 'hidden' })
})

test('after a denial, the page says how to grant it', async () => {
  const { w, page } = clerk
  await choose('block')
  let refuse = () => {}
  await page.routeWebSocket('ws://127.0.0.1:61232', (socket) => {
    refuse = () => void socket.close()
  })
  await clerk.signIn('pass')
  await clerk.begin('ic_card')
  await clerk.sees(w.card.checking)
  refuse()
  await clerk.sees(new CardTrouble('not_allowed').readable('zh-CN'))
  expect(await page.getByText(new CardTrouble('not_running').readable('zh-CN')).count()).toBe(0)
})
