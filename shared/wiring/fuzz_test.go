package wiring

import "testing"

// For any environment, Load returns limits that limit, or an error that names the
// invalid variable.
func FuzzLoad(f *testing.F) {
	f.Add("REALNAME_STEP_TIMEOUT", "90s")
	f.Add("REALNAME_SMS_CODE_TRIES", "-1")
	f.Add("REALNAME_TENCENT_ENDPOINT", "http://[::1]:0")
	f.Add("REALNAME_PUBLIC_URL", "https://www.example.com/path")
	f.Add("REALNAME_BANK_RESULT_PAGE", "//evil.example")
	f.Add("REALNAME_PROVIDERS_ID_CARD", "tencent,tencent")
	f.Fuzz(func(t *testing.T, name, value string) {
		c, err := Load(env(map[string]string{name: value}))
		if err != nil {
			return
		}
		l := c.Limits
		if min(l.StepTimeout, l.SessionTimeout, l.SMSCodeLife, c.TokenTTL) <= 0 {
			t.Errorf("%s=%q: %+v", name, value, c)
		}
		if min(l.SMSCodeTries, l.TriesPerStep, c.Lockout.Tries) < 1 {
			t.Errorf("%s=%q: %+v", name, value, c)
		}
		if len(c.BankResultPage) > 1 && c.BankResultPage[:2] == "//" {
			t.Errorf("%s=%q leads elsewhere: %s", name, value, c.BankResultPage)
		}
	})
}
