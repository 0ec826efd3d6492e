import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { content } from '../help/content'
import { topics } from '../help/topic'
import personalData from './personaldata'
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

const both = [
  flatten({ ...zh, personalData: personalData.zh } as unknown as Tree),
  flatten({ ...en, personalData: personalData.en } as unknown as Tree),
] as const

test('both languages say the same things with the same values', () => {
  expect([...both[0].keys()]).toEqual([...both[1].keys()])
  for (const [key, chinese] of both[0]) {
    const names = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()
    expect(names(both[1].get(key)!), key).toEqual(names(chinese))
  }
  for (const topic of topics) {
    const shape = (locale: 'zh-CN' | 'en') =>
      content(locale)[topic].sections.map((s) => [!!s.heading, s.text?.length ?? 0, s.steps?.length ?? 0])
    expect(shape('en'), topic).toEqual(shape('zh-CN'))
  }
})

test('each language is written in its own script', () => {
  const han = /\p{Script=Han}/u
  // The name of the other language, its name of the platform, and the text on the card itself.
  const names = new Set(['shell.platformOther', 'shell.otherLanguage', 'help.picture'])
  expect(
    [...both[0]].filter(([key, s]) => !han.test(s) && !names.has(key) && /[A-Za-z]/.test(s.replace(/\{\w+\}/g, ''))),
  ).toEqual([])
  expect([...both[1]].filter(([key, s]) => han.test(s) && !names.has(key))).toEqual([])
})

test('every brace of a text belongs to a value', () => {
  for (const [i, texts] of both.entries())
    for (const [key, text] of texts) expect(text.replace(/\{\w+\}/g, ''), `${i} ${key}`).not.toMatch(/[{}]/)
})

test("menu, labels and buttons are the manual's", () => {
  expect(zh.shell.entries).toMatchObject({
    account: '单位管理员信息',
    operators: '我的操作员',
    card: '我的IC卡（可选操作）',
    qualifications: '我的资质（可选操作）',
    seals: '印章管理',
    methods: '单位实名认证',
    importClient: '自动导入客户端管理',
  })
  expect(zh.account).toMatchObject({
    enterprise: '单位信息',
    name: '单位中文名称',
    uscc: '统一社会信用代码',
    orgCode: '组织机构代码（主体标识码）',
    address: '单位地址',
    legalName: '法定代表人姓名',
    legalIdType: '法定代表人证件类型',
    legalIdNumber: '法定代表人证件号码',
    changeEnterprise: '修改单位信息',
    changeLegal: '修改法定代表人信息',
    account: '账号信息',
    administrator: '单位管理员',
    password: '登录密码',
    cardPassword: 'IC卡密码',
    mobile: '绑定手机',
    region: '接入地区',
    email: '邮箱',
    settings: '账户设置',
    legalCountry: '法定代表人国家/地区',
    china: 'CHN-中国',
    validFrom: '身份证有效起始日期',
    validTo: '身份证有效截至日期',
    cancel: '取消',
    save: '保存',
    rulePassport: '（1） 当选择证件类型为“护照”时，只能填写中华人民共和国制发的护照，不能填写境外机构制发的护照。',
    ruleUnique:
      '（2） 一个企业下的所有账号，其归属人的证件号码不能重复，因此修改后的证件号码不能与本企业其他操作员的证件号码重复。',
  })
  expect(zh.terms.step).toMatchObject({
    enterprise: '核验企业信息',
    legal_representative: '核验法人身份信息',
    account_holder: '核验管理员身份信息',
    done: '完成',
  })
  expect(zh.terms.level).toEqual({ medium: '中', high: '高' })
  expect(zh.wizard).toMatchObject({
    title: '法人身份认证',
    helpLegal: '了解法人身份认证，点击',
    helpIdCard: '了解身份证认证、CTID，点击',
    help: '帮助',
    enterpriseName: '企业名称',
    uscc: '统一社会信用代码',
    orgCode: '组织机构代码',
    legalName: '法人姓名',
    legalIdType: '法人证件类型',
    legalIdNumber: '法人证件号码',
    next: '下一步',
    ownName: '本人姓名',
    ownIdType: '本人证件类型',
    ownIdNumber: '本人证件号码',
    validFrom: '身份证有效起始日期',
    validTo: '身份证有效截止日期',
    bankCardTitle: '银行卡实名认证',
    name: '姓名',
    idType: '证件类型',
    idNumberBank: '证件号',
    bankCard: '银行卡号',
    mobile: '银行预留手机号',
    smsCode: '手机验证码',
    getCode: '获取验证码',
    confirm: '确定',
    message: '信息',
    ukey: '银行Ukey认证',
    toBankCard: '切换到银行卡认证',
    cancel: '取消',
  })
  expect(zh.session).toMatchObject({
    resultTitle: '认证结果',
    enterpriseName: '企业名称',
    way: '认证方式',
    toMethodsMenu: '返回“企业实名认证”菜单',
  })
})

test("the manual's own wording is shown as it stands", () => {
  const chinese = [...both[0].values()]
  for (const wording of [
    '安全性高的密码可以使账号更安全，建议定期更换密码',
    '绑定手机可用于安全验证，找回密码等重要操作',
    '温馨提示： 修改信息后需要重新登录！',
    '认证结果：已通过企业实名认证！',
    '认证结果：IC认证成功！您需要退出所有应用后，重新登录才能生效。',
  ])
    expect(chinese).toContain(wording)
  expect(chinese.some((text) => text.includes('长期有效请输入8个0'))).toBe(true)
  expect(JSON.stringify(content('zh-CN')['bank-ukey'])).toContain('“跨境 e+”网银盾')
  // The pages show the service's two failure messages unchanged.
  const service = readFileSync('../shared/httpapi/texts_zh.go', 'utf8')
  expect(service).toContain('法定代表人信息验证不通过，请核对后重新填写，或可尝试银行卡认证方式。')
  expect(service).toContain(
    '您提交的身份证有效开始时间和有效截止时间未通过验证，请仔细检查是否填写错误，如果确认填写无误，可选择一个下面途径继续实名认证： 一、使用CTID APP开通CTID（使用方法可查看页面上的帮助文档），开通完成后继续身份证认证； 二、使用银行卡认证。',
  )
})
