package e2e

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"realname/api"
	"realname/e2e/world"
)

func (c *clerk) methods() api.Methods {
	c.Helper()
	var m api.Methods
	a := c.get("/v1/methods")
	if err := json.Unmarshal(a.Body, &m); err != nil || a.Status != http.StatusOK {
		c.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	return m
}

func TestMethodsPageShowsLevelsAndTheRecommendedMethod(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	m := c.methods()
	type shown struct {
		level       api.MethodCardLevel
		recommended bool
	}
	want := map[api.Method]shown{
		"ic_card": {"high", true}, "legal_representative": {"medium", false}, "bank_ukey": {"high", false},
	}
	for _, card := range m.Methods {
		asksPerson := card.Method == "legal_representative" || card.Method == "account_holder"
		if got := card.Consent; got.Version == "" || got.Text == "" || (len(got.Recipients) > 0) != asksPerson {
			t.Errorf("%s: consent %+v", card.Method, got)
		}
		w, listed := want[card.Method]
		if !listed {
			continue
		}
		delete(want, card.Method)
		if card.Level != w.level || card.Recommended != w.recommended || card.State != "not_passed" || !card.Applicable {
			t.Errorf("%+v, want %+v", card, w)
		}
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
	s := c.begin()
	for _, card := range c.methods().Methods {
		if card.Method == "legal_representative" && (card.SessionId == nil || *card.SessionId != s.Id) {
			t.Errorf("the session under way is not shown: %+v", card)
		}
	}
}

func TestSessionsAreListedInPagesTheNewestFirst(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	var ids []string
	for range 3 {
		s := c.begin()
		ids = append([]string{s.Id}, ids...)
		c.delete("/v1/sessions/" + s.Id)
	}
	var got []string
	path := "/v1/sessions?limit=2"
	for path != "" {
		var page api.SessionList
		a := c.get(path)
		if err := json.Unmarshal(a.Body, &page); err != nil || a.Status != http.StatusOK || len(page.Sessions) > 2 {
			t.Fatalf("%d %s: %v", a.Status, a.Body, err)
		}
		for _, s := range page.Sessions {
			got = append(got, s.Id)
		}
		path = ""
		if page.Next != nil {
			path = "/v1/sessions?limit=2&cursor=" + *page.Next
		}
	}
	if len(got) != 3 || got[0] != ids[0] || got[1] != ids[1] || got[2] != ids[2] {
		t.Errorf("listed %v, want %v", got, ids)
	}
	for _, query := range []string{"limit=0", "limit=101", "limit=x", "cursor=e30"} {
		c.wants(c.get("/v1/sessions?"+query), 400, "invalid_request")
	}
}

func TestAnUnchangedSessionIsAnswered304(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	path := "/v1/sessions/" + s.Id
	first := c.get(path)
	tag := first.Header.Get("ETag")
	if tag == "" {
		t.Fatalf("no ETag: %v", first.Header)
	}
	for _, known := range []string{tag, `"another", ` + tag, "W/" + tag} { // a proxy may make it weak
		if a := c.get(path, "If-None-Match", known); a.Status != http.StatusNotModified || len(a.Body) != 0 {
			t.Errorf("%s: %d %s", known, a.Status, a.Body)
		}
	}
	c.passes(s.Id, "enterprise", c.enterprise())
	if a := c.get(path, "If-None-Match", tag); a.Status != http.StatusOK || a.Header.Get("ETag") == tag {
		t.Errorf("%d, ETag %s", a.Status, a.Header.Get("ETag"))
	}
}

// A waiting page receives another device's answer without asking again.
func TestAHeldAnswerComesWithTheChange(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	tag := c.get("/v1/sessions/" + s.Id).Header.Get("ETag")
	heard := make(chan answer, 1)
	begun := time.Now()
	go func() {
		a, err := c.exchange("GET", "/v1/sessions/"+s.Id+"?wait=5", nil, "If-None-Match", tag)
		if err != nil {
			t.Error(err)
		}
		heard <- a
	}()
	c.passes(s.Id, "enterprise", c.enterprise())
	if a := <-heard; a.Status != http.StatusOK || a.session(t).Steps[0].Outcome != "passed" {
		t.Errorf("after %v: %d %s", time.Since(begun), a.Status, a.Body)
	}
	c.wants(c.get("/v1/sessions/"+s.Id+"?wait=6"), 400, "invalid_request")
}
