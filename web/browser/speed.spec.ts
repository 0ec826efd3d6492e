import { afterAll, expect, test } from 'vitest'
import { browser, Clerk } from './clerk'
import { start } from './place'

afterAll(async () => (await browser()).close())

/**
 * Measures the pages that open first, as Lighthouse does. Times are printed and never fail. A shift
 * of the layout fails the test.
 */
test('first paint and layout shift', async () => {
  const place = await start()
  const clerk = await Clerk.arrive(place)
  await clerk.page.addInitScript(() => {
    const w = window as unknown as { shift: number }
    w.shift = 0
    new PerformanceObserver((list) => {
      for (const e of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!e.hadRecentInput) w.shift += e.value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  const measure = async (path: string) => {
    await clerk.page.goto(path, { waitUntil: 'networkidle' })
    await clerk.page.waitForTimeout(300)
    const m = await clerk.page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      shift: (window as unknown as { shift: number }).shift,
      bytes: (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).reduce(
        (sum, r) => sum + r.encodedBodySize,
        0,
      ),
    }))
    console.log(
      `${path.padEnd(10)} first contentful paint ${m.paint.toFixed(0)} ms, ` +
        `layout shift ${m.shift.toFixed(3)}, ${(m.bytes / 1000).toFixed(0)} kB uncompressed`,
    )
    return m
  }
  const login = await measure('/login')
  await clerk.signIn('pass')
  const shifts = [login.shift]
  for (const path of ['/account', '/methods', '/sessions', '/help']) shifts.push((await measure(path)).shift)
  await clerk.leave()
  place.stop()
  expect(Math.max(...shifts)).toBeLessThan(0.1)
})
