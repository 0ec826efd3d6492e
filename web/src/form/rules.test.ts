import { expect, test, vi } from 'vitest'
import { dateDigits, groupDate } from './rules'

// It needs a browser.
vi.mock('../i18n', () => ({ t: (key: string) => key, locale: () => 'zh-CN' }))

/** Enters a date key by key, as DateField does. */
const typed = (keys: string) => [...keys].reduce((shown, key) => groupDate(shown + key), '')

test.each([
  ['20160405', '20160405'],
  ['2016.04.05', '20160405'],
  ['2016.4.5', '20160405'],
  ['2016/4/15', '20160415'],
  ['2016-4-15', '20160415'],
  ['2016年4月5日', '20160405'],
  ['２０１６年４月５日', '20160405'],
  ['2016 年 11 月 5 日', '20161105'],
  ['00000000', '00000000'],
])('%s pasted is the day %s', (pasted, day) => {
  expect(dateDigits(groupDate(pasted))).toBe(day)
})

test.each([
  ['20160405', '2016-04-05'],
  ['2016.4.15', '2016-04-15'],
  ['2016-4-15', '2016-04-15'],
  ['2016.04.15', '2016-04-15'],
  ['00000000', '00000000'],
])('%s typed key by key shows %s', (keys, shown) => {
  expect(typed(keys)).toBe(shown)
})

test('a day half typed is not completed', () => {
  expect(typed('2016042')).toBe('2016-04-2')
  expect(dateDigits('2016-04-2')).toBe('2016042')
})
