import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Half-width punctuation next to a Chinese character, where GB/T 15834 requires full width. */
const halfWidth = /\p{Script=Han}[,:;!?()]|[,:;!?()]\p{Script=Han}/u

/** Regular expressions that match the E-Port control's own texts. */
const expressions = /\/.*\/i?\.test\(said\)/g

const comments = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|<!--[\s\S]*?-->/gm

const files = [
  'index.html',
  'public/config.json',
  ...readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.(ts|vue)$/.test(f) && !/\.(test|gen)\.ts$/.test(f))
    .map((f) => join('src', f)),
]

test('Chinese texts have full-width punctuation', () => {
  const lines = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .replace(comments, '')
      .replace(expressions, '')
      .split('\n')
      .filter((line) => /\p{Script=Han}/u.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
  expect(lines.length).toBeGreaterThan(400)
  expect(lines.filter((line) => halfWidth.test(line))).toEqual([])
})
