package bank

import (
	"realname/shared/realname"
)

// text holds the words of the pages in one language. The Chinese words follow the
// operating manual, chapter 银行 Ukey 认证.
type text struct {
	Lang, Other, OtherCode                           string
	Title, Notice, Handed, Name, USCC, OrgCode       string
	Choose, Next, Verify, Cancel, Password, Hint     string
	Confirm, WrongPassword, Trouble                  string
	Passed, Failed, Return, Sent, NotYet, NoneToCome string
	Refused, Gone, IndexText, NoSuchBank             string
	Certificates                                     map[certificate]string
	Troubles                                         map[trouble]string
	Reasons                                          map[realname.BankReason]string
}

func chinese() text {
	return text{
		Lang: "zh-CN", Other: "English", OtherCode: "en",
		Title: "企业网上银行", Notice: "沙箱银行：仅用于开发与演示，不是真实银行。",
		Handed: "单一窗口传来的企业信息", Name: "企业名称", USCC: "社会信用代码", OrgCode: "组织机构代码",
		Choose: "请插入 UKey 并选择证书", Next: "确认证书", Verify: "单一窗口企业实名认证", Cancel: "取消",
		Password: "请输入 UKey 密码", Hint: "沙箱 UKey 的密码是 123456，输错三次将锁定。", Confirm: "确定", WrongPassword: "密码错误，剩余次数：",
		Trouble: "故障开关（演示用）",
		Passed:  "银行认证成功", Failed: "银行认证未通过", Return: "返回单一窗口", Sent: "单一窗口对结果通知的应答：",
		NotYet: "正在通知单一窗口……", NoneToCome: "按故障开关，不会通知单一窗口。",
		Refused: "无法受理", Gone: "该页面已失效，请返回单一窗口重新选择银行。",
		IndexText: "请从单一窗口的“银行 UKey 认证”进入。", NoSuchBank: "没有这家银行。",
		Certificates: map[certificate]string{
			certificateOwn: "跨境 e+ 网银盾（本企业）", certificateExpired: "跨境 e+ 网银盾（本企业，已过期）",
			certificateOther: "跨境 e+ 网银盾（其他企业）", certificatePersonal: "个人网银盾",
		},
		Troubles: map[trouble]string{
			troubleNone: "无", troubleSignature: "回调签名错误", troubleSlow: "回调很慢", troubleDuplicate: "回调重复",
			troubleOther: "回调为其他企业", troubleSilent: "不回调",
		},
		Reasons: map[realname.BankReason]string{
			realname.BankCertificateExpired: "证书已过期", realname.BankOtherEnterprise: "证书不是该企业的",
			realname.BankNotCorporate: "不是对公账户的证书", realname.BankPasswordLocked: "密码错误次数过多，UKey 已锁定",
			realname.BankUserCanceled: "用户取消",
		},
	}
}

func english() text {
	return text{
		Lang: "en", Other: "中文", OtherCode: "zh",
		Title: "Corporate online banking", Notice: "Sandbox bank: for development and demonstration, not a real bank.",
		Handed: "Enterprise information from the Single Window", Name: "Enterprise name", USCC: "Unified social credit code",
		OrgCode: "Organization code",
		Choose:  "Insert the UKey and choose its certificate", Next: "Confirm the certificate",
		Verify: "Verify the enterprise for the Single Window", Cancel: "Cancel",
		Password: "Enter the UKey's password",
		Hint:     "The password of the sandbox UKey is 123456. Three wrong passwords lock it.", Confirm: "OK",
		WrongPassword: "Wrong password. Attempts left: ",
		Trouble:       "Fault switch (for demonstration)",
		Passed:        "Confirmed by the bank", Failed: "Not confirmed by the bank", Return: "Return to the Single Window",
		Sent:   "Response of the Single Window to the result:",
		NotYet: "Notifying the Single Window…", NoneToCome: "The fault switch is set, so the Single Window is not notified.",
		Refused:    "Cannot continue",
		Gone:       "This page is no longer valid. Return to the Single Window and choose the bank again.",
		IndexText:  "Start from bank UKey verification (银行 UKey 认证) in the Single Window.",
		NoSuchBank: "This bank does not exist.",
		Certificates: map[certificate]string{
			certificateOwn:     "Cross-border e+ UKey (this enterprise)",
			certificateExpired: "Cross-border e+ UKey (this enterprise, expired)",
			certificateOther:   "Cross-border e+ UKey (another enterprise)", certificatePersonal: "Personal UKey",
		},
		Troubles: map[trouble]string{
			troubleNone: "None", troubleSignature: "Wrong signature", troubleSlow: "Slow callback",
			troubleDuplicate: "Callback sent twice",
			troubleOther:     "Callback for another enterprise", troubleSilent: "Never calls back",
		},
		Reasons: map[realname.BankReason]string{
			realname.BankCertificateExpired: "The certificate has expired",
			realname.BankOtherEnterprise:    "The certificate does not belong to this enterprise",
			realname.BankNotCorporate:       "The certificate does not belong to a corporate account",
			realname.BankPasswordLocked:     "Too many wrong passwords: the UKey is locked",
			realname.BankUserCanceled:       "Canceled by the user",
		},
	}
}
