package tencent

import (
	"time"

	"realname/shared/provider"
	"realname/shared/realname"
)

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
	case provider.IsCode(code, "RequestLimitExceeded", "LimitExceeded.DeliveryFrequencyLimit"),
		code == "FailedOperation.RequestLimitExceeded":
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, throttlePause
	case code == "FailedOperation.CountLimitError", code == "FailedOperation.IdentityAuthLimitExceeded",
		provider.IsCode(code, "LimitExceeded.PhoneNumberDailyLimit", "LimitExceeded.PhoneNumberSameContentDailyLimit",
			"LimitExceeded.AppDailyLimit", "LimitExceeded.AppMainlandChinaDailyLimit", "LimitExceeded.DailyLimit"):
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, realname.UntilTomorrow(now)
	case provider.IsCode(code, "LimitExceeded.PhoneNumberOneHourLimit"):
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, time.Hour
	case provider.IsCode(code, "LimitExceeded"):
		f.NoEffect, f.Throttled, f.RetryAfter = true, true, time.Minute
	case provider.IsCode(code, "AuthFailure", "UnauthorizedOperation", "ResourceUnavailable", "ResourcesSoldOut",
		"ResourceInsufficient"), code == "FailedOperation.ArrearsError",
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
	return realname.InvalidInput, provider.IsCode(code, "InvalidParameterValue")
}
