package realname_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/vault"
)

func TestDataLivesAsLongAsTheRulesSay(t *testing.T) {
	for what, c := range map[string]struct{ is, want time.Duration }{
		"values of an audit entry": {realname.AuditValuesLife, 26352 * time.Hour},
		"counters of a day":        {realname.CounterLife, 48 * time.Hour},
		"an answer":                {realname.ReplyLife, 24 * time.Hour},
		"a link":                   {realname.LinkLife, 24 * time.Hour},
	} {
		if c.is != c.want {
			t.Errorf("%s: %v, want %v", what, c.is, c.want)
		}
	}
}

func TestAWrongGuessIsCountedAndARightOneIsNot(t *testing.T) {
	code := realname.SMSCode{WrongTries: 2}
	right, wrong := code.Guessed(true, "r1"), code.Guessed(false, "r2")
	if right.WrongTries != 2 || wrong.WrongTries != 3 || right.By == "" || right.By == wrong.By {
		t.Errorf("%+v, %+v", right, wrong)
	}
}

func TestSessionsOfTheDayAreCountedByTheLatest(t *testing.T) {
	day := realname.AccountDay{Day: realname.Day(noon), Sessions: map[realname.Method]int{realname.ICCard: 2}}
	for name, c := range map[string]struct {
		latest realname.Session
		want   int
	}{
		"none today":                  {realname.Session{CreatedAt: noon.Add(-24 * time.Hour), NthOfDay: 4}, 2},
		"the third of today":          {realname.Session{CreatedAt: noon, NthOfDay: 3}, 3},
		"of a version without number": {realname.Session{CreatedAt: noon}, 2},
	} {
		if got := day.Started(realname.ICCard, c.latest); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestAnotherMessageCountsOnItsNumber(t *testing.T) {
	if n := (realname.NumberDay{SMS: 2}).Another(noon); n.SMS != 3 || !n.LastAt.Equal(noon) {
		t.Errorf("%+v", n)
	}
}

func TestADayEndsTheQuestionsAtItsLimits(t *testing.T) {
	l := realname.Limits{ChecksPerDay: 3, EnterpriseChecksPerDay: 5}
	for name, c := range map[string]struct {
		account, enterprise int
		waits               bool
	}{
		"below both":             {2, 4, false},
		"the account's limit":    {3, 4, true},
		"the enterprise's limit": {2, 5, true},
		"above both":             {9, 9, true},
	} {
		view := realname.SessionView{
			Account: realname.Account{ID: "a"}, Day: realname.AccountDay{Checks: c.account},
			EnterpriseDay: realname.EnterpriseDay{Checks: c.enterprise},
		}
		want := time.Duration(0)
		if c.waits {
			want = realname.UntilTomorrow(noon)
		}
		if got := l.CheckWait(view, noon); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// The table does not grow by compressing what cannot be compressed.
func TestABodyIsCompressedOnlyIfThatIsShorter(t *testing.T) {
	noise := make([]byte, 400)
	for i := range noise {
		noise[i] = byte(rand.New(rand.NewPCG(1, uint64(i))).Uint32())
	}
	p := &realname.Ports{Sealer: vault.Ephemeral(), Now: func() time.Time { return noon }}
	empty, err := p.Keep(realname.Reply{Status: 204}, &realname.Idempotency{Key: "k"})
	if err != nil || empty.Sealed != "" || empty.Packed {
		t.Errorf("%+v, %v", empty, err)
	}
	for body, packed := range map[string]bool{string(noise): false, strings.Repeat("a", 400): true, "a": false} {
		kept, err := p.Keep(realname.Reply{Status: 200, Body: []byte(body)}, &realname.Idempotency{Key: "k"})
		if err != nil || kept.Packed != packed || len(kept.Body) != 0 {
			t.Fatalf("%+v, %v", kept, err)
		}
		back, err := p.Replay(kept, &realname.Idempotency{Key: "k"})
		if err != nil || !bytes.Equal(back.Body, []byte(body)) {
			t.Errorf("%d bytes come back as %d, %v", len(body), len(back.Body), err)
		}
	}
}

func TestAMarkTellsTheRequestAndItsBody(t *testing.T) {
	var none *realname.Idempotency
	request := &realname.Idempotency{Key: "k", Fingerprint: "f"}
	mark := request.Mark()
	for name, c := range map[string]struct {
		of        *realname.Idempotency
		mark      string
		key, same bool
	}{
		"the request":             {request, mark, true, true},
		"another body":            {&realname.Idempotency{Key: "k", Fingerprint: "g"}, mark, true, false},
		"another key":             {&realname.Idempotency{Key: "l", Fingerprint: "f"}, mark, false, false},
		"no decision":             {request, "", false, false},
		"a request without a key": {none, mark, false, false},
		"neither has a key":       {none, none.Mark(), false, false},
	} {
		if key, same := c.of.Marked(c.mark); key != c.key || same != c.same {
			t.Errorf("%s: %v, %v", name, key, same)
		}
	}
	if none.Mark() != "" || len(mark) != 25 {
		t.Errorf("%q, %q", none.Mark(), mark)
	}
}

func TestARunningRequestIsRememberedForHalfAMinute(t *testing.T) {
	p := &realname.Ports{Now: func() time.Time { return noon }}
	if p.Running(nil) != nil {
		t.Error("a request without a key is remembered")
	}
	r := p.Running(&realname.Idempotency{Key: "k", Fingerprint: "f"})
	if r.Key != "k" || r.Fingerprint != "f" || !r.Running || !r.ExpiresAt.Equal(noon.Add(30*time.Second)) {
		t.Errorf("%+v", r)
	}
}

func TestAHeadHoldsAllUntilEntriesLeaveIt(t *testing.T) {
	entries := func(n int) []map[string]any { return make([]map[string]any, n) }
	for name, c := range map[string]struct {
		head realname.TrailHead
		want bool
	}{
		"no entry":              {realname.TrailHead{}, false},
		"all":                   {realname.TrailHead{Entries: 2, Recent: entries(2)}, true},
		"some in items":         {realname.TrailHead{Entries: 3, Recent: entries(2)}, false},
		"of the former version": {realname.TrailHead{Entries: 3}, false},
	} {
		if got := c.head.HoldsAll(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
