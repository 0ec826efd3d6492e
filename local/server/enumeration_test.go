package server

import (
	"fmt"
	"runtime"
	"testing"
)

// Time is what a network blurs, and calls and hashing are what it is made of: a
// stranger's question costs the same number of table calls and the same memory,
// of which a password's hash takes a megabyte here, whether what it asks about
// exists or not. How much of it can be measured is e2e's BenchmarkEnumeration.
func TestAStrangerCostsTheSameCallsWhateverExists(t *testing.T) {
	s := demo(t)
	added, _, _ := s.call(t, "operators", "POST", "/v1/operators",
		`{"loginName":"not-yet-active","name":"李新","idType":"resident_id","idNumber":"130102199001010015"}`)
	if added != 201 {
		t.Fatal(added)
	}
	const password = "Renewed-2026-shijiazhuang"
	for name, ask := range map[string]struct{ function, path, body string }{
		"password":   {"login", "/v1/login", `{"loginName":%q,"password":"wrong%d"}`},
		"reset code": {"credentials", "/v1/password-reset-codes", `{"loginName":%q,"mobile":"1370000001%d"}`},
		"reset": {
			"credentials", "/v1/password-resets",
			`{"loginName":%q,"mobile":"1370000002%d","smsCode":"123456","newPassword":"` + password + `"}`,
		},
		"activation": {
			"credentials", "/v1/activations",
			`{"loginName":%q,"activationCode":"0000-0000-0000-000%d","newPassword":"` + password + `"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			type cost struct {
				status   int
				calls    int64
				halfMiBs int
			}
			costs := map[string]cost{}
			for n, login := range []string{"nobody-at-all", "pass", "not-yet-active"} {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				status, _, calls := s.call(t, ask.function, "POST", ask.path, fmt.Sprintf(ask.body, login, n))
				runtime.ReadMemStats(&after)
				costs[login] = cost{status, calls, int(after.TotalAlloc-before.TotalAlloc) >> 19}
			}
			if hashes := costs["pass"].halfMiBs >= 2; hashes != (name == "password") {
				t.Errorf("hashing is not what its memory says: %+v", costs)
			}
			for login, c := range costs {
				if c != costs["nobody-at-all"] || c.calls == 0 {
					t.Errorf("%s is told apart: %+v", login, costs)
				}
			}
		})
	}
}
