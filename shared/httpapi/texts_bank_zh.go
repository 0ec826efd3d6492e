package httpapi

import (
	"realname/shared/realname"
)

// chineseBankProblem returns the texts of the bank method's problems: first the
// problems that users see, then those that a bank's developers see.
func chineseBankProblem(code realname.Code) (ProblemText, bool) {
	t := func(title, detail string, causes ...string) (ProblemText, bool) {
		return ProblemText{title, detail, causes}, true
	}
	switch code {
	case realname.CodeBankRefused:
		return t("银行未通过认证", "银行未能确认企业身份，请核对后重新认证，或选择其他认证方式。",
			"UKey 证书已过期或被吊销", "UKey 不是本企业对公账户的证书", "UKey 密码错误次数过多被锁定")
	case realname.CodeBankMismatch:
		return t("银行返回的企业与本企业不一致", "银行确认的企业名称、统一社会信用代码或组织机构代码与本企业不一致，认证未通过。请使用本企业对公账户的 UKey 重新认证，或选择其他认证方式。",
			"插入的是其他企业的 UKey", "企业在银行登记的名称或代码尚未更新")
	case realname.CodeBankUnavailable:
		return t("暂时不能前往该银行", "该银行的 UKey 认证暂时不可用，请稍后再试，或选择其他银行、其他认证方式。")
	case realname.CodeBankRequests:
		return t("前往银行的次数过多", "本次认证前往银行的次数过多，请取消后重新开始认证。")
	case realname.CodeBankSignature:
		return t("签名无效", "回调的签名头缺失、格式错误，或签名与内容不符。")
	case realname.CodeBankSerial:
		return t("密钥序列号未知", "RN-Serial 不是该银行当前有效的密钥。")
	case realname.CodeBankClock:
		return t("时间戳超出范围", "RN-Timestamp 与服务器时间相差超过300秒，请校准时钟后重新签名发送。")
	case realname.CodeBankNonce:
		return t("随机串已被使用", "RN-Nonce 已被使用，请换用新的随机串重新签名发送。")
	case realname.CodeBankRequestUnknown:
		return t("请求不存在", "没有这个请求编号。")
	case realname.CodeBankOther:
		return t("请求不属于该银行", "该请求不是发给本银行的。")
	case realname.CodeBankRequestClosed:
		return t("请求已关闭", "该请求已被新的请求代替，或其认证已经结束。结果已记录，未生效。")
	case realname.CodeBankResultConflict:
		return t("结果与已接受的不一致", "该请求已有不同的结果，本次结果未生效。")
	}
	return ProblemText{}, false
}

func (chinese) BankReason(r realname.BankReason) string {
	switch r {
	case realname.BankCertificateExpired:
		return "UKey 证书已过期，请到开户银行更新证书后重新认证。"
	case realname.BankCertificateRevoked:
		return "UKey 证书已被吊销，请到开户银行办理后重新认证。"
	case realname.BankCertificateInvalid:
		return "UKey 证书未通过银行校验，请确认插入的是本企业的 UKey 后重新认证。"
	case realname.BankPasswordLocked:
		return "UKey 密码错误次数过多，UKey 已锁定，请到开户银行解锁后重新认证。"
	case realname.BankAccountAbnormal:
		return "企业对公账户状态异常，请联系开户银行。"
	case realname.BankNotCorporate:
		return "插入的不是企业对公账户的 UKey，请更换后重新认证。"
	case realname.BankOtherEnterprise:
		return "UKey 证书中的企业与本企业不一致，请使用本企业的 UKey 重新认证。"
	case realname.BankUserCanceled:
		return "您在银行页面取消了认证，可重新认证。本次不计入次数。"
	case realname.BankTimedOut:
		return "在银行页面停留时间过长，认证未完成，可重新认证。本次不计入次数。"
	case realname.BankSystemError:
		return "银行系统暂时无法完成认证，请稍后再试。本次不计入次数。"
	}
	return "银行未能确认企业身份，请联系开户银行了解原因，也可重新认证或选择其他认证方式。"
}

func (chinese) BankName(b realname.BankName) (name, short string) { return b.Chinese, b.ShortChinese }
