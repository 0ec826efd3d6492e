import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (f) => /\.(vue|ts)$/.test(f) && !f.endsWith('.test.ts'),
)

// The frame asks for a name from the list in dialogs.ts; the browser suite looks
// at each. Anything else that opens a box of its own would go unseen.
test('every dialog is of the one frame', () => {
  const opens =
    /\b(ElDialog|ElDrawer|ElMessageBox|ElPopconfirm|ElPopover)\b|<dialog\b|role="(alert)?dialog"|\b(alert|confirm|prompt)\((?!\))/
  const own = files.filter((f) => opens.test(readFileSync(`src/${f}`, 'utf8')))
  expect(own).toEqual(['components/PageDialog.vue'])
})
