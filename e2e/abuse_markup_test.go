package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"realname/e2e/world"
)

// The service returns stored text as JSON with a JSON content type, so that no
// browser reads it as a page. web/browser/markup.spec.ts shows how the pages
// display it.
func TestStoredMarkupComesBackAsJSONAlone(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	const evil = `甲</script><img src=x onerror=alert(1)>'"&`
	operator := c.operatorBody(1, stranger(90))
	operator["name"] = evil
	if a := c.post("/v1/operators", operator); a.Status != 201 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	session := c.begin()
	facts := c.factsOfEnterprise()
	facts["name"], facts["address"] = evil, evil
	c.changed(c.changes("enterprise", facts), world.Password)
	wrong := c.enterprise()
	wrong["name"] = evil + "乙"
	found := 0
	for what, a := range map[string]answer{
		"account":   c.get("/v1/account"),
		"operators": c.get("/v1/operators"),
		"methods":   c.get("/v1/methods"),
		"banks":     c.get("/v1/banks"),
		"sessions":  c.get("/v1/sessions"),
		"session":   c.get("/v1/sessions/" + session.Id),
		"refusal":   c.post("/v1/sessions/"+session.Id+"/enterprise", wrong),
		"nowhere":   c.get("/v1/sessions/" + percent(evil)),
		"a field":   c.post("/v1/sessions/"+session.Id+"/enterprise", map[string]any{evil: evil}),
		"a status":  shared.machine(t).status(c.who.USCC),
	} {
		kind := a.Header.Get("Content-Type")
		if !strings.HasPrefix(kind, "application/json") && !strings.HasPrefix(kind, "application/problem+json") ||
			!json.Valid(a.Body) {
			t.Errorf("%s: %s %s", what, kind, a.Body)
		}
		if got := a.Header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options %q", what, got)
		}
		if strings.ContainsAny(string(a.Body), "<>&") {
			t.Errorf("%s holds markup as it came: %s", what, a.Body)
		}
		if strings.Contains(string(a.Body), `\u003cimg src=x onerror=alert(1)`) {
			found++
		}
	}
	if found < 2 {
		t.Errorf("%d answers hold what was stored; account and operators show it", found)
	}
}
