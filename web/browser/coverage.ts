import { appendFileSync, readFileSync } from 'node:fs'
import { createMemoryHistory, createRouter } from 'vue-router'
import { dialogs } from '../src/dialogs'
import { routes } from '../src/routes'

/** Where the files of one run write what they looked at (browser/vitest.config.ts). */
const file = process.env.LOOKED_AT!

const router = createRouter({ history: createMemoryHistory(), routes })

/**
 * Notes that a page, or the dialogs on it, were looked at in a language. A dialog that is not in
 * the list is one more code of a refusal.
 */
export function note(language: string, path: string, open: string[]): void {
  for (const name of open)
    if (!(dialogs as readonly string[]).includes(name)) throw new Error(`src/dialogs.ts does not list ${name}`)
  const seen = open.length > 0 ? open.map((name) => `dialog ${name}`) : [`page ${String(router.resolve(path).name)}`]
  appendFileSync(file, seen.map((what) => `${language} ${what}\n`).join(''))
}

/** What nobody looked at in this run: pages by their route, dialogs by their name. */
export function missing(languages: readonly string[]): string[] {
  const seen = new Set(readFileSync(file, 'utf8').split('\n'))
  const pages = router.getRoutes().flatMap((r) => (r.name ? [`page ${String(r.name)}`] : []))
  const all = [...pages, ...dialogs.map((name) => `dialog ${name}`)]
  return languages.flatMap((language) => all.map((what) => `${language} ${what}`)).filter((line) => !seen.has(line))
}
