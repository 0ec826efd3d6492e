import { section } from './section'

/** Texts of broken rules by kind of field; `any` applies to all kinds. They match the server's texts. */
export default section(
  {
    any: {
      empty: '必填。',
      length: '长度不正确。',
      alphabet: '含有不允许的字符。',
      format: '格式不正确。',
      check_character: '号码有误：校验位不正确。',
      department: '代码有误：第1位不是登记管理部门代码。',
      region: '号码有误：地区代码不存在。',
      birth_date: '号码有误：出生日期不正确。',
      date: '请按 YYYYMMDD 填写日期。',
      not_started: '有效期尚未开始。',
      expired: '证件已过有效期。',
      order: '截止日期应晚于起始日期。',
      validity_length: '身份证有效期应为5年、10年、20年或长期（长期有效请输入8个0）。',
      control_character: '含有不可见字符。',
      placeholder: '有一个字丢失或无法显示，请按证照填写全名。',
      masked: '请填写完整姓名或名称，不要用 * 代替。',
    },
    uscc: {
      length: '统一社会信用代码应为18位。',
      check_character: '校验位不符合编码规则，请与营业执照核对。',
      org_code: '代码有误：第9至17位不是有效的组织机构代码。',
    },
    org_code: {
      length: '组织机构代码应为9位。',
      differs_from_uscc: '组织机构代码应为统一社会信用代码的第9至17位。',
    },
    name: { length: '姓名应为1至100个字符，企业名称应为2至100个字符。' },
    resident_id: {
      length: '身份证号码应为18位。',
      old_15_digit: '15位身份证号已停止使用，请填写18位身份证号。',
      hk_macao_residence: '这是港澳居民居住证号码，请将证件类型选为港澳居民居住证。',
      taiwan_residence: '这是台湾居民居住证号码，请将证件类型选为台湾居民居住证。',
    },
    passport: {
      length: '护照号码应为9位。',
      format: '只能填写中华人民共和国制发的护照号码。',
    },
    bank_card: {
      length: '银行卡号应为12至19位数字。',
      alphabet: '银行卡号只能是数字。',
      luhn: '校验位不符合编码规则，请与银行卡核对。',
    },
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
      alphabet: 'This contains a character that is not allowed.',
      format: 'The format is wrong.',
      check_character: 'The number is mistyped: its check character is wrong.',
      department: 'The code is mistyped: its first character is not a registration authority.',
      region: 'The number is mistyped: its region code does not exist.',
      birth_date: 'The number is mistyped: its birth date is not valid.',
      date: 'Enter the date as YYYYMMDD.',
      not_started: 'The validity period has not started yet.',
      expired: 'The document has expired.',
      order: 'The end date must be after the start date.',
      validity_length: 'An ID card must be valid for 5, 10 or 20 years, or long-term (enter eight zeros).',
      control_character: 'This contains an invisible character.',
      placeholder: 'A character is missing. Enter the full name as on the document.',
      masked: 'Enter the full name. Do not replace characters with *.',
    },
    uscc: {
      length: 'The unified social credit code must have 18 characters.',
      check_character: 'The check character does not follow the rule. Compare the code with the license.',
      org_code: 'The code is mistyped: characters 9 to 17 are not a valid organization code.',
    },
    org_code: {
      length: 'The organization code must have 9 characters.',
      differs_from_uscc: 'The organization code must be characters 9 to 17 of the unified social credit code.',
    },
    name: { length: 'Enter 1 to 100 characters for a person, 2 to 100 for an enterprise.' },
    resident_id: {
      length: 'The ID number must have 18 characters.',
      old_15_digit: '15-digit ID numbers are no longer valid. Enter the 18-digit number.',
      hk_macao_residence:
        'This is the number of a residence permit for Hong Kong or Macao residents. Choose that ID type.',
      taiwan_residence: 'This is the number of a residence permit for Taiwan residents. Choose that ID type.',
    },
    passport: {
      length: 'The passport number must have 9 characters.',
      format: "Only passports issued by the People's Republic of China are accepted.",
    },
    bank_card: {
      length: 'The bank card number must have 12 to 19 digits.',
      alphabet: 'The bank card number can contain only digits.',
      luhn: 'The check digit does not follow the rule. Compare the number with the card.',
    },
    mobile: {
      length: 'Enter an 11-digit mobile number from mainland China.',
      alphabet: 'Enter an 11-digit mobile number from mainland China.',
      format: 'Enter an 11-digit mobile number from mainland China.',
    },
    sms_code: { format: 'Enter the 6-digit code.' },
    password: {
      length: 'The password must have 8 to 128 characters.',
      differs: 'The two passwords do not match.',
    },
    email: { format: 'Enter a valid e-mail address.' },
    login_name: { format: "The login name must be 3 to 64 letters, digits or . _ - {'@'} signs." },
  },
)
