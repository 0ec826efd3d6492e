import { mkdir } from 'node:fs/promises'
import axeSource from 'axe-core/axe.min.js?raw'
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import * as texts from '../src/texts'
import { note } from './coverage'
import { password, type Place } from './place'
import { undecided } from './undecided'

export type Language = 'zh' | 'en'
const words = { zh: texts.zh, en: texts.en } as const

const shots = process.env.SHOTS ?? 'browser/shots'

let shared: Browser | null = null

/** The Chromium of a test file: CHROMIUM, or otherwise Debian's. */
export async function browser(): Promise<Browser> {
  shared ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  return shared
}

/** A clerk at a computer with a browser of their own, which must report no errors. */
export class Clerk {
  readonly page: Page
  readonly place: Place
  readonly language: Language
  readonly w: (typeof words)[Language]
  readonly #context: BrowserContext
  readonly complaints: string[] = []

  private constructor(place: Place, language: Language, context: BrowserContext, page: Page) {
    this.place = place
    this.language = language
    this.w = words[language]
    this.#context = context
    this.page = page
    page.on('pageerror', (e) => this.complaints.push(String(e)))
    page.on('console', (m) => {
      // The browser itself logs each refusal by the service; that is not an error.
      if ((m.type() === 'error' || m.type() === 'warning') && !m.text().startsWith('Failed to load resource'))
        this.complaints.push(m.text())
    })
  }

  static async arrive(
    place: Place,
    language: Language = 'zh',
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Clerk> {
    const context = await (
      await browser()
    ).newContext({
      baseURL: place.url,
      viewport: { width: 1280, height: 860 },
      locale: language === 'en' ? 'en-US' : 'zh-CN',
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    if (language === 'en') await page.addInitScript(() => localStorage.setItem('realname.language', 'en'))
    return new Clerk(place, language, context, page)
  }

  /** Leaves. Errors that the browser reported fail the test, including violations of the Content-Security-Policy. */
  async leave(): Promise<void> {
    await this.#context.close()
    expect(this.complaints).toEqual([])
  }

  async signIn(loginName: string, to = '/'): Promise<void> {
    await this.page.goto(to === '/' ? '/login' : to)
    await this.label(this.w.login.loginName).fill(loginName)
    await this.label(this.w.login.password).fill(password)
    await this.button(this.w.login.submit).click()
    await this.page.waitForURL((url) => url.pathname !== '/login')
  }

  /** Redirects the page's connection from the fixed port of the control to the control of this test's service. */
  async plugIn(): Promise<void> {
    const control = await this.place.control()
    await this.page.routeWebSocket('ws://127.0.0.1:61232', (page) => {
      const reader = new WebSocket(control)
      const early: string[] = []
      page.onMessage((m) => {
        if (reader.readyState === WebSocket.OPEN) reader.send(String(m))
        else early.push(String(m))
      })
      reader.on('open', () => early.forEach((m) => reader.send(m)))
      reader.on('message', (m) => page.send(String(m)))
      reader.on('close', () => void page.close().catch(() => {}))
      reader.on('error', () => void page.close().catch(() => {}))
      page.onClose(() => reader.close())
    })
  }

  label(name: string): Locator {
    return this.page.getByLabel(name, { exact: true })
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  link(name: string): Locator {
    return this.page.getByRole('link', { name })
  }

  dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  /** Opens the user's menu and chooses an entry of it. */
  async choose(entry: string): Promise<void> {
    await this.button(this.w.shell.userMenu).click()
    await this.page.locator('#user-menu').getByRole('button', { name: entry }).click()
  }

  /** Closes the dialog with Escape, also if it asks about typed content. */
  async escape(): Promise<void> {
    await this.page.keyboard.press('Escape')
    const anyway = this.button(this.w.shell.closeAnyway)
    if (await anyway.isVisible()) await anyway.click()
    await this.dialog().waitFor({ state: 'hidden' })
  }

  /** Opens the details of a failure, which have the request ID. */
  async details(): Promise<void> {
    await this.page.getByText(this.w.trouble.details).click()
    await this.page.getByText(this.w.trouble.requestId).waitFor()
  }

  /** Chooses the other check of step 2 or 3. */
  async check(by: 'id_card' | 'bank_card'): Promise<void> {
    await this.page.getByRole('radio', { name: this.w.wizard.check[by], exact: true }).check()
  }

  async sees(text: string): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  /** Reads the consent, agrees and starts a method. Returns the path of its session. */
  async begin(method: string): Promise<string> {
    await this.page.goto(`/methods/${method}`)
    await this.page.getByText(this.w.methods.consent, { exact: true }).click()
    await this.button(this.w.methods.start).click()
    await this.page.waitForURL('**/sessions/*')
    return new URL(this.page.url()).pathname
  }

  /**
   * Inspects the page: no accessibility violation at desktop and phone width, no content outside the window from phone to wide screen, and the focus inside an
   * open dialog. It also takes a picture at both widths; those in English are in the folder en.
   */
  async look(name: string): Promise<void> {
    await this.#still()
    for (const [width, height] of [
      [1280, 860],
      [375, 740],
    ] as const) {
      await this.page.setViewportSize({ width, height })
      await this.#still()
      await this.accessible(`${name} at ${width} px`)
      await this.#fits(name)
      await this.picture(`${name}-${width}`)
    }
    for (const width of [768, 1920]) {
      await this.page.setViewportSize({ width, height: 860 })
      await this.#fits(name)
    }
    await this.page.setViewportSize({ width: 1280, height: 860 })
    const dialogs = await this.page
      .locator('[data-dialog]:visible')
      .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.dialog!))
    if (dialogs.length > 0)
      expect(
        await this.page.evaluate(() => document.activeElement?.closest('dialog') !== null),
        `${name} holds the focus`,
      ).toBe(true)
    const { pathname } = new URL(this.page.url())
    if (!pathname.startsWith('/sandbox/')) note(this.language, pathname, dialogs)
  }

  /** Waits until all animations have ended, except spinners, which never do. */
  async #still(): Promise<void> {
    await this.page.evaluate(async () => {
      const moving = () =>
        document
          .getAnimations()
          .filter((a) => a.playState !== 'finished' && a.effect?.getComputedTiming().iterations !== Infinity)
      do {
        await Promise.allSettled(moving().map((a) => a.finished))
        await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))
      } while (moving().length > 0)
    })
  }

  /** No content is outside the window, on the page or in a dialog, no text is cut off, and the bar is one row. */
  async #fits(name: string): Promise<void> {
    const beyond = await this.page.evaluate(() => {
      const told = (e: Element) =>
        `${e.tagName.toLowerCase()}.${e.className} “${(e.textContent ?? '').trim().slice(0, 40)}”`
      const shown = [...document.querySelectorAll<HTMLElement>('body *')].filter(
        (e) => e.checkVisibility() && !e.closest('.visually-hidden, .skip, thead'),
      )
      return [
        ...(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []),
        ...shown
          .filter((e) => e.matches('header:has(.tools)') && e.clientHeight > 60)
          .map((e) => `higher than one row: ${told(e)}`),
        ...shown.filter((e) => e.matches('header .btn') && e.clientHeight > 32).map((e) => `on two lines: ${told(e)}`),
        ...shown
          .filter((e) => {
            const r = e.getBoundingClientRect()
            return r.width > 0 && (r.right > innerWidth + 1 || r.left < -1)
          })
          .map((e) => `beyond the edge: ${told(e)}`),
        ...shown
          .filter(
            (e) =>
              e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && e.tagName !== 'INPUT',
          )
          .map((e) => `wider than its box: ${told(e)}`),
      ]
    })
    expect(beyond, `${name} at ${this.page.viewportSize()!.width} px`).toEqual([])
  }

  /** Takes a picture for docs/screenshots. */
  async picture(file: string): Promise<void> {
    const folder = this.language === 'zh' ? shots : `${shots}/en`
    await mkdir(folder, { recursive: true })
    const fullPage = (await this.dialog().count()) === 0
    await this.page.screenshot({ path: `${folder}/${file}.png`, fullPage, caret: 'hide' })
  }

  /**
   * The page breaks no rule of axe, best practices included, and what axe cannot decide is explained
   * (browser/undecided.ts).
   */
  async accessible(what: string): Promise<void> {
    await this.page.evaluate(axeSource)
    const found = await this.page.evaluate(async () => {
      interface Rule {
        id: string
        impact: string
        nodes: { html: string; failureSummary: string; any: { id: string; data: { messageKey?: string } | null }[] }[]
      }
      const { axe } = window as unknown as {
        axe: { run: (options: object) => Promise<{ violations: Rule[]; incomplete: Rule[] }> }
      }
      // The sandbox bank's pages stand for another site: only what stops a person counts there.
      const ours = !location.pathname.startsWith('/sandbox/')
      const result = await axe.run({ resultTypes: ['violations', 'incomplete'] })
      return {
        violations: result.violations
          .filter((v) => ours || v.impact === 'serious' || v.impact === 'critical')
          .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join('; ')}`),
        incomplete: result.incomplete.flatMap(({ id, nodes }) =>
          nodes.map((n) => ({ why: `${id}/${n.any[0]?.data?.messageKey ?? n.any[0]?.id ?? ''}`, html: n.html })),
        ),
        ours,
      }
    })
    expect(found.violations, what).toEqual([])
    const open = found.incomplete.filter(({ why }) => found.ours && !(why in undecided))
    expect(
      open.map(({ why, html }) => `${why}: ${html}`),
      `${what}: left to a person`,
    ).toEqual([])
  }

  /** Presses Tab until the target has the focus, as a person without a mouse does. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor()
    const there = await target.elementHandle()
    for (let i = 0; i < 80; i++) {
      if (await this.page.evaluate((e) => document.activeElement === e, there)) return
      await this.page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${String(target)}`)
  }

  /** Types into a field with the keyboard only. */
  async type(label: string, text: string): Promise<void> {
    await this.tabTo(this.label(label))
    await this.page.keyboard.press('ControlOrMeta+A')
    await this.page.keyboard.type(text)
  }

  async press(name: string): Promise<void> {
    await this.tabTo(this.button(name))
    await this.page.keyboard.press('Enter')
  }
}
