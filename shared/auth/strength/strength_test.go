package strength_test

import (
	"strings"
	"testing"

	"realname/shared/auth/strength"
)

func TestPasswordsAreJudged(t *testing.T) {
	about := []string{"hebei-demo"}
	for password, want := range map[string]string{
		"":                          "length",
		"Ab1$xyz":                   "length",
		strings.Repeat("长", 129):    "length",
		"hebei-demo":                "login_name",
		"HEBEI-DEMO":                "login_name",
		"my-Hebei-Demo-7Kq":         "login_name",
		"password1":                 "common",
		"Password1":                 "common",
		"qwertyuiop":                "common",
		"Passw0rd!2026":             "too_weak",
		"qwerty123456":              "common",
		"aaaaaaaaaaaa":              "too_weak",
		"20260101":                  "too_weak",
		"Renew-2026-shijiazhuang":   "",
		"correct horse battery":     "",
		"石家庄贸易公司很长的密码":              "",
		strings.Repeat("x7$Kq", 12): "too_weak",
		"k8#mQ2zL!p":                "",
	} {
		if got := strength.Rule(password, about); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func FuzzRule(f *testing.F) {
	f.Add("password", "name")
	f.Add("\xff\xfe12345678", "")
	f.Fuzz(func(_ *testing.T, password, name string) {
		if len(password) > 200 {
			password = password[:200]
		}
		strength.Rule(password, []string{name}) // must not panic
	})
}
