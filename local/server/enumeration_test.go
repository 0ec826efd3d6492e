package server

import (
	"fmt"
	"runtime"
	"testing"
)

// A stranger's request costs the same number of table calls and the same memory
// whether or not its account exists. Table calls and hashing dominate the time of a
// request, and a password hash takes a megabyte here. Memory is exact, while a
// network blurs time. BenchmarkEnumeration in e2e measures the remaining difference.
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
				t.Errorf("the memory does not match the hashing: %+v", costs)
			}
			for login, c := range costs {
				if c != costs["nobody-at-all"] || c.calls == 0 {
					t.Errorf("%s is distinguishable: %+v", login, costs)
				}
			}
		})
	}
}
