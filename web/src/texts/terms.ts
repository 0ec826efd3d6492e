import { section } from './section'

/** Names for the codes of the service. */
export default section(
  {
    method: {
      ic_card: '中国电子口岸 IC 卡认证',
      legal_representative: '法定代表人身份证件信息认证',
      bank_ukey: '银行 Ukey 认证',
      account_holder: '账号所有人身份认证',
    },
    methodShort: {
      ic_card: 'IC卡认证',
      legal_representative: '法人身份认证',
      bank_ukey: '银行Ukey认证',
      account_holder: '账号所有人身份认证',
    },
    idType: {
      resident_id: '居民身份证',
      passport: '护照',
      hk_macao_permit: '港澳居民来往内地通行证',
      hk_macao_residence: '港澳居民居住证',
      taiwan_permit: '台湾居民来往大陆通行证',
      taiwan_residence: '台湾居民居住证',
      foreign_permanent_resident: '外国人永久居留身份证',
    },
    level: { medium: '中', high: '高' },
    aspect: { enterprise: '企业信息认证', holder: '账号所有人身份信息认证' },
    aspectState: { passed: '已认证', not_passed: '未认证' },
    step: {
      enterprise: '核验企业信息',
      legal_representative: '核验法人身份信息',
      account_holder: '核验管理员身份信息',
      bank: '银行认证',
      card: 'IC卡认证',
      done: '完成',
    },
    outcome: { pending: '待办理', passed: '通过', failed: '未通过' },
    by: { id_card: '身份证认证', bank_card: '银行卡认证' },
    status: {
      requires_input: '办理中',
      processing: '处理中',
      verified: '已通过',
      failed: '未通过',
      canceled: '已取消',
      expired: '已过期',
    },
  },
  {
    method: {
      ic_card: 'China E-Port IC card',
      legal_representative: "Legal representative's ID document",
      bank_ukey: 'Bank UKey',
      account_holder: "Account holder's identity",
    },
    methodShort: {
      ic_card: 'IC card',
      legal_representative: "Legal representative's identity",
      bank_ukey: 'Bank UKey',
      account_holder: "Account holder's identity",
    },
    idType: {
      resident_id: 'Resident ID card',
      passport: 'Passport',
      hk_macao_permit: 'Mainland travel permit for Hong Kong and Macao residents',
      hk_macao_residence: 'Residence permit for Hong Kong and Macao residents',
      taiwan_permit: 'Mainland travel permit for Taiwan residents',
      taiwan_residence: 'Residence permit for Taiwan residents',
      foreign_permanent_resident: 'Foreign permanent resident ID card',
    },
    level: { medium: 'medium', high: 'high' },
    aspect: { enterprise: 'Enterprise information', holder: "Account holder's identity" },
    aspectState: { passed: 'verified', not_passed: 'not verified' },
    step: {
      // On a narrow phone, words break at the soft hyphens.
      enterprise: 'Enterprise',
      legal_representative: 'Legal represen\u00ADtative',
      account_holder: 'Adminis\u00ADtrator',
      bank: 'Bank',
      card: 'IC card',
      done: 'Done',
    },
    outcome: { pending: 'pending', passed: 'passed', failed: 'not passed' },
    by: { id_card: 'ID card', bank_card: 'bank card' },
    status: {
      requires_input: 'in progress',
      processing: 'processing',
      verified: 'passed',
      failed: 'not passed',
      canceled: 'canceled',
      expired: 'expired',
    },
  },
)
