import { section } from './section'

export default section(
  {
    title: '单位实名认证',
    intro: '实名认证需要完成两个方面的认证：企业信息认证和账号所有人身份信息认证。请选择一种认证方式。',
    presumedTitle: '本账号无需实名认证',
    presumed: '本账号视为已实名认证，可直接办理业务。',
    doneTitle: '实名认证已全部完成',
    done: '企业信息和账号所有人身份均已认证。',
    level: '安全级别：',
    recommended: '推荐',
    passed: '已通过',
    notVerified: '未认证',
    passedAt: '（{method}，{time}）',
    start: '开始认证',
    resume: '继续办理',
    others: '其他认证方式',
    which: '不知道选哪种？',
    compare: '了解各认证方式',
    minutes: {
      ic_card: '约 2 分钟',
      legal_representative: '约 5 分钟',
      bank_ukey: '约 3 分钟',
      account_holder: '约 2 分钟',
    },
    atHand: {
      ic_card: '需要：IC卡、读卡器、电脑',
      legal_representative: '需要：营业执照、法定代表人与本人的身份证件或银行卡',
      bank_ukey: '需要：对公账户的银行 Ukey、电脑',
      account_holder: '需要：本人的身份证件或银行卡',
    },
    needs: '需要准备',
    describe: {
      ic_card: '使用中国电子口岸法人卡或操作员卡及读卡器，由卡签名证明企业身份。',
      legal_representative: '填写企业和法定代表人信息，逐项核验，同时完成账号所有人身份认证。',
      bank_ukey: '使用企业对公账户的银行 Ukey，在银行页面确认企业身份。',
      account_holder: '核验账号所有人（管理员）本人的身份。企业信息须已通过认证。',
    },
    need: {
      ic_card: ['电脑', '电子口岸IC卡及密码', '读卡器', '已安装并运行的电子口岸客户端控件'],
      legal_representative: [
        '营业执照',
        '法定代表人的身份证件；身份证需填写有效期限，其他证件需使用法定代表人个人银行卡',
        '管理员（账号所有人）的身份证件或个人银行卡',
      ],
      bank_ukey: ['电脑', '企业对公账户的银行 Ukey 及密码', '银行的网银控件或驱动'],
      account_holder: ['管理员（账号所有人）的身份证件，或个人银行卡与银行预留手机号'],
    },
    holderTitle: '账号所有人身份信息认证',
    consentTitle: '个人信息处理授权',
    consentVersion: '版本 {version}',
    consent: '我已阅读并同意以上授权',
    recipients: '接收方',
    consentAgain: '请重新确认授权',
    consentChanged:
      '个人信息处理授权的内容（如接收方）已更新。请阅读并同意后继续，已通过的步骤和已填写的内容都会保留。',
    consentContinue: '同意并继续',
    consentMissing: '请先阅读并勾选同意。',
    live: '您有一个进行中的认证，可继续办理；也可取消后重新开始。',
    restart: '取消并重新开始',
    canceling: '正在取消',
    starting: '正在开始',
    other: '选择其他认证方式',
  },
  {
    title: 'Real-name verification',
    intro: 'Real-name verification covers two aspects: the enterprise and the account holder. Please choose a method.',
    presumedTitle: 'Your account does not need verification',
    presumed: 'Your account counts as verified. You can do business now.',
    doneTitle: 'Real-name verification is complete',
    done: 'Both the enterprise and the account holder are verified.',
    level: 'Security level:',
    recommended: 'recommended',
    passed: 'Passed',
    notVerified: 'Not verified',
    passedAt: '({method}, {time})',
    start: 'Start',
    resume: 'Continue',
    others: 'Other methods',
    which: 'Not sure which to choose?',
    compare: 'Read about the methods',
    minutes: {
      ic_card: 'about 2 minutes',
      legal_representative: 'about 5 minutes',
      bank_ukey: 'about 3 minutes',
      account_holder: 'about 2 minutes',
    },
    atHand: {
      ic_card: 'needs: IC card, card reader, computer',
      legal_representative: "needs: business license, the legal representative's and your own ID document or bank card",
      bank_ukey: "needs: bank UKey of the enterprise's corporate account, computer",
      account_holder: 'needs: your own ID document or bank card',
    },
    needs: 'What you need',
    describe: {
      ic_card:
        'Use a China E-Port legal-person or operator card and a card reader. ' +
        "The card's signature proves the enterprise's identity.",
      legal_representative:
        'Enter the information about the enterprise and its legal representative. ' +
        'We check each step, and the account holder too.',
      bank_ukey:
        "Use the bank UKey of the enterprise's corporate account to confirm the enterprise on the bank's page.",
      account_holder:
        'Verify the identity of the account holder (the administrator). The enterprise must be verified already.',
    },
    need: {
      ic_card: [
        'a computer',
        'the E-Port IC card and its password',
        'a card reader',
        'the E-Port client control, installed and running',
      ],
      legal_representative: [
        'the business license',
        "the legal representative's ID document: for an ID card, its validity dates; for any other document, a " +
          'personal bank card of the legal representative',
        "the administrator's (account holder's) ID document or personal bank card",
      ],
      bank_ukey: [
        'a computer',
        "the bank UKey of the enterprise's corporate account and its password",
        "the bank's client control or driver",
      ],
      account_holder: [
        "the administrator's (account holder's) ID document, or a personal bank card and the mobile number on " +
          'record at the bank',
      ],
    },
    holderTitle: "Account holder's identity",
    consentTitle: 'Consent to the processing of personal information',
    consentVersion: 'version {version}',
    consent: 'I have read and agree to the above',
    recipients: 'Recipients',
    consentAgain: 'Please consent again',
    consentChanged:
      'The consent has changed, for example its recipients. Read and accept it to continue. ' +
      'Completed steps and what you entered are kept.',
    consentContinue: 'Agree and continue',
    consentMissing: 'Please read the consent and check the box first.',
    live: 'You have a verification in progress. Continue it, or cancel it and start again.',
    restart: 'Cancel and start again',
    canceling: 'Canceling',
    starting: 'Starting',
    other: 'Choose another method',
  },
)
