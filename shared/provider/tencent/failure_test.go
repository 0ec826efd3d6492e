package tencent_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"realname/local/sandbox/conformance"
	tencentsandbox "realname/local/sandbox/tencent"
	"realname/shared/provider"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
)

// failureOf returns the failure of an ID-card check that fails.
func failureOf(ctx context.Context, t *testing.T, h harness) (realname.CheckResult, *provider.Failure) {
	t.Helper()
	r, err := h.client.CheckIDCard(ctx, idCard)
	var f *provider.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%+v %v", r, err)
	}
	for _, value := range []string{zhao.Name, zhao.IDNumber, "key of a test"} {
		if strings.Contains(err.Error(), value) {
			t.Errorf("the error holds a value: %v", err)
		}
	}
	return r, f
}

func TestEveryErrorCodeHasItsMeaning(t *testing.T) {
	h := start(t, nil)
	for code, want := range map[string]conformance.Meaning{
		"RequestLimitExceeded":                      conformance.Refused,
		"RequestLimitExceeded.UinLimitExceeded":     conformance.Refused,
		"FailedOperation.RequestLimitExceeded":      conformance.Refused,
		"FailedOperation.IdentityAuthLimitExceeded": conformance.Refused,
		"FailedOperation.CountLimitError":           conformance.Refused,
		"InternalError":                             conformance.NoAnswer,
		"InternalError.UnKnown":                     conformance.NoAnswer,
		"FailedOperation.UnKnown":                   conformance.NoAnswer,
		"FailedOperation.DbError":                   conformance.NoAnswer,
		"UnauthorizedOperation":                     conformance.Staff,
		"UnauthorizedOperation.Arrears":             conformance.Staff,
		"UnauthorizedOperation.Nonactivated":        conformance.Staff,
		"ResourceUnavailable.InArrears":             conformance.Staff,
		"ResourceUnavailable.ResourcePackageRunOut": conformance.Staff,
		"ResourcesSoldOut.ChargeStatusException":    conformance.Staff,
		"AuthFailure.SignatureFailure":              conformance.Staff,
		"InvalidParameter":                          conformance.NoAnswer,
		"MissingParameter":                          conformance.NoAnswer,
		"UnsupportedOperation":                      conformance.NoAnswer,
		"AnUnknown.Code":                            conformance.NoAnswer,
	} {
		t.Run(code, func(t *testing.T) {
			h.forceError(t, code, "about "+zhao.IDNumber)
			r, err := h.client.CheckIDCard(t.Context(), idCard)
			want.Verify(t, code, r, err)
		})
	}
}

func TestErrorCodesThatAreAnswers(t *testing.T) {
	h := start(t, nil)
	for code, want := range map[string]realname.Outcome{
		"FailedOperation.IdNameMisMatch":                   realname.Mismatch,
		"FailedOperation.IdNoExistSystem":                  realname.NotCovered,
		"FailedOperation.IdFormatError":                    realname.InvalidInput,
		"FailedOperation.NameFormatError":                  realname.InvalidInput,
		"InvalidParameterValue":                            realname.InvalidInput,
		"InvalidParameterValue.InvalidParameterValueLimit": realname.InvalidInput,
	} {
		h.forceError(t, code, "m")
		if r, err := h.client.CheckIDCard(t.Context(), idCard); err != nil || r.Outcome != want || r.Code != code {
			t.Errorf("%s: %+v %v", code, r, err)
		}
	}
}

func TestFailuresBelowTheAPI(t *testing.T) {
	h := start(t, nil)
	conformance.FailBelow(t, conformance.ChecksOf(h.client), h.Fault, map[tencentsandbox.Mode]string{
		tencentsandbox.Error: "InternalError", tencentsandbox.Throttle: "RequestLimitExceeded",
		tencentsandbox.Malformed: provider.CodeMalformed, tencentsandbox.ServerDown: "http_500",
		tencentsandbox.DropAnswer: provider.CodeUnreachable, tencentsandbox.Timeout: provider.CodeTimeout,
	}, "key of a test", "Signature")
}

func TestAnswersThatTheDocumentationDoesNotAllowAreMalformed(t *testing.T) {
	h := start(t, nil)
	for name, response := range map[string]map[string]any{
		"empty":            {},
		"no result":        {"Description": "d"},
		"result is a list": {"Result": []any{"0"}},
		"result is true":   {"Result": true},
	} {
		h.force(t, tencentsandbox.IDCard, response)
		if r, f := failureOf(t.Context(), t, h); r.Outcome != realname.Unavailable || f.Code != provider.CodeMalformed {
			t.Errorf("%s: %+v %+v", name, r, f)
		}
	}
}

func TestAnUnsentRequestHasNoEffect(t *testing.T) {
	h := start(t, nil)
	config := h.config
	nowhere := *config.Endpoint
	nowhere.Host = "127.0.0.1:1"
	config.Endpoint = &nowhere
	h.client = tencent.New(config)
	if _, f := failureOf(t.Context(), t, h); f.Code != provider.CodeUnreachable || !f.NoEffect {
		t.Errorf("%+v", f)
	}
}

func TestSMSFailuresHaveTheirCode(t *testing.T) {
	h := start(t, nil)
	for code, throttled := range map[string]bool{
		"FailedOperation.PhoneNumberInBlacklist":        false,
		"FailedOperation.TemplateIncorrectOrUnapproved": false,
		"LimitExceeded.PhoneNumberDailyLimit":           true,
		"LimitExceeded.PhoneNumberThirtySecondLimit":    true,
		"LimitExceeded.PhoneNumberOneHourLimit":         true,
	} {
		status := map[string]any{"Code": code, "PhoneNumber": "+86" + message.Mobile}
		h.force(t, tencentsandbox.SMS, map[string]any{"SendStatusSet": []any{status}})
		_, err := h.client.SendCode(t.Context(), message)
		var f *provider.Failure
		if !errors.As(err, &f) || f.Code != code || f.RequestID == "" || !f.NoEffect {
			t.Fatalf("%s: %+v", code, err)
		}
		if f.Throttled != throttled || (f.RetryAfter > 0) != throttled {
			t.Errorf("%s: %+v", code, f)
		}
		if strings.Contains(err.Error(), message.Mobile) {
			t.Errorf("the error holds the number: %v", err)
		}
	}
	h.force(t, tencentsandbox.SMS, map[string]any{"SendStatusSet": []any{}})
	if _, err := h.client.SendCode(t.Context(), message); err == nil {
		t.Error("an answer without a status counts as sent")
	}
}
