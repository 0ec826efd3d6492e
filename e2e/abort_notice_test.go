package e2e

import (
	"testing"

	"realname/e2e/world"
)

// noticeJourneys abort the delivery of events. Each event still arrives, in
// order.
func noticeJourneys() []journey {
	return []journey{{
		// The stream makes seven calls for three events.
		function: "notify", name: "of a verification", least: 7,
		flags: []string{"--notify-every", "2s", "--notify-first", "1s"},
		drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			arm()
			if got := c.told(c.verify()); got != allEvents {
				t.Errorf("the webhook got %s", got)
			}
		},
	}}
}
