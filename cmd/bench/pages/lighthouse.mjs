// Runs Lighthouse on the pages that a user sees most, signed in and with a warm cache: each page
// TIMES times with the mobile preset and once with the desktop preset. Prints the median scores.
// usage: node lighthouse.mjs URL [TIMES]
import lighthouse, { desktopConfig } from 'lighthouse'
import puppeteer from 'puppeteer-core'

const [site, times = '5'] = process.argv.slice(2)

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const page = await browser.newPage()
  const wizard = await arrive(page)
  for (const [name, path] of [
    ['account', '/account'],
    ['methods', '/methods'],
    ['wizard', wizard],
  ]) {
    console.log(`${name} mobile ${await score(page, site + path, undefined, Number(times))}`)
    console.log(`${name} desktop ${await score(page, site + path, desktopConfig, 1)}`)
  }
} finally {
  await browser.close()
}

/** Signs in as a demonstration account and starts a session. Returns the path of its page. */
async function arrive(page) {
  await page.goto(`${site}/login`)
  await page.waitForSelector('input[name=username]')
  await page.type('input[name=username]', 'pass')
  await page.type('input[name=password]', 'Demo-2026-realname')
  await page.click('button[type=submit]')
  await page.waitForFunction(() => location.pathname === '/account')
  await page.goto(`${site}/methods/legal_representative`)
  await page.waitForSelector('#consent')
  await page.click('#consent')
  await page.click('button[type=submit]')
  await page.waitForFunction(() => location.pathname.startsWith('/sessions/'))
  return new URL(page.url()).pathname
}

/** The median performance score. The token is in the tab's storage, which stays between the runs. */
async function score(page, url, config, runs) {
  const scores = []
  for (let tries = 0; scores.length < runs; tries++) {
    const flags = { disableStorageReset: true, onlyCategories: ['performance'], logLevel: 'error' }
    const { lhr } = await lighthouse(url, flags, config, page)
    if (lhr.runtimeError && tries < 2 * runs + 2) continue // on a busy machine it may miss the page's start
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`)
    if (new URL(lhr.finalDisplayedUrl).href !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`)
    scores.push(Math.round(lhr.categories.performance.score * 100))
  }
  return scores.sort((a, b) => a - b)[Math.floor(runs / 2)]
}
