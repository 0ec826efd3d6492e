package httpapi

import "realname/shared/realname"

func (chinese) Consent(m realname.Method) string {
	const (
		person = "姓名、证件类型和证件号码；按所选的核验方式，还有身份证有效期限，或银行卡号和银行预留手机号。"
		only   = "这些信息仅用于本次核验，只提供给下列接收方。信息在本系统加密保存，认证结束后即删除本次填写的证件与银行卡信息。"
		free   = "我可以不同意并选择其他认证方式，也可以在认证结束前取消。"
	)
	switch m {
	case realname.LegalRepresentative:
		return "为完成企业实名认证，我同意国际贸易单一窗口收集并核验以下个人信息：法定代表人和账号所有人的" + person + only + free
	case realname.AccountHolder:
		return "为完成账号所有人身份认证，我同意国际贸易单一窗口收集并核验本人的以下个人信息：" + person + only +
			"我可以不同意，也可以在认证结束前取消。"
	case realname.BankUKey:
		return "为完成银行Ukey认证，我同意国际贸易单一窗口将企业名称、统一社会信用代码和组织机构代码提供给我选择的银行，" +
			"并接收银行的认证结果。本方式不收集身份证、银行卡等个人信息；银行按其规则处理网银盾的信息。" + free
	case realname.ICCard:
		return "为完成中国电子口岸IC卡认证，我同意国际贸易单一窗口读取IC卡证书中的企业信息、证书编号、签发机构和有效期，" +
			"并保存证书编号以绑定该卡。本方式不收集身份证、银行卡等个人信息，也不向其他机构提供信息；" +
			"IC卡密码只由本机的客户端控件使用，不发送给本系统。" + free
	}
	return ""
}

func (chinese) Recipient(r realname.Recipient) (name, receives string) {
	switch r.Provider {
	case "tencent":
		name = "腾讯云"
	case "aliyun":
		name = "阿里云"
	case "baidu":
		name = "百度智能云"
	case "sns":
		name = "亚马逊云科技 Amazon SNS"
	case "sandbox":
		name = "沙箱（演示数据）"
	default:
		name = r.Provider
	}
	switch r.Check {
	case realname.RegistryCheck:
		receives = "工商登记核验：企业名称、统一社会信用代码、法定代表人姓名和证件号码"
	case realname.IDCardCheck:
		receives = "身份证核验：姓名、身份证号码、有效期限"
	case realname.BankCardCheck:
		receives = "银行卡核验：姓名、证件号码、银行卡号、预留手机号"
	case realname.SMSCheck:
		receives = "发送短信验证码：手机号、银行卡号后四位"
	}
	return name, receives
}
