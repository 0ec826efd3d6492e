package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"realname/e2e/world"
)

func TestTwoTabsSubmitAtOnceAndOnlyDecidedAttemptsCount(t *testing.T) {
	conflicts := 0
	for range 4 {
		c := shared.clerkOf(t, world.Pass)
		s := c.begin()
		body := c.enterprise()
		body["name"] = "河北别名贸易有限公司"
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		decided := 0
		for _, a := range c.atOnce(3, func(int) (answer, error) {
			return c.exchange("POST", "/v1/sessions/"+s.Id+"/enterprise", raw)
		}) {
			switch p := a.problem(t); {
			case a.Status == 422 && p.Code == "enterprise_mismatch":
				decided++
			case a.Status == 409 && p.Code == "conflict":
				conflicts++
				if p.AttemptsLeft != nil || len(p.Causes) > 0 {
					t.Errorf("the loser was told something: %s", a.Body)
				}
			default:
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		left := c.get("/v1/sessions/" + s.Id).session(t).Steps[0].AttemptsLeft
		if decided == 0 || left != 5-decided {
			t.Errorf("%d answers were decided, %d tries left", decided, left)
		}
	}
	t.Logf("%d conflicts", conflicts)
}

func TestManyStartsOpenOneSession(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	raw := []byte(fmt.Sprintf(`{"method":"legal_representative","consentVersion":%q}`, c.consent("legal_representative")))
	opened := 0
	for _, a := range c.atOnce(8, func(int) (answer, error) { return c.exchange("POST", "/v1/sessions", raw) }) {
		switch a.Status {
		case 201:
			opened++
		case 409:
		default:
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if opened != 1 {
		t.Errorf("%d sessions were opened", opened)
	}
}

func TestIdempotentReplayAnswersTheSameAndCountsOnce(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	start := map[string]any{"method": "legal_representative", "consentVersion": c.consent("legal_representative")}
	s := c.post("/v1/sessions", start, "Idempotency-Key", "start-1").session(t)
	if again := c.post("/v1/sessions", start, "Idempotency-Key", "start-1").session(t); again.Id != s.Id {
		t.Errorf("a replay opened another session")
	}
	wrong := c.enterprise()
	wrong["name"] = "河北别名贸易有限公司"
	for range 6 {
		p := c.wants(c.post("/v1/sessions/"+s.Id+"/enterprise", wrong, "Idempotency-Key", "try-1"),
			422, "enterprise_mismatch")
		if *p.AttemptsLeft != 4 {
			t.Fatalf("a replay cost a try: %d left", *p.AttemptsLeft)
		}
	}
	c.wants(c.post("/v1/sessions/"+s.Id+"/enterprise", c.enterprise(), "Idempotency-Key", "try-1"),
		422, "idempotency_key_reused")
	for range 2 {
		if a := c.post("/v1/sessions/"+s.Id+"/enterprise", c.enterprise(),
			"Idempotency-Key", "try-2"); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	c.wants(c.post("/v1/sessions/"+s.Id+"/enterprise", c.enterprise(), "Idempotency-Key", "bad key"),
		400, "invalid_request")
}

func TestManySessionsAtOnce(t *testing.T) {
	sessions := 200
	if !shared.embedded {
		sessions = 8 // a real provider allows 20 requests a second, and an emulator starts a process for each request
	}
	clerks := make([]*clerk, sessions)
	for i := range clerks {
		clerks[i] = shared.clerkOf(t, world.Pass)
	}
	consent := clerks[0].consent("legal_representative")
	begin := time.Now()
	clerks[0].atOnce(sessions, func(i int) (answer, error) { return answer{}, clerks[i].drive(consent) })
	t.Logf("%d sessions from start to verified in %v", sessions, time.Since(begin).Round(time.Millisecond))
}

// drive completes a whole session, outside the test's own goroutine.
func (c *clerk) drive(consent string) error {
	send := func(path string, body map[string]any, want int) (answer, error) {
		raw, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		a, err := c.exchange("POST", path, raw)
		if err == nil && a.Status != want {
			err = fmt.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
		return a, err
	}
	a, err := send("/v1/sessions", map[string]any{"method": "legal_representative", "consentVersion": consent}, 201)
	if err != nil {
		return err
	}
	var s struct{ ID string }
	if err := json.Unmarshal(a.Body, &s); err != nil {
		return err
	}
	path := "/v1/sessions/" + s.ID
	for _, step := range []struct {
		name string
		body map[string]any
	}{
		{"/enterprise", c.enterprise()},
		{"/legal-representative", c.legalRepresentative()},
		{"/account-holder", c.accountHolder()},
	} {
		if _, err := send(path+step.name, step.body, 200); err != nil {
			return err
		}
	}
	return c.verifiedSoon(s.ID)
}

// verifiedSoon waits until the session is verified, outside the test's own
// goroutine.
func (c *clerk) verifiedSoon(session string) error {
	var s struct{ Status string }
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		a, err := c.exchange("GET", "/v1/sessions/"+session+"?wait=5", nil)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(a.Body, &s); err != nil {
			return err
		}
		if s.Status == "verified" {
			return nil
		}
	}
	return fmt.Errorf("session %s is stuck: %s", session, s.Status)
}

// atOnce runs f n times concurrently and collects the answers.
func (c *clerk) atOnce(n int, f func(i int) (answer, error)) []answer {
	c.Helper()
	answers, errs := make([]answer, n), make([]error, n)
	ready := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-ready
			answers[i], errs[i] = f(i)
		})
	}
	close(ready)
	all.Wait()
	for _, err := range errs {
		if err != nil {
			c.Error(err)
		}
	}
	return answers
}
