package tencent

import (
	"strings"
	"time"

	"realname/shared/provider"
	"realname/shared/realname"
)

// isCode reports whether an error code is the given one or one below it. Codes are
// words joined by dots; the first word is the class.
func isCode(code, class string) bool {
	return code == class || strings.HasPrefix(code, class+".")
}

// throttlePause is the pause after RequestLimitExceeded, which counts per second.
const throttlePause = 2 * time.Second

// accountPause is the pause while the account is in arrears, has no quota left or
// lacks a permission: staff have to act.
const accountPause = time.Minute

// classify sets whether and when a request may be sent again after an error code of
// Tencent Cloud (common error codes, and those of OCR, FaceID and SMS).
func classify(f *provider.Failure, code string, now time.Time) {
	f.Code = code
	switch {
	case isCode(code, "RequestLimitExceeded"), code == "FailedOperation.RequestLimitExceeded",
		isCode(code, "LimitExceeded.DeliveryFrequencyLimit"):
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, throttlePause
	case code == "FailedOperation.CountLimitError", code == "FailedOperation.IdentityAuthLimitExceeded",
		isCode(code, "LimitExceeded.PhoneNumberDailyLimit"),
		isCode(code, "LimitExceeded.PhoneNumberSameContentDailyLimit"),
		isCode(code, "LimitExceeded.AppDailyLimit"), isCode(code, "LimitExceeded.AppMainlandChinaDailyLimit"),
		isCode(code, "LimitExceeded.DailyLimit"):
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, realname.UntilTomorrow(now)
	case isCode(code, "LimitExceeded.PhoneNumberOneHourLimit"):
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, time.Hour
	case isCode(code, "LimitExceeded"):
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, time.Minute
	case isCode(code, "AuthFailure"), isCode(code, "UnauthorizedOperation"), isCode(code, "ResourceUnavailable"),
		isCode(code, "ResourcesSoldOut"), isCode(code, "ResourceInsufficient"), code == "FailedOperation.ArrearsError",
		code == "FailedOperation.UnOpenError", code == "FailedOperation.InsufficientBalanceInSmsPackage":
		f.NoEffect, f.RetryAfter = true, accountPause
	}
}

// inputOutcome returns the outcome for the input of an error code; ok is false for
// codes that do not concern the input.
func inputOutcome(code string) (outcome realname.Outcome, ok bool) {
	switch code {
	case "FailedOperation.IdNameMisMatch":
		return realname.Mismatch, true
	case "FailedOperation.IdNoExistSystem":
		return realname.NotCovered, true
	case "FailedOperation.IdFormatError", "FailedOperation.NameFormatError",
		"FailedOperation.IdCardInfoIllegal", "FailedOperation.IllegalBankCardError":
		return realname.InvalidInput, true
	}
	return realname.InvalidInput, isCode(code, "InvalidParameterValue")
}
