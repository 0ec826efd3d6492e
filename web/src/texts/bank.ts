import { section } from './section'

export default section(
  {
    choose: '请选择开户银行',
    note: '需使用企业银行对公账号的 Ukey 登录银行系统进行实名制认证。选择后转到银行的认证页面，完成后自动返回。',
    handed: '将向银行传递以下信息',
    going: '正在前往{name}，请稍候',
    waitingTitle: '等待银行的认证结果',
    waiting: '已转到{name}。请在银行页面完成认证；银行通知结果后，本页自动更新。',
    again: '重新前往{name}',
    other: '选择其他银行',
    maybe: '如刚从银行返回，银行通知新的结果后，本页自动更新。',
    refused: '上一次未通过',
    none: '目前没有可用的银行，请选择其他认证方式。',
    guide: '银行 Ukey 认证说明',
  },
  {
    choose: 'Choose your bank',
    note:
      "You need the UKey of the enterprise's corporate bank account. " +
      "We take you to the bank's verification page. When you finish there, you return here automatically.",
    handed: 'Information for the bank',
    going: 'Going to {name}, please wait',
    waitingTitle: "Waiting for the bank's result",
    waiting:
      "We have taken you to {name}. Complete the verification on the bank's page. " +
      'This page updates when the bank sends its result.',
    again: 'Go to {name} again',
    other: 'Choose another bank',
    maybe: 'If you have just returned from the bank, this page updates when the bank sends a new result.',
    refused: 'The last attempt did not pass',
    none: 'No bank is available at the moment. Please choose another method.',
    guide: 'About verification by bank UKey',
  },
)
