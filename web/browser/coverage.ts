import { appendFileSync, readFileSync } from 'node:fs'
import { createMemoryHistory, createRouter } from 'vue-router'
import { dialogs } from '../src/dialogs'
import { routes } from '../src/routes'

/**
 * The file to which the test files of one run write the pages and dialogs that they inspected
 * (browser/vitest.config.ts).
 */
const file = process.env.LOOKED_AT!

const router = createRouter({ history: createMemoryHistory(), routes })

/**
 * Records that a test inspected a page, or the dialogs on it, in a language. Every dialog must be
 * in the list, including one for the problem code of a refusal.
 */
export function note(language: string, path: string, open: string[]): void {
  for (const name of open)
    if (!(dialogs as readonly string[]).includes(name)) throw new Error(`src/dialogs.ts does not list ${name}`)
  const seen = open.length > 0 ? open.map((name) => `dialog ${name}`) : [`page ${String(router.resolve(path).name)}`]
  appendFileSync(file, seen.map((what) => `${language} ${what}\n`).join(''))
}

/** The pages by route name and the dialogs by name that this run did not inspect. */
export function missing(languages: readonly string[]): string[] {
  const seen = new Set(readFileSync(file, 'utf8').split('\n'))
  const pages = router.getRoutes().flatMap((r) => (r.name ? [`page ${String(r.name)}`] : []))
  const all = [...pages, ...dialogs.map((name) => `dialog ${name}`)]
  return languages.flatMap((language) => all.map((what) => `${language} ${what}`)).filter((line) => !seen.has(line))
}
