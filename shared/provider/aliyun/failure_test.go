package aliyun_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	sandbox "realname/local/sandbox/aliyun"
	"realname/local/sandbox/conformance"
	"realname/local/sandbox/trouble"
	"realname/shared/provider"
	"realname/shared/provider/aliyun"
	"realname/shared/provider/credential"
	"realname/shared/realname"
)

func TestEveryErrorCodeHasItsMeaning(t *testing.T) {
	h := start(t, nil)
	for code, want := range map[string]conformance.Meaning{
		"Throttling":                      conformance.Refused,
		"Throttling.Api":                  conformance.Refused,
		"Throttling.User":                 conformance.Refused,
		"403":                             conformance.Refused,
		"402":                             conformance.NoAnswer,
		"500":                             conformance.NoAnswer,
		"400":                             conformance.NoAnswer,
		"InternalError":                   conformance.NoAnswer,
		"ServiceUnavailable":              conformance.NoAnswer,
		"410":                             conformance.Staff,
		"411":                             conformance.Staff,
		"412":                             conformance.Staff,
		"Forbidden.AccountAccessDenied":   conformance.Staff,
		"Forbidden.RAMUserAccessDenied":   conformance.Staff,
		"InvalidAccessKeyId.NotFound":     conformance.Staff,
		"SignatureDoesNotMatch":           conformance.Staff,
		"InvalidTimeStamp.Expired":        conformance.Staff,
		"MissingParameter":                conformance.NoAnswer,
		"AnUnknown.Code":                  conformance.NoAnswer,
		"isv.BUSINESS_LIMIT_CONTROL":      conformance.Refused,
		"isv.DAY_LIMIT_CONTROL":           conformance.Refused,
		"isv.OUT_OF_SERVICE":              conformance.Staff,
		"isv.SMS_SIGNATURE_SCENE_ILLEGAL": conformance.Staff,
		"isp.RAM_PERMISSION_DENY":         conformance.Staff,
	} {
		t.Run(code, func(t *testing.T) {
			target := trouble.IDCard
			if strings.HasPrefix(code, "is") {
				target = trouble.SMS
			}
			h.force(t, target, map[string]any{"Code": code, "Message": "about " + zhao.IDNumber})
			r, err := conformance.ChecksOf(h.client)[target](t.Context())
			want.Verify(t, code, r, err)
		})
	}
}

func TestErrorCodesThatAreAnswers(t *testing.T) {
	h := start(t, nil)
	for _, code := range []string{"401", "InvalidParameter"} {
		h.force(t, trouble.IDCard, map[string]any{"Code": code})
		r, err := h.client.CheckIDCard(t.Context(), idCard)
		if err != nil || r.Outcome != realname.InvalidInput || r.Code != code {
			t.Errorf("%s: %+v %v", code, r, err)
		}
	}
}

func TestFailuresBelowTheAPI(t *testing.T) {
	h := start(t, nil)
	conformance.FailBelow(t, conformance.ChecksOf(h.client), h.Fault, map[trouble.Mode]string{
		trouble.Error: "InternalError", trouble.Throttle: "Throttling.Api",
		trouble.Malformed: provider.CodeMalformed, trouble.ServerDown: "http_500",
		trouble.DropAnswer: provider.CodeUnreachable, trouble.Timeout: provider.CodeTimeout,
	}, "key of a test", "Signature")
}

func TestAnUnsentRequestHasNoEffect(t *testing.T) {
	h := start(t, nil)
	config := h.config
	nowhere := *config.Endpoint
	nowhere.Host = "127.0.0.1:1"
	config.Endpoint = &nowhere
	_, err := aliyun.New(config).CheckIDCard(t.Context(), idCard)
	var f *provider.Failure
	if !errors.As(err, &f) || f.Code != provider.CodeUnreachable || !f.NoEffect {
		t.Errorf("%+v", err)
	}
}

func TestWhatIsNotAuthenticIsRefused(t *testing.T) {
	h := start(t, nil)
	for want, change := range map[string]func(*aliyun.Config){
		"SignatureDoesNotMatch": func(c *aliyun.Config) {
			c.Credentials = credential.Fixed(aliyun.Credentials{AccessKeyID: "LTAItest", AccessKeySecret: "another"})
		},
		"InvalidAccessKeyId.NotFound": func(c *aliyun.Config) {
			c.Credentials = credential.Fixed(aliyun.Credentials{AccessKeyID: "LTAIother", AccessKeySecret: "key of a test"})
		},
		"InvalidTimeStamp.Expired": func(c *aliyun.Config) {
			c.Now = func() time.Time { return time.Now().Add(16 * time.Minute) }
		},
	} {
		config := h.config
		change(&config)
		if r, err := aliyun.New(config).CheckBankCard(t.Context(), bankCard); err == nil || r.Code != want {
			t.Errorf("%s: %+v %v", want, r, err)
		}
	}
	config := h.config
	config.NewID = func() string { return "always the same" }
	c := aliyun.New(config)
	_, _ = c.CheckIDCard(t.Context(), idCard)
	if r, err := c.CheckIDCard(t.Context(), idCard); err == nil || r.Code != "SignatureNonceUsed" {
		t.Errorf("a nonce is accepted twice: %+v %v", r, err)
	}
}

func TestARotatedKeyWorksWithoutARestart(t *testing.T) {
	now, reads := time.Now(), 0
	secret := `{"accessKeyId":"LTAItest","accessKeySecret":"key of a test"}`
	h := start(t, func(c *aliyun.Config, _ *sandbox.Config) {
		c.Credentials = &credential.Cached[aliyun.Credentials]{
			Load:  func(context.Context) ([]byte, error) { reads++; return []byte(secret), nil },
			Parse: aliyun.ParseCredentials,
			TTL:   15 * time.Minute, Pause: 10 * time.Second, Now: func() time.Time { return now },
		}
	})
	match := func(when string) {
		t.Helper()
		if r, err := h.client.CheckIDCard(t.Context(), idCard); err != nil || r.Outcome != realname.Match {
			t.Errorf("%s: %+v %v", when, r, err)
		}
	}
	match("at first")
	now = now.Add(time.Minute)
	h.Rotate("LTAInew", "new key")
	secret = `{"accessKeyId":"LTAInew","accessKeySecret":"new key"}`
	match("after the rotation")
	if reads != 2 {
		t.Errorf("the secret was read %d times", reads)
	}
}

func TestErrorsOfABadSecretDoNotHoldItsText(t *testing.T) {
	for _, text := range []string{"", "hunter2", `{"accessKeyId":"x"}`, `["hunter2"]`, `{"accessKeySecret":"hunter2"}`} {
		if _, err := aliyun.ParseCredentials([]byte(text)); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAProbeNamesTheFault(t *testing.T) {
	h := start(t, nil)
	for _, check := range []realname.CheckName{
		realname.RegistryCheck, realname.IDCardCheck, realname.BankCardCheck, realname.SMSCheck,
	} {
		if f := h.client.Probe(t.Context(), check); !f.Works || f.Code == "" || f.RequestID == "" || f.Advice != "" {
			t.Errorf("%+v", f)
		}
	}
	for code, word := range map[string]string{
		"InvalidAccessKeyId.NotFound": "AccessKey ID", "SignatureDoesNotMatch": "AccessKey secret",
		"InvalidTimeStamp.Expired": "clock", "410": "activated", "Forbidden.AccountAccessDenied": "activated",
		"411": "permission", "Throttling.User": "rate", "SomethingNew": "request ID",
	} {
		h.force(t, trouble.IDCard, map[string]any{"Code": code})
		f := h.client.Probe(t.Context(), realname.IDCardCheck)
		if f.Works || f.Code != code || !strings.Contains(f.Advice, word) {
			t.Errorf("%s: %+v", code, f)
		}
	}
}
