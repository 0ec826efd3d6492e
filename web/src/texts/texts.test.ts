import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createI18n } from 'vue-i18n'
import { content, topics } from '../help/content'
import { en, zh } from '.'

type Tree = { [key: string]: string | readonly string[] | Tree }

function flatten(tree: Tree, path = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') flat.set(path + key, value)
    else if (Array.isArray(value)) value.forEach((v: string, i) => flat.set(`${path}${key}.${i}`, v))
    else for (const [k, v] of flatten(value as Tree, `${path}${key}.`)) flat.set(k, v)
  }
  return flat
}

const both = [flatten(zh as unknown as Tree), flatten(en as unknown as Tree)] as const

test('both languages say the same things with the same values', () => {
  expect([...both[0].keys()]).toEqual([...both[1].keys()])
  for (const [key, chinese] of both[0]) {
    const names = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()
    expect(names(both[1].get(key)!), key).toEqual(names(chinese))
  }
  for (const topic of topics) {
    const shape = (locale: 'zh-CN' | 'en') => content(locale)[topic].sections.map((s) => [!!s.heading, s.text?.length ?? 0, s.steps?.length ?? 0])
    expect(shape('en'), topic).toEqual(shape('zh-CN'))
  }
})

test('every message is one that vue-i18n understands', () => {
  const i18n = createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': zh, en } })
  for (const [i, locale] of (['zh-CN', 'en'] as const).entries()) {
    for (const key of both[i]!.keys()) expect(() => i18n.global.t(key, {}, { locale }), key).not.toThrow()
  }
})

test('the manual\'s own wording is shown as it stands', () => {
  const chinese = [...both[0].values()]
  for (const wording of [
    '安全性高的密码可以使账号更安全,建议定期更换密码',
    '绑定手机可用于安全验证,找回密码等重要操作',
    '温馨提示: 修改信息后需要重新登录!',
    '认证结果:已通过企业实名认证!',
    '认证结果:IC认证成功!您需要退出所有应用后,重新登录才能生效。',
  ]) expect(chinese).toContain(wording)
  expect(chinese.some((text) => text.includes('长期有效请输入8个0'))).toBe(true)
  // The two failure messages are the service's, which the pages show unchanged.
  const service = readFileSync('../shared/httpapi/texts_zh.go', 'utf8')
  expect(service).toContain('法定代表人信息验证不通过,请核对后重新填写,或可尝试银行卡认证方式。')
  expect(service).toContain('您提交的身份证有效开始时间和有效截止时间未通过验证,请仔细检查是否填写错误,如果确认填写无误,可选择一个下面途径继续实名认证: 一、使用CTID APP开通CTID(使用方法可查看页面上的帮助文档),开通完成后继续身份证认证; 二、使用银行卡认证。')
})
