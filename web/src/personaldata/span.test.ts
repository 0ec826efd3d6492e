import { expect, test } from 'vitest'
import { spanText } from './span'

test('a time span has the largest unit that divides it', () => {
  const spans: [number, string, string][] = [
    [94_608_000, '3 years', '3 年'],
    [94_867_200, '1098 days', '1098 天'],
    [15_552_000, '180 days', '180 天'],
    [172_800, '2 days', '2 天'],
    [86_400, '24 hours', '24 小时'],
    [300, '5 minutes', '5 分钟'],
    [61, '61 seconds', '61 秒钟'],
  ]
  for (const [seconds, en, zh] of spans) {
    expect(spanText(seconds, 'en')).toBe(en)
    expect(spanText(seconds, 'zh-CN')).toBe(zh)
  }
})
