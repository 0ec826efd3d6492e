package httpapi

import (
	"realname/shared/realname"
)

// card returns the texts for E-Port cards; ok is false for any other code.
func (chinese) card(code realname.Code) (text ProblemText, ok bool) {
	t := func(title, detail string, causes ...string) (ProblemText, bool) {
		return ProblemText{title, detail, causes}, true
	}
	switch code {
	case realname.CodeCardChallengeUnknown:
		return t("签名请求不存在", "没有找到本次签名对应的请求，请重新进行IC卡认证。")
	case realname.CodeCardChallengeExpired:
		return t("签名请求已过期", "签名用时超过2分钟，请重新点击认证并及时输入IC卡密码。未计入次数。")
	case realname.CodeCardChallengeUsed:
		return t("签名请求已使用", "每次签名请求只能使用一次，请重新点击认证。未计入次数。", "页面重复提交", "在另一个页面完成过提交")
	case realname.CodeCardChallengeElsewhere:
		return t("签名请求不属于本次认证", "该签名请求属于其他认证或其他账号，请在当前页面重新点击认证。未计入次数。", "同时打开了多个认证页面")
	case realname.CodeCardChallengeLimit:
		return t("签名请求过多", "今日发起IC卡认证的次数过多，请明日再试，或使用其他认证方式。")
	case realname.CodeCardSignatureWrong:
		return t("IC卡签名验证不通过", "签名与IC卡证书不一致，请确认读卡器中是同一张卡，重新插卡后再试。", "签名过程中更换了IC卡", "客户端控件版本过旧")
	case realname.CodeCardSHA1:
		return t("IC卡签名算法过旧", "该卡使用RSA-SHA1签名，本平台不接受该算法。请到电子口岸制卡中心更换新卡，或使用其他认证方式。未计入次数。")
	case realname.CodeCardUnsuitable:
		return t("IC卡证书不能用于认证", "该卡证书的类型、算法或密钥长度不符合要求。请到电子口岸制卡中心更换新卡，或使用其他认证方式。未计入次数。", "卡片签发时间较早", "插入的不是电子口岸IC卡")
	case realname.CodeCardNotYetValid:
		return t("IC卡证书尚未生效", "该卡证书的有效期还没有开始，请在生效后再试，或使用其他认证方式。未计入次数。", "新卡刚刚制作，生效日期在之后")
	case realname.CodeCardExpired:
		return t("IC卡证书已过期", "该卡证书已过有效期。请到电子口岸制卡中心办理延期，或使用其他认证方式。未计入次数。", "没有按期办理延期")
	case realname.CodeCardIssuerUnknown:
		return t("IC卡签发机构不受信任", "该卡不是由本平台信任的机构签发的，请插入电子口岸IC卡，或使用其他认证方式。未计入次数。", "插入了其他机构的卡或测试卡")
	case realname.CodeCardUsageWrong:
		return t("IC卡证书用途不符", "该证书不是签名证书，不能用于认证。请检查客户端控件，或使用其他认证方式。未计入次数。", "读取到了卡内的加密证书")
	case realname.CodeCardUnnamed:
		return t("IC卡证书中没有企业信息", "该卡证书中没有统一社会信用代码或组织机构代码，无法确认所属企业。请使用企业的IC卡，或使用其他认证方式。未计入次数。", "插入的是个人卡", "证书签发时未登记企业代码")
	case realname.CodeCardWrongEnterprise:
		return t("IC卡不属于本企业", "该卡证书中的企业与当前账号所属企业不一致，请插入本企业的IC卡。如企业信息有误，请先到账号信息页面修改。", "插入了其他企业的IC卡", "企业名称或代码变更后没有更换IC卡")
	case realname.CodeCardRevoked:
		return t("IC卡证书已被吊销", "该卡证书已被签发机构吊销。请到电子口岸制卡中心办理，或使用其他认证方式。未计入次数。", "IC卡已挂失或注销", "已换发新卡")
	case realname.CodeCRLStale:
		return t("暂时无法确认IC卡是否有效", "签发机构的吊销列表已过期，尚未发布新的列表，请稍后再试。IC卡和剩余次数不受影响。")
	case realname.CodeCRLUnavailable:
		return t("暂时无法查询IC卡吊销状态", "暂时无法取得签发机构的吊销列表，请稍后再试。IC卡和剩余次数不受影响。")
	case realname.CodeCardBoundElsewhere:
		return t("IC卡已被其他企业绑定", "该卡证书已绑定其他企业的账号，一张卡只能用于一个企业。请在原账号解绑，或使用其他认证方式。未计入次数。")
	}
	return ProblemText{}, false
}
