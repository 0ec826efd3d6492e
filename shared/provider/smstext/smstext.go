// Package smstext holds the texts for SMS providers that accept free text. Tencent
// Cloud accepts only approved templates.
package smstext

import (
	"fmt"

	"realname/shared/realname"
)

// Code returns the text of a message with a code. It starts with the service's name
// in brackets, which mobile networks in mainland China require.
func Code(m realname.SMSMessage) string {
	use := map[realname.SMSPurpose]string{
		realname.SMSBindMobile: "绑定手机", realname.SMSResetPassword: "找回密码",
	}[m.Purpose]
	if use == "" {
		use = "尾号" + m.CardTail + "的银行卡实名认证"
	}
	return fmt.Sprintf("【单一窗口】验证码%s，用于%s，%d分钟内有效。如非本人操作请忽略。", m.Code, use, m.Minutes)
}
