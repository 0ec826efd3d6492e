package e2e

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

// checksPerDay is the default of REALNAME_CHECKS_PER_DAY.
const checksPerDay = 30

// askedProviders returns how many questions the providers of the checks have answered.
func (p *place) askedProviders(t *testing.T) int {
	t.Helper()
	var asked map[string]int
	a := (&clerk{TB: t, at: p}).get("/sandbox/asked")
	if err := json.Unmarshal(a.Body, &asked); err != nil {
		t.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	return asked["registry"] + asked["id_card"] + asked["bank_card"]
}

// One account of an enterprise that the registry does not cover asks 200 different
// questions at the same time, and then again in another session, each under its own key,
// spread over new instances of the function. No answer is charged as an attempt, but every
// question is paid for, so the day's limit ends them.
func TestQuestionsAtOnceAreBoundedByTheDay(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.NotCovered)
	const requests = 200
	id := ""
	for burst := range 2 {
		if id != "" {
			c.delete("/v1/sessions/" + id)
		}
		id = c.begin().Id
		c.atOnce(requests, func(i int) (answer, error) {
			if i%20 == 0 { // a new instance knows nothing of the others
				p.move(t, "enterprise", fmt.Sprintf("%dms", i))
			}
			body := c.enterprise()
			body["name"] = fmt.Sprintf("河北第%d贸易有限公司", burst*requests+i)
			raw, err := json.Marshal(body)
			if err != nil {
				return answer{}, err
			}
			return c.exchange("POST", "/v1/sessions/"+id+"/enterprise", raw, "Idempotency-Key", fmt.Sprintf("%d-%d", burst, i))
		})
	}
	if asked := p.askedProviders(t); asked < 1 || asked > checksPerDay+5 {
		t.Errorf("%d questions at once were put, want at most %d", asked, checksPerDay+5)
	}
	body := c.enterprise()
	ask := func(n int) answer {
		body["name"] = fmt.Sprintf("河北另%d贸易有限公司", n)
		return c.post("/v1/sessions/"+id+"/enterprise", body, "Idempotency-Key", fmt.Sprint("another-", n))
	}
	for n := range requests { // one at a time, so that no collision hides a free question
		if a := ask(n); a.Status == 429 {
			break
		}
	}
	refused := c.wants(ask(requests), 429, "checks_exhausted")
	if refused.RetryAfter < 1 || refused.RetryAfter > 86400 || len(refused.Alternatives) == 0 {
		t.Errorf("%+v", refused)
	}
	asked := p.askedProviders(t)
	if asked < checksPerDay || asked > checksPerDay+5 {
		t.Errorf("%d questions were put in a day, want %d", asked, checksPerDay)
	}
	a := c.post("/v1/sessions/"+id+"/enterprise", body, "Idempotency-Key", "another-0")
	if again := p.askedProviders(t); a.Status == 200 || again != asked {
		t.Errorf("a repetition: %d %s, and %d further questions", a.Status, a.Body, again-asked)
	}

	c.delete("/v1/sessions/" + id)
	for _, function := range []string{"login", "authorizer", "methods", "sessions", "enterprise"} {
		p.move(t, function, "24h")
	}
	tomorrow := p.login(t, c.who)
	s := tomorrow.begin().Id
	tomorrow.refused(s, "enterprise", tomorrow.enterprise(), 422, "enterprise_not_covered")
	if again := p.askedProviders(t); again != asked+1 {
		t.Errorf("the next day, %d questions were put, want 1", again-asked)
	}
}

// A program asks for 1,500 challenges for its card. It gets the day's, and what they
// leave in the table expires within minutes.
func TestChallengesAreBoundedByTheDay(t *testing.T) {
	p := only(t, "--rate", "1000000", "--burst", "1000000")
	c := p.clerkOf(t, world.Pass)
	id := c.beginCard().Id
	const requests, most = 1500, 50
	codes := statuses(t, c.atOnce(requests, func(i int) (answer, error) {
		return c.exchange("POST", "/v1/sessions/"+id+"/card-challenge", []byte("{}"), "Idempotency-Key", fmt.Sprint(i))
	}))
	for i := range most + 1 { // one at a time, so that no collision hides a free challenge
		a := c.post("/v1/sessions/"+id+"/card-challenge", map[string]any{}, "Idempotency-Key", fmt.Sprint(requests+i))
		codes[a.problem(t).Code]++
	}
	if codes[""] != most || codes["card_challenge_limit"] < 1 {
		t.Errorf("%v, want %d challenges", codes, most)
	}
	refused := c.wants(c.post("/v1/account/card/challenge", map[string]any{}), 429, "card_challenge_limit")
	if refused.RetryAfter < 1 || refused.RetryAfter > 86400 {
		t.Errorf("%+v", refused)
	}
	var dump struct {
		Table []struct {
			PK      struct{ S string }
			Expires struct{ N string } `json:"expires"`
		}
	}
	if err := json.Unmarshal(c.get("/sandbox/dump").Body, &dump); err != nil {
		t.Fatal(err)
	}
	stored, end := 0, time.Now().Add(15*time.Minute).Unix()
	for _, it := range dump.Table {
		if !strings.HasPrefix(it.PK.S, "CHALLENGE#") {
			continue
		}
		stored++
		if expires, err := strconv.ParseInt(it.Expires.N, 10, 64); err != nil || expires > end {
			t.Errorf("a challenge expires at %s: %v", it.Expires.N, err)
		}
	}
	if stored != most {
		t.Errorf("%d challenges are stored, want %d", stored, most)
	}
}
