package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

// retentionJourneys abort the erasure of a person whose retention has ended, and its
// announcement. It happens all the same, and not before it was announced for a day.
func retentionJourneys() []journey {
	return []journey{{
		function: "retention", name: "of a closed account", least: 8,
		flags: []string{"--retention-every", "300ms"},
		drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			p.says(t, "account", "disable", c.who.LoginName, "--reason", "left")
			arm()
			days := 3 * 365
			eventually(t, func() bool {
				days++ // a day after the last run, whose announcement may have been lost
				clock := map[string]any{"function": "retention", "offset": fmt.Sprint(time.Duration(days*25) * time.Hour)}
				if a := c.post("/sandbox/clocks", clock); a.Status != 200 {
					t.Fatalf("%d %s", a.Status, a.Body)
				}
				time.Sleep(time.Second) // three runs
				return strings.Contains(p.says(t, "enterprise", "show", c.who.USCC), "person_erased  ")
			}, "the person is erased")
			if n := p.logged(`"msg":"persons will be erased in a day"`); n == 0 {
				t.Error("nothing was announced")
			}
			if out := p.says(t, "enterprise", "show", c.who.USCC); !strings.Contains(out, "staff retention") ||
				strings.Count(out, "person_erased") != 1 {
				t.Error(out)
			}
		},
	}}
}
