package httpapi

import (
	"time"

	"realname/shared/realname"
)

// chinese holds the wording of the operating manual where the manual has one, and
// plain wording elsewhere.
type chinese struct{}

func (chinese) Problem(code realname.Code) ProblemText {
	t := func(title, detail string, causes ...string) ProblemText { return ProblemText{title, detail, causes} }
	switch code {
	case realname.CodeInvalidRequest:
		return t("请检查填写的内容", "部分内容缺失或不符合要求，请按提示修改后重新提交。")
	case realname.CodeConfirmationNeeded:
		return t("请确认", "号码看起来不寻常，请与证照核对；如证照上确实如此，请确认。")
	case realname.CodeInvalidCredentials:
		return t("登录名或密码错误", "登录名或密码错误，请重新输入。")
	case realname.CodeLoginLocked:
		return t("登录已锁定", "密码错误次数过多，请稍后再试。")
	case realname.CodeTokenRevoked:
		return t("请重新登录", "登录状态已失效，请重新登录。")
	case realname.CodeNotFound:
		return t("未找到", "没有找到对应的内容。")
	case realname.CodeConflict:
		return t("内容已被其他操作更改", "另一个页面或设备刚刚进行了操作，请刷新后再试。本次提交未生效，也未计入次数。")
	case realname.CodeForbidden:
		return t("没有权限", "当前账号没有该项权限，请联系单位管理员。")
	case realname.CodePreconditionRequired:
		return t("缺少版本", "修改时须在 If-Match 中给出所依据的版本。")
	case realname.CodePreconditionFailed:
		return t("信息已更新", "信息在您打开页面之后发生了变化，请刷新页面核对后再修改。")
	case realname.CodeConfirmWithdrawal:
		return t("需要确认", "修改该信息后，已通过的实名认证将失效，需要重新认证。请确认后再保存。")
	case realname.CodeCurrentPassword:
		return t("当前密码错误", "当前登录密码不正确，修改未生效。")
	case realname.CodePasswordRequired:
		return t("需要当前密码", "修改该信息须输入当前登录密码。")
	case realname.CodeHolderTaken:
		return t("证件号码已被使用", "同一个企业下，不允许有两个相同证件号码的账号持有人。")
	case realname.CodeLoginNameTaken:
		return t("登录名已被使用", "该登录名已被使用，请更换一个。")
	case realname.CodeEnterpriseCodeTaken:
		return t("统一社会信用代码不能使用", "不能改为该统一社会信用代码，请核对；如确认无误，请联系客服。")
	case realname.CodeEnterpriseTooLarge:
		return t("单位账号过多", "单位下的账号较多，统一社会信用代码须由客服变更，请联系客服。")
	case realname.CodeMaintainedElsewhere:
		return t("不能在此修改", "通过单一窗口注册或使用电子口岸卡登录的用户视为已实名认证，其单位、法定代表人和账号所有人信息以注册信息为准，不能在此修改。")
	case realname.CodeActivationRequired:
		return t("请先设置密码", "激活码正确。首次登录请先设置登录密码。")
	case realname.CodeActivationWrong:
		return t("激活码不正确", "登录名或激活码不正确，或激活码已失效。请联系单位管理员或客服重新获取。", "激活码已使用过", "激活码已过期")
	case realname.CodeErasureLimit:
		return t("今日申请次数已用完", "今日申请删除个人信息的次数过多，请明日再试。")
	case realname.CodeLinkExpired:
		return t("链接已失效", "确认链接已使用过或已失效，请重新修改邮箱。")
	case realname.CodeInformationChanged:
		return t("信息已变更", "认证期间企业或账号所有人信息发生了变更，本次认证已取消，请重新开始。")
	case realname.CodeNotApplicable:
		return t("无需或暂不能使用该认证方式", "当前账号不适用该认证方式。")
	case realname.CodeAlreadyPassed:
		return t("已通过认证", "该认证方式已经通过，无需重复认证。")
	case realname.CodeConsent:
		return t("请先同意个人信息处理授权", "请阅读并同意最新版本的个人信息处理授权后再继续。")
	case realname.CodeSessionLive:
		return t("已有进行中的认证", "您有一个进行中的认证，可继续办理，或取消后重新开始。")
	case realname.CodeSessionLimit:
		return t("今日认证次数已达上限", "今天开始认证的次数已达上限，请明天再试。")
	case realname.CodeSessionClosed:
		return t("认证已结束", "该认证已结束，不能取消或延长。")
	case realname.CodeStepNotOpen:
		return t("当前不能提交该步骤", "该步骤尚未开始或已经结束，请刷新页面查看当前步骤。")
	case realname.CodeKeyReused:
		return t("幂等键已被使用", "同一个 Idempotency-Key 不能用于不同的内容。")
	case realname.CodeKeyInProgress:
		return t("请求正在处理", "同一个请求正在处理，请稍后再试。")
	case realname.CodeUnavailable:
		return t("核验服务暂时不可用", "核验服务暂时不可用，请稍后再试。您填写的内容和剩余次数不受影响。")
	case realname.CodeServiceFailing:
		return t("服务暂时不可用", "服务暂时不可用，请稍后再试。")
	case realname.CodeScope:
		return t("令牌权限不足", "当前令牌不具备所需的权限范围。")
	case realname.CodeRateLimited:
		return t("请求过于频繁", "该客户端或网络地址本分钟的请求次数已用完，请于下一分钟再试。")
	case realname.CodeAttemptsExhausted:
		return t("认证次数已用完", "可用次数已用完。页面提示了时间的，请在该时间之后重新开始；没有提示时间的，现在即可重新开始。")
	case realname.CodeChecksExhausted:
		return t("今日核验次数已用完", "本账号或本企业今日的核验次数已用完，请明日再试，或使用其他认证方式。")
	case realname.CodeEnterpriseMismatch:
		return t("企业信息核验不通过", "法定代表人信息验证不通过，请核对后重新填写，或可尝试银行卡认证方式。",
			"企业名称与营业执照不一致", "近期办理过变更，数据最长需要15个工作日更新", "法定代表人已变更")
	case realname.CodeEnterpriseUncovered:
		return t("企业信息无法核验",
			"因某些特殊原因，您的企业（或事业单位）信息无法通过系统核验，法定代表人身份认证无法完成。"+
				"建议您使用其他方式进行企业实名认证，如银行 Ukey 认证、中国电子口岸 IC 卡认证（推荐此方法）等。",
			"事业单位或其他机构未收录在工商登记数据中",
			"企业刚刚登记，数据尚未更新")
	case realname.CodeEnterpriseClosed:
		return t("企业不是在营状态", "登记信息显示企业不是在营状态，不能通过认证。",
			"企业已注销、吊销、迁出或停业", "近期办理过变更，数据最长需要15个工作日更新")
	case realname.CodeIDCardMismatch, realname.CodeIDCardValidity:
		return t("身份证信息未通过验证",
			"您提交的身份证有效开始时间和有效截止时间未通过验证，请仔细检查是否填写错误，如果确认填写无误，可选择一个下面途径继续实名认证： 一、使用CTID APP开通CTID（使用方法可查看页面上的帮助文档），开通完成后继续身份证认证； 二、使用银行卡认证。", //nolint:lll // the pages' test looks for the unbroken text
			"填写的是旧身份证的有效期",
			"近期更改过姓名")
	case realname.CodeIDCardUncovered:
		return t("身份证信息无法核验", "身份证数据中没有该证件的信息，请使用银行卡认证。", "近期办理的身份证尚未入库")
	case realname.CodeBankCardMismatch:
		return t("银行卡信息未通过验证", "姓名、证件号、银行卡号与银行预留手机号不一致，请核对后重新填写。",
			"开户时使用的是15位身份证号", "手机号不是银行预留手机号", "不是银联卡", "银行卡在最近几天内开立")
	case realname.CodeBankCardUnusable:
		return t("该银行卡不能用于认证", "该银行卡当前状态不能用于认证，请更换银行卡或联系发卡银行。法定代表人的证件类型不支持银行卡认证的，请改用银行 Ukey 认证或中国电子口岸 IC 卡认证。",
			"银行卡已冻结、挂失、注销或过期", "未开通无卡支付", "发卡银行不支持", "该证件类型不支持银行卡认证")
	case realname.CodeSMSCodeWrong:
		return t("验证码错误", "手机验证码不正确，请重新输入。")
	case realname.CodeSMSCodeExpired:
		return t("验证码已失效", "手机验证码已失效，请重新获取。", "验证码超过5分钟", "手机号与获取验证码时不一致", "错误次数过多")
	case realname.CodeSMSLimit:
		return t("发送过于频繁", "验证码或确认邮件的发送次数已达上限，请在提示的时间后再试。")
	case realname.CodeHolderMismatch:
		return t("与账号所有人信息不一致", "填写的姓名或证件与账号管理员信息不一致。如管理员信息有误，请先到账号信息页面修改。")
	case codeTooLarge:
		return t("内容过大", "请求内容超过16KB。")
	case codeMediaType:
		return t("不支持的内容类型", "请求内容须为 application/json，UTF-8 编码。")
	}
	if text, ok := chineseBankProblem(code); ok {
		return text
	}
	if text, ok := (chinese{}).card(code); ok {
		return text
	}
	return t("系统出现问题", "系统出现问题，请稍后再试；如问题持续，请提供请求编号联系客服。")
}

func (chinese) Reason(r realname.IneligibleReason) string {
	switch r {
	case realname.ReasonSingleWindow:
		return "通过单一窗口注册的企业用户视为已实名认证，无需再次认证。"
	case realname.ReasonCardLogin:
		return "直接使用电子口岸卡介质登录的企业用户视为已实名认证，无需再次认证。"
	case realname.ReasonPassed:
		return "该认证方式已经通过，无需重复认证。"
	case realname.ReasonEnterpriseNotPassed:
		return "请先完成企业信息认证，再认证账号所有人身份。"
	case realname.ReasonOperator:
		return "企业信息认证由单位管理员办理。"
	case realname.ReasonSessionLive:
		return "您有一个进行中的认证，可继续办理。"
	}
	return ""
}

func (chinese) Hint(h realname.Hint) string {
	if h == realname.HintValidityUnusual {
		return "身份证有效期与办证时的年龄通常不符（未满16周岁5年，16至25周岁10年，26至45周岁20年，46周岁以上长期），如核验不通过请检查日期。"
	}
	if h == realname.HintLoginAgain {
		return "认证结果：IC认证成功！您需要退出所有应用后，重新登录才能生效。"
	}
	return ""
}

func (chinese) Differs(e realname.Element) (what, why string) {
	switch e {
	case realname.ElementName:
		return "企业名称与登记信息不一致。", "常见原因：与营业执照的写法不同，或近期办理过名称变更。"
	case realname.ElementPerson:
		return "法定代表人姓名与登记信息不一致。", "常见原因：填写有误，或近期变更过法定代表人。"
	case realname.ElementStatus:
		return "登记信息显示企业不是在营状态。", "常见原因：已注销、吊销、迁出或停业。"
	}
	return "", ""
}

func (chinese) Current(day time.Time) string {
	return "近期办理过变更的，登记数据预计自" + day.Format("2006年1月2日") + "起为最新。"
}

func (chinese) Field(f realname.FieldError) string {
	switch f.Kind + ":" + f.Rule {
	case "registry:enterprise_name", "registry:legal_representative_name":
		return "与登记信息不一致。"
	case "uscc:check_character":
		return "校验位不符合编码规则，请与营业执照核对。"
	case "uscc:org_code":
		return "代码有误：第9至17位不是有效的组织机构代码。"
	case "bank_card:luhn":
		return "校验位不符合编码规则，请与银行卡核对。"
	case "confirmed:unknown":
		return "此项无需确认。"
	case "org_code:differs_from_uscc":
		return "组织机构代码应为统一社会信用代码的第9至17位。"
	case "uscc:not_the_accounts":
		return "统一社会信用代码与账号所属企业不一致。"
	case "resident_id:old_15_digit":
		return "15位身份证号已停止使用，请填写18位身份证号。"
	case "resident_id:hk_macao_residence":
		return "这是港澳居民居住证号码，请将证件类型选为港澳居民居住证。"
	case "resident_id:taiwan_residence":
		return "这是台湾居民居住证号码，请将证件类型选为台湾居民居住证。"
	case "by:resident_id_only":
		return "身份证认证方式只支持居民身份证，请使用银行卡认证。"
	case "by:bank_card_only":
		return "工商数据源未能核对法定代表人证件号码，本步骤只能使用银行卡认证。"
	case "mobile:format":
		return "请填写中国大陆11位手机号。"
	case "certificate:format":
		return "不是有效的签名证书，请检查客户端控件。"
	case "sms_code:format":
		return "请填写6位数字验证码。"
	case "passport:format":
		return "只能填写中华人民共和国制发的护照号码。"
	case "idempotency_key:format":
		return "Idempotency-Key 应为1至64个除逗号外的可见ASCII字符。"
	case "holder:taken":
		return "该证件号码已是本企业其他账号的持有人。"
	case "login_name:taken":
		return "该登录名已被使用。"
	case "login_name:length":
		return "登录名应为3至64个字符。"
	case "login_name:alphabet":
		return "登录名只能包含文字、字母、数字和 . _ - @。"
	case "uscc:taken":
		return "不能改为该统一社会信用代码。"
	case "current_password:wrong":
		return "当前登录密码不正确。"
	case "password:length":
		return "密码应为8至128个字符。"
	case "password:common":
		return "该密码过于常见，请更换。"
	case "password:too_weak":
		return "该密码容易被猜到，请加长或增加不常见的字符。"
	case "password:login_name":
		return "密码不能包含登录名。"
	case "password:unchanged":
		return "新密码不能与当前密码相同。"
	case "issuing_country:missing":
		return "证件类型为护照时，请填写签发国家/地区。"
	case "issuing_country:not_china":
		return "只能填写中华人民共和国制发的证件。"
	case "validity:resident_id_only":
		return "只有居民身份证需要填写有效期。"
	case "email:format":
		return "请填写正确的邮箱地址。"
	case "region_name:unknown":
		return "请选择接入地区。"
	case "consent:version":
		return "请同意最新版本的授权。"
	}
	switch f.Rule {
	case "missing", "empty":
		return "必填。"
	case "unknown":
		return "不支持的内容。"
	case "twice":
		return "重复的内容。"
	case "type":
		return "类型不正确。"
	case "json", "utf8":
		return "请求内容不是有效的 UTF-8 JSON。"
	case "length":
		return "长度不正确。"
	case "alphabet":
		return "含有不允许的字符。"
	case "check_character":
		return "号码有误：校验位不正确。"
	case "department":
		return "代码有误：第1位不是登记管理部门代码。"
	case "region":
		return "号码有误：地区代码不存在。"
	case "birth_date":
		return "号码有误：出生日期不正确。"
	case "date":
		return "请按 YYYYMMDD 填写日期。"
	case "not_started":
		return "有效期尚未开始。"
	case "expired":
		return "证件已过有效期。"
	case "order":
		return "截止日期应晚于起始日期。"
	case "validity_length":
		return "身份证有效期应为5年、10年、20年或长期（长期有效请输入8个0）。"
	case "base64":
		return "应为一行 Base64 编码。"
	case "control_character":
		return "含有不可见字符。"
	case "placeholder":
		return "有一个字丢失或无法显示，请按证照填写全名。"
	case "masked":
		return "请填写完整姓名或名称，不要用 * 代替。"
	}
	return "格式不正确。"
}
