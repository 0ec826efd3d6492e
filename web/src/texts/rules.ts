import { section } from './section'

/** Words of broken rules, by kind of field; `any` for all kinds. They say what the server's say. */
export default section(
  {
    any: {
      empty: '必填。',
      length: '长度不正确。',
      alphabet: '含有不允许的字符。',
      format: '格式不正确。',
      check_character: '号码有误：校验位不正确。',
      luhn: '号码有误：校验位不正确。',
      region: '号码有误：地区代码不存在。',
      birth_date: '号码有误：出生日期不正确。',
      date: '请按 YYYYMMDD 填写日期。',
      not_started: '有效期尚未开始。',
      expired: '证件已过有效期。',
      order: '截止日期应晚于起始日期。',
      validity_length: '身份证有效期应为5年、10年、20年或长期（长期有效请输入8个0）。',
      control_character: '含有不可见字符。',
    },
    uscc: { length: '统一社会信用代码应为18位。' },
    org_code: {
      length: '组织机构代码应为9位。',
      differs_from_uscc: '组织机构代码应为统一社会信用代码的第9至17位。',
    },
    name: { length: '应为2至100个字符。' },
    resident_id: {
      length: '身份证号码应为18位。',
      old_15_digit: '15位身份证号已停止使用，请填写18位身份证号。',
    },
    passport: {
      length: '护照号码应为9位。',
      format: '只能填写中华人民共和国制发的护照号码。',
    },
    bank_card: { length: '银行卡号应为12至19位数字。', alphabet: '银行卡号只能是数字。' },
    mobile: {
      length: '请填写中国大陆11位手机号。',
      alphabet: '请填写中国大陆11位手机号。',
      format: '请填写中国大陆11位手机号。',
    },
    sms_code: { format: '请填写6位数字验证码。' },
    password: { length: '密码应为8至128个字符。', differs: '两次输入的密码不一致。' },
    email: { format: '邮箱格式不正确。' },
    login_name: { format: "登录名应为3至64个字母、数字或 . _ - {'@'} 符号。" },
  },
  {
    any: {
      empty: 'Required.',
      length: 'The length is wrong.',
      alphabet: 'There is a character that is not allowed.',
      format: 'The format is wrong.',
      check_character: 'The code is mistyped: its check character does not fit.',
      luhn: 'The number is mistyped: its check digit does not fit.',
      region: 'The code is mistyped: there is no such region.',
      birth_date: 'The number is mistyped: the birth date is not right.',
      date: 'Give the date as YYYYMMDD.',
      not_started: 'The validity has not begun yet.',
      expired: 'The document has expired.',
      order: 'The end must be after the start.',
      validity_length: 'An ID card is valid for 5, 10 or 20 years, or long-term (enter eight zeros).',
      control_character: 'There is an invisible character.',
    },
    uscc: { length: 'A unified social credit code has 18 characters.' },
    org_code: {
      length: 'An organisation code has 9 characters.',
      differs_from_uscc: 'The organisation code is characters 9 to 17 of the unified social credit code.',
    },
    name: { length: '2 to 100 characters.' },
    resident_id: {
      length: 'An ID number has 18 characters.',
      old_15_digit: '15-digit ID numbers are no longer valid; give the 18-digit number.',
    },
    passport: {
      length: 'A passport number has 9 characters.',
      format: "Only a passport issued by the People's Republic of China.",
    },
    bank_card: { length: 'A bank card number has 12 to 19 digits.', alphabet: 'A bank card number has digits only.' },
    mobile: {
      length: 'Give a mainland mobile number of 11 digits.',
      alphabet: 'Give a mainland mobile number of 11 digits.',
      format: 'Give a mainland mobile number of 11 digits.',
    },
    sms_code: { format: 'Give the six digits of the code.' },
    password: { length: 'A password has 8 to 128 characters.', differs: 'The two passwords differ.' },
    email: { format: 'This is no e-mail address.' },
    login_name: { format: "A login name has 3 to 64 letters, digits or . _ - {'@'} signs." },
  },
)
