package aliyun

import (
	"strings"
	"time"

	"realname/shared/provider"
	"realname/shared/realname"
)

// refusesCredentials reports whether Alibaba Cloud refused the request's signature or
// key. Such a request has no effect.
func refusesCredentials(code string) bool {
	return provider.IsCode(code,
		"InvalidAccessKeyId", "SignatureDoesNotMatch", "IncompleteSignature", "InvalidSecurityToken")
}

const (
	// throttlePause is the pause after a limit that counts per second.
	throttlePause = 2 * time.Second
	// accountPause is the pause while the account is in arrears, has not activated the
	// product or lacks a permission: staff have to act.
	accountPause = time.Minute
)

// classify sets whether and when a request may be sent again after an error code: the
// common codes of Alibaba Cloud's gateway, those of ID verification (信息核验,
// https://help.aliyun.com/en/id-verification/information-verification/developer-reference/error-code-info-check,
// and 企业要素验证V2) and those of SMS (https://help.aliyun.com/document_detail/101346.html).
func classify(f *provider.Failure, now time.Time) {
	switch code := f.Code; {
	case provider.IsCode(code, "Throttling"), code == "403":
		// 403: the same query came too often.
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, throttlePause
	case code == "isv.BUSINESS_LIMIT_CONTROL":
		// One message a minute, five an hour and ten a day for a number and a signature.
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, time.Minute
	case code == "isv.DAY_LIMIT_CONTROL", code == "isv.MONTH_LIMIT_CONTROL":
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, realname.UntilTomorrow(now)
	case refusesCredentials(code), code == "410", code == "411", code == "412",
		provider.IsCode(code, "InvalidTimeStamp", "SignatureNonceUsed", "Forbidden", "NoPermission"):
		f.NoEffect, f.RetryAfter = true, accountPause
	case strings.HasPrefix(code, "isv."), code == "isp.RAM_PERMISSION_DENY":
		// The account, the signature or the template is not in order. Nothing was sent.
		f.NoEffect, f.RetryAfter = true, accountPause
	}
}
