package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

// received is the sandbox receiver's record of arrived events.
type received struct {
	Webhooks []struct {
		ID       string
		Verified bool
		Again    bool
		Body     struct {
			Type string
			Data struct{ ID, USCC, SessionID, Status, Aspect string }
		}
	}
	Bus []struct{ ID, Type, USCC string }
}

func (c *clerk) received() received {
	c.Helper()
	var r received
	a := c.get("/sandbox/receiver")
	if err := json.Unmarshal(a.Body, &r); err != nil {
		c.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	return r
}

// told waits until the receiver has a valid event that the session closed. It
// returns the types of the enterprise's events without repetitions.
func (c *clerk) told(session string) string {
	c.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var types []string
		closed := false
		for _, m := range c.received().Webhooks {
			if !m.Verified {
				c.Fatalf("an event with a bad signature: %+v", m)
			}
			if m.Body.Data.USCC != c.who.USCC || m.Again {
				continue
			}
			types = append(types, m.Body.Type)
			closed = closed || m.Body.Type == "SessionClosed" && m.Body.Data.SessionID == session
		}
		if closed {
			return strings.Join(types, " ")
		}
	}
	c.Fatalf("no event of session %s arrived\n%s", session, c.get("/sandbox/receiver").Body)
	return ""
}

// eventually waits until the condition holds.
func (c *clerk) eventually(what string, holds func() bool) {
	c.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	c.Fatalf("never: %s", what)
}

func (c *clerk) verify() string {
	c.Helper()
	s := c.begin()
	c.allThree(s.Id)
	c.becomes(s.Id, "verified")
	return s.Id
}

const allEvents = "EnterpriseVerified HolderVerified SessionClosed"

func TestThePlatformHearsOfAVerifiedEnterprise(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	if got := c.told(c.verify()); got != allEvents {
		t.Errorf("the webhook got %s", got)
	}
	var bus []string
	for _, e := range c.received().Bus {
		if e.USCC == c.who.USCC {
			bus = append(bus, e.Type)
		}
	}
	if got := strings.Join(bus, " "); got != allEvents && shared.embedded { // EventBridge lists no events
		t.Errorf("the bus got %s", got)
	}
}

func TestAReceiverThatWasDownGetsEverythingInOrder(t *testing.T) {
	p := only(t, "--notify-every", "100ms", "--notify-first", "100ms")
	c := p.clerkOf(t, world.Pass)
	fail := func(status int) {
		t.Helper()
		if a := c.post("/sandbox/receiver/fail", map[string]any{"status": status}); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	fail(503)
	first := c.begin()
	if a := c.delete("/v1/sessions/" + first.Id); a.Status >= 300 {
		t.Fatal(a.Status)
	}
	second := c.verify()
	if got := c.received().Webhooks; len(got) != 0 {
		t.Fatalf("got %+v", got)
	}
	fail(0)
	if got := c.told(second); got != "SessionClosed "+allEvents {
		t.Errorf("the webhook got %s", got)
	}
}
