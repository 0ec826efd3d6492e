import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (f) => /\.(vue|ts)$/.test(f) && !f.endsWith('.test.ts'),
)

// The frame requires a name from the list in dialogs.ts, and the browser suite inspects each. The
// suite would miss a dialog without the frame.
test('every dialog is of the one frame', () => {
  const opens = /<dialog\b|role="(alert)?dialog"|\b(alert|confirm|prompt)\((?!\))/
  const own = files.filter((f) => opens.test(readFileSync(`src/${f}`, 'utf8')))
  expect(own).toEqual(['components/PageDialog.vue'])
})
