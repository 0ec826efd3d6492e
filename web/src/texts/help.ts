import { section } from './section'

/** The frame of the help pages. Their content is in src/help. */
export default section(
  {
    title: '帮助',
    intro:
      '实名认证适用于由原检系统或其他地方系统迁入、尚未通过实名认证的企业用户。' +
      '通过单一窗口注册的企业用户，以及直接使用电子口岸卡介质登录的企业用户，视为已实名认证。',
    topics: '主题',
    contacts: '联系方式',
    noContacts: '本系统没有配置联系方式。',
    all: '全部帮助',
    picture: '居民身份证国徽面：下方“有效期限”一行是起止日期，例如 2016.04.25-2036.04.25',
    caption: '有效期限在国徽面下方（示意图，非真实证件）',
    backToSession: '返回正在办理的认证',
  },
  {
    title: 'Help',
    intro:
      'Real-name verification is for enterprises that were transferred from the former inspection system or another ' +
      'local system and have not completed it yet. Enterprises that registered through the Single Window, and ' +
      'enterprises that sign in with an E-Port card, count as verified.',
    topics: 'Topics',
    contacts: 'Contacts',
    noContacts: 'No contacts are configured.',
    all: 'All help',
    picture:
      'The side of the resident ID card with the national emblem. ' +
      'The line 有效期限 at the bottom shows the validity dates, for example 2016.04.25-2036.04.25',
    caption: 'The dates are at the bottom of the side with the emblem (a drawing, not a real card)',
    backToSession: 'Back to the verification in progress',
  },
)
