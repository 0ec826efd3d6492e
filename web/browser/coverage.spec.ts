import { expect, test } from 'vitest'
import { missing } from './coverage'

// Runs after all other files (browser/vitest.config.ts).
test('every page and every dialog was looked at in both languages', () => {
  expect(missing(['zh', 'en'])).toEqual([])
})
