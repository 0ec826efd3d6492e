import { expect, test } from 'vitest'
import { ofSite } from './logo'

test('a page shows the logos of its own site only', () => {
  const site = 'https://realname.example'
  for (const own of ['/banks/ccb.svg', `${site}/banks/ccb.svg`]) expect(ofSite(own, site), own).toBe(true)
  for (const other of [
    'https://bank.example/logo.svg',
    '//bank.example/logo.svg',
    `${site}.other.example/logo.svg`,
    'javascript:1',
  ]) {
    expect(ofSite(other, site), other).toBe(false)
  }
})
