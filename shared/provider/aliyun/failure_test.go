package aliyun_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	sandbox "realname/local/sandbox/aliyun"
	"realname/local/sandbox/trouble"
	"realname/shared/provider"
	"realname/shared/provider/aliyun"
	"realname/shared/provider/credential"
	"realname/shared/realname"
)

func TestEveryErrorCodeHasItsMeaning(t *testing.T) {
	h := start(t, nil)
	for code, want := range map[string]struct {
		outcome   realname.Outcome
		noEffect  bool
		throttled bool
		retry     bool
	}{
		"Throttling":                      {realname.Limited, true, true, true},
		"Throttling.Api":                  {realname.Limited, true, true, true},
		"Throttling.User":                 {realname.Limited, true, true, true},
		"403":                             {realname.Limited, true, true, true},
		"402":                             {realname.Unavailable, false, false, false},
		"500":                             {realname.Unavailable, false, false, false},
		"400":                             {realname.Unavailable, false, false, false},
		"InternalError":                   {realname.Unavailable, false, false, false},
		"ServiceUnavailable":              {realname.Unavailable, false, false, false},
		"410":                             {realname.Unavailable, true, false, true},
		"411":                             {realname.Unavailable, true, false, true},
		"412":                             {realname.Unavailable, true, false, true},
		"Forbidden.AccountAccessDenied":   {realname.Unavailable, true, false, true},
		"Forbidden.RAMUserAccessDenied":   {realname.Unavailable, true, false, true},
		"InvalidAccessKeyId.NotFound":     {realname.Unavailable, true, false, true},
		"SignatureDoesNotMatch":           {realname.Unavailable, true, false, true},
		"InvalidTimeStamp.Expired":        {realname.Unavailable, true, false, true},
		"MissingParameter":                {realname.Unavailable, false, false, false},
		"AnUnknown.Code":                  {realname.Unavailable, false, false, false},
		"isv.BUSINESS_LIMIT_CONTROL":      {realname.Limited, true, true, true},
		"isv.DAY_LIMIT_CONTROL":           {realname.Limited, true, true, true},
		"isv.OUT_OF_SERVICE":              {realname.Unavailable, true, false, true},
		"isv.SMS_SIGNATURE_SCENE_ILLEGAL": {realname.Unavailable, true, false, true},
		"isp.RAM_PERMISSION_DENY":         {realname.Unavailable, true, false, true},
	} {
		t.Run(code, func(t *testing.T) {
			target := trouble.IDCard
			if strings.HasPrefix(code, "is") {
				target = trouble.SMS
			}
			h.force(t, target, map[string]any{"Code": code, "Message": "about " + zhao.IDNumber})
			r, err := h.checks(t)[target]()
			var f *provider.Failure
			if !errors.As(err, &f) || r.Outcome != want.outcome || f.NoEffect != want.noEffect ||
				f.Throttled != want.throttled || (f.RetryAfter > 0) != want.retry {
				t.Fatalf("%+v %+v", r, err)
			}
			if r.Code != code || r.RequestID == "" || strings.Contains(err.Error(), zhao.IDNumber) {
				t.Errorf("evidence %+v, error %v", r, err)
			}
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
	for mode, code := range map[trouble.Mode]string{
		trouble.Error: "InternalError", trouble.Throttle: "Throttling.Api",
		trouble.Malformed: provider.CodeMalformed, trouble.ServerDown: "http_500",
		trouble.DropAnswer: provider.CodeUnreachable, trouble.Timeout: provider.CodeTimeout,
	} {
		for target, ask := range h.checks(t) {
			t.Run(string(mode)+" "+string(target), func(t *testing.T) {
				if err := h.Fault(target, mode, 1); err != nil {
					t.Fatal(err)
				}
				if mode == trouble.Timeout {
					h := h
					ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
					defer cancel()
					ask = func() (realname.CheckResult, error) {
						switch target {
						case trouble.Registry:
							return h.client.CheckEnterprise(ctx, enterprise)
						case trouble.IDCard:
							return h.client.CheckIDCard(ctx, idCard)
						case trouble.BankCard:
							return h.client.CheckBankCard(ctx, bankCard)
						}
						return h.client.SendCode(ctx, message)
					}
				}
				r, err := ask()
				var f *provider.Failure
				if !errors.As(err, &f) || f.Code != code || f.NoEffect != (mode == trouble.Throttle) {
					t.Fatalf("%+v %+v", r, err)
				}
				for _, value := range []string{zhao.Name, zhao.IDNumber, "key of a test", "127.0.0.1", "Signature"} {
					if strings.Contains(err.Error(), value) {
						t.Errorf("the error holds a value: %v", err)
					}
				}
			})
		}
	}
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
			c.Credentials = static{AccessKeyID: "LTAItest", AccessKeySecret: "another"}
		},
		"InvalidAccessKeyId.NotFound": func(c *aliyun.Config) {
			c.Credentials = static{AccessKeyID: "LTAIother", AccessKeySecret: "key of a test"}
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
