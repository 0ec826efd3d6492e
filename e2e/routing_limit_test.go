package e2e

import (
	"fmt"
	"testing"

	"realname/e2e/world"
	"realname/local/sandbox/provider"
	"realname/local/sandbox/trouble"
)

// Every question counts on the account's day, also the one to a second provider. If the day's
// questions are used up in between, the next provider is not asked, and the known answer
// decides.
func TestTheDaysLimitCountsTheQuestionsToEveryProvider(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		know    func(string, *provider.Enterprise)
		flags   []string
		trouble func(*testing.T, providers)
		status  int    // of the request whose second question exceeds the limit
		code    string // likewise
	}{
		"a second opinion": {flags: []string{"--second-opinion"}, status: 422, code: "enterprise_mismatch"},
		"not covered": {
			know:   func(name string, e *provider.Enterprise) { e.Covered = name != "tencent" },
			status: 422, code: "enterprise_not_covered",
		},
		"unavailable": {
			trouble: func(t *testing.T, s providers) { failing(t, s.tencent, trouble.Error) },
			status:  503, code: "provider_unavailable",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, sims := routed(t, world.Passing(1), c.know, append(c.flags, "--checks-per-day", "3")...)
			if c.trouble != nil {
				c.trouble(t, sims)
			}
			k := p.clerkOf(t, world.Pass)
			s := k.begin().Id
			body := k.enterprise()
			refused := func(n, status int, code string, asked [3]int) {
				t.Helper()
				body["name"] = fmt.Sprintf("河北第%d贸易有限公司", n) // another question
				k.refused(s, "enterprise", body, status, code)
				if got := sims.asked(trouble.Registry); got != asked {
					t.Errorf("after request %d: asked %v, want %v", n, got, asked)
				}
			}
			refused(1, 422, "enterprise_mismatch", [3]int{1, 1, 0})
			refused(2, c.status, c.code, [3]int{2, 1, 0})
			refused(3, 429, "checks_exhausted", [3]int{2, 1, 0})
		})
	}
}
