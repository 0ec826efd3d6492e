package e2e

import (
	"encoding/json"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/sandbox/tencent"
)

// Scripts can rely on the shape: an empty list is [] and never null.
func TestJSONOfACommandHoldsNoNull(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	for _, args := range [][]string{
		{"session", "list"},
		{"session", "list", "--status", "verified"},
		{"session", "show", s.Id},
		{"enterprise", "show", c.who.USCC},
		{"audit", "verify"},
		{"stats"},
		{"notify", "dead"},
		{"notify", "show", c.who.USCC},
		{"notify", "webhook"},
		{"client", "list"},
		{"bank", "list"},
		{"bank", "refusals", "CCB"},
		{"card", "roots", "list"},
		{"card", "policy"},
		{"check"},
		{"notify", "replay"},
		{"erase", "--yes", "--expired"},
		{"erase", "--requests"},
		{"bank", "keygen", "--out", filepath.Join(t.TempDir(), "key")},
		{"bank", "retire", "ABC"},
		{"client", "retire", "customs"},
	} {
		if out := p.says(t, append(args, "--json")...); strings.Contains(out, "null") || !json.Valid([]byte(out)) {
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
		{"serve --checks-per-day=0", "--checks-per-day"},
		{"serve --card-challenges-per-day=0", "--card-challenges-per-day"},
		{"serve --concurrency=credentials=0", "--concurrency"},
		{"serve --rate=0", "--rate"},
		{"serve --rate=NaN", "--rate"},
		{"serve --burst=0", "--burst"},
		{"serve --cors-origin=http://localhost:5173/", "--cors-origin"},
		{"serve --tencent=here", "--tencent"},
		{"session list --limit=0", "--limit"},
		{"bank refusals CCB --limit=-1", "--limit"},
		{"bank refusals CCB --limit=1001", "--limit"},
		{"keys rotate webhook --overlap=-1h", "--overlap"},
		{"erase --yes --expired --retention=0s", "--retention"},
		{"client add tax --scope bogus", "--scope"},
		{"notify webhook --set bogus", "--set"},
		{"audit export --uscc 9113", "--uscc"},
		{"audit verify --uscc 9113", "--uscc"},
		{"audit verify --uscc 9113000034801880XB", "enterprise 9113000034801880XB has no audit trail"},
		{"erase --refuse nobody", "--reason"},
		{"erase --yes --login nobody --reason because", "--refuse"},
		{"erase --refuse nobody --reason because", `account "nobody" has no open request`},
		{"erase --yes --login nobody", `the login name "nobody"`},
		{"erase --yes --account nobody", `account "nobody"`},
		{"erase --yes --enterprise 9113", `enterprise "9113"`},
		{"invoke login cli_input_test.go", "cli_input_test.go"},
	} {
		out, trouble, ok := p.program(t, strings.Fields(tt.args)...)
		_, said, _ := strings.Cut(trouble, "realname: error: ")
		if ok || !strings.Contains(said, tt.names) {
			t.Errorf("%s: %v, %q does not name %s", tt.args, ok, said, tt.names)
		}
		if strings.Contains(out, "Usage") {
			t.Errorf("%s: whoever reads the output gets %q", tt.args, out)
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

func TestAListThatIsCutSaysSo(t *testing.T) {
	p := only(t)
	for range 3 {
		p.clerkOf(t, world.Pass).begin()
	}
	for _, limit := range []string{"1", "3"} {
		out, trouble, ok := p.program(t, "session", "list", "--json", "--limit", limit)
		if cut := strings.Contains(trouble, "… and 2 more (--limit)"); !ok || !json.Valid([]byte(out)) ||
			cut != (limit == "1") {
			t.Errorf("--limit %s: %v %q\n%s", limit, ok, trouble, out)
		}
	}
}

func TestProvidersAreCheckedByOneCommand(t *testing.T) {
	p := only(t)
	sim := httptest.NewServer(tencent.New(tencent.Config{
		SecretID: "AKIDe2e", SecretKey: "e2e", Rate: 20, Now: time.Now, Random: rand.Float64,
	}))
	t.Cleanup(sim.Close)
	at := sim.URL
	type finding struct {
		Check, Code, Advice string
		Works               bool
	}
	for _, f := range says[[]finding](t, p, "provider", "check", "--tencent", at, "--tencent-key", "AKIDe2e:e2e") {
		if !f.Works || f.Code == "" || f.Advice != "" {
			t.Errorf("%+v", f)
		}
	}
	out, ok := p.commandLine(t, "provider", "check", "--tencent", at, "--tencent-key", "AKIDe2e:wrong", "--json")
	raw, _, _ := strings.Cut(out, "realname: error:")
	var wrong []finding
	if err := json.Unmarshal([]byte(raw), &wrong); ok || err != nil || len(wrong) != 4 || wrong[0].Works ||
		!strings.Contains(wrong[0].Advice, "SecretKey") {
		t.Errorf("%v %v %+v", ok, err, wrong)
	}
}
