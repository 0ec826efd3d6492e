package e2e

import (
	"strings"
	"testing"

	"realname/e2e/world"
)

// A script can rely on the shape: what is empty is an empty list.
func TestJSONOfACommandHoldsNoNull(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	for _, args := range [][]string{
		{"session", "list"}, {"session", "list", "--status", "verified"}, {"session", "show", s.Id}, {"enterprise", "show", c.who.USCC},
		{"audit", "verify"}, {"stats"}, {"notify", "dead"}, {"notify", "show", c.who.USCC}, {"notify", "webhook"}, {"client", "list"},
		{"bank", "list"}, {"bank", "refusals", "CCB"}, {"card", "roots", "list"},
	} {
		if out := p.says(t, append(args, "--json")...); strings.Contains(out, "null") {
			t.Errorf("%v: %s", args, out)
		}
	}
}

func TestABadArgumentIsNamed(t *testing.T) {
	p := only(t)
	for _, tt := range []struct{ args, names string }{
		{"session list --status bogus", "--status"},
		{"session list --method bogus", "--method"},
		{"session list --step bogus", "--step"},
		{"session list --since bogus", "--since"},
		{"stats --since 0d", "--since"},
		{"bank refusals XYZ", "XYZ"},
		{"serve --step-timeout=-1s", "--step-timeout"},
		{"serve --session-timeout=0s", "--session-timeout"},
		{"serve --token-ttl=0s", "--token-ttl"},
		{"serve --repair-every=0s", "--repair-every"},
		{"serve --notify-every=0s", "--notify-every"},
		{"serve --notify-first=0s", "--notify-first"},
		{"serve --sms-interval=-1s", "--sms-interval"},
		{"serve --rate=0", "--rate"},
		{"serve --burst=0", "--burst"},
		{"serve --cors-origin=http://localhost:5173/", "--cors-origin"},
		{"serve --tencent=here", "--tencent"},
		{"erase --yes --login nobody", `the login name "nobody"`},
		{"erase --yes --account nobody", `account "nobody"`},
		{"erase --yes --enterprise 9113", `enterprise "9113"`},
		{"invoke login cli_input_test.go", "cli_input_test.go"},
	} {
		out, ok := p.commandLine(t, strings.Fields(tt.args)...)
		_, said, _ := strings.Cut(out, "realname: error: ")
		if ok || !strings.Contains(said, tt.names) {
			t.Errorf("%s: %v, %q does not name %s", tt.args, ok, said, tt.names)
		}
	}
}

func TestSessionsAreListedByACodeHoweverItIsTyped(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	if out := p.says(t, "session", "list", "--uscc", " "+strings.ToLower(c.who.USCC)); !strings.Contains(out, s.Id) {
		t.Errorf("%s", out)
	}
}
