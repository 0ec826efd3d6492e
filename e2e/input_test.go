package e2e

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

func TestBadInputNamesTheFieldAndChangesNothing(t *testing.T) {
	// Repair may mark a signal as delivered at any time, so the test keeps repair
	// from running.
	c := only(t, "--repair-every", "1h").clerkOf(t, world.Pass)
	s := c.begin()
	good, err := json.Marshal(c.enterprise())
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(map[string]any)) []byte {
		var b map[string]any
		if err := json.Unmarshal(good, &b); err != nil {
			t.Fatal(err)
		}
		change(b)
		raw, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	person := func(b map[string]any) map[string]any { return b["legalRepresentative"].(map[string]any) }
	cases := []struct {
		name    string
		body    []byte
		status  int
		code    string
		pointer string
	}{
		{"no JSON", []byte("name=x"), 400, "invalid_request", ""},
		{"two values", append(good, good...), 400, "invalid_request", ""},
		{"empty", []byte(""), 400, "invalid_request", ""},
		{"array", []byte("[]"), 400, "invalid_request", ""},
		{"too large", bytes.Repeat([]byte(" "), 16<<10+1), 413, "body_too_large", ""},
		{"unknown field", with(func(b map[string]any) { b["extra"] = 1 }), 400, "invalid_request", "/extra"},
		{"control character", with(func(b map[string]any) { b["name"] = "河北\u0000公司" }), 400, "invalid_request", "/name"},
		{"direction mark", with(func(b map[string]any) { b["name"] = "河北\u202e公司" }), 400, "invalid_request", "/name"},
		{"missing", with(func(b map[string]any) { delete(b, "uscc") }), 400, "invalid_request", "/uscc"},
		{"wrong type", with(func(b map[string]any) { b["uscc"] = 7 }), 400, "invalid_request", "/uscc"},
		{"check character", with(func(b map[string]any) {
			b["uscc"] = strings.Repeat("1", 18)
		}), 400, "invalid_request", "/uscc"},
		{"organization code of another", with(func(b map[string]any) {
			b["orgCode"] = "34801880X"
		}), 400, "invalid_request", "/orgCode"},
		{"old ID number", with(func(b map[string]any) {
			person(b)["idNumber"] = "130105800101123"
		}), 400, "invalid_request", "/legalRepresentative/idNumber"},
		{"unknown ID type", with(func(b map[string]any) {
			person(b)["idType"] = "driver"
		}), 400, "invalid_request", "/legalRepresentative/idType"},
		{"endless name", with(func(b map[string]any) {
			b["name"] = strings.Repeat("公", 500)
		}), 400, "invalid_request", "/name"},
	}
	c.opened(s.Id, "enterprise")
	before := c.stored(s.Id)
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			p := c.in(t).refused(s.Id, "enterprise", tt.body, tt.status, tt.code)
			if tt.pointer != "" && (len(p.Errors) != 1 || p.Errors[0].Pointer != tt.pointer || p.Errors[0].Message == "") {
				t.Errorf("errors %+v", p.Errors)
			}
		})
	}
	c.wants(c.post("/v1/sessions/"+s.Id+"/enterprise", good, "Content-Type", "text/plain"), 415, "unsupported_media_type")
	c.wants(c.get("/v1/sessions?cursor=nonsense"), 400, "invalid_request")
	if after := c.stored(s.Id); after != before {
		t.Errorf("the stored session changed\nfrom %s\nto   %s", before, after)
	}
	c.passes(s.Id, "enterprise", c.enterprise())
}

func TestCodesAreNormalisedBeforeTheyAreJudged(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	b := c.enterprise()
	b["uscc"] = " " + strings.ToLower(c.who.USCC) + " "
	b["name"] = strings.ReplaceAll(c.who.Name, "河北", "河北 ")
	b["legalRepresentative"].(map[string]any)["idNumber"] = fullWidth(c.who.LegalRepresentative.IDNumber)
	if passed := c.passes(s.Id, "enterprise", b); passed.Enterprise.Name != c.who.Name {
		t.Errorf("the enterprise is called %q, as it was typed", passed.Enterprise.Name)
	}
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune { return r + 0xfee0 }, s)
}

// opened waits until the workflow has opened the step.
func (c *clerk) opened(session, step string) {
	c.Helper()
	for end := time.Now().Add(10 * time.Second); !strings.Contains(c.stored(session), `"step":{"S":"`+step+`"}`); {
		if time.Now().After(end) {
			c.Fatalf("%s was not opened", step)
		}
	}
}

// stored returns the session's items as the table stores them.
func (c *clerk) stored(session string) string {
	c.Helper()
	if !c.at.embedded {
		c.Skip("needs the sandbox's dump")
	}
	var dump struct{ Table []map[string]any }
	if a := c.get("/sandbox/dump"); json.Unmarshal(a.Body, &dump) != nil {
		c.Fatalf("%d %s", a.Status, a.Body)
	}
	var mine []map[string]any
	for _, item := range dump.Table {
		if pk, _ := item["PK"].(map[string]any); pk["S"] == "SESSION#"+session {
			mine = append(mine, item)
		}
	}
	raw, err := json.Marshal(mine)
	if err != nil || len(mine) == 0 {
		c.Fatalf("nothing stored of %s: %v", session, err)
	}
	return string(raw)
}

func TestOnlyTheContractsRoutesAreThere(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	for _, tt := range [][2]string{
		{"HEAD", "/v1/account"},
		{"OPTIONS", "/v1/account"},
		{"PATCH", "/v1/account"},
		{"POST", "/v1/methods"},
		{"GET", "/v1/login"},
		{"GET", "/v1/account/"},
		{"GET", "/v1//account"},
		{"GET", "/v1/./account"},
		{"GET", "/v1/sessions/../account"},
		{"GET", "/v1/sessions/%2e%2e"},
		{"GET", "/v1/"},
		{"GET", "/v1/account%3Fx"},
	} {
		if (tt[0] == "OPTIONS" || strings.Contains(tt[1], "%2e")) && !shared.embedded {
			continue // an emulator answers one with its own text and resolves the other
		}
		a, _ := c.exchange(tt[0], tt[1], nil) // the error says that the contract lacks this answer
		bare := a.message() == "Not Found"
		if a.Status != 404 || !bare && tt[0] != "HEAD" && strings.HasPrefix(tt[1], "/v1/") {
			t.Errorf("%s %s: %d %s", tt[0], tt[1], a.Status, a.Body)
		}
	}
	for _, id := range []string{
		"%00", "%ff", "a%2Fb", "%E8%AE%A4", "%20", strings.Repeat("x", 5000), "STATE", "%23STATE",
	} {
		if id == "a%2Fb" && !shared.embedded {
			continue // an emulator resolves the path before it looks up the route
		}
		c.wants(c.get("/v1/sessions/"+id), 404, "not_found")
		c.wants(c.delete("/v1/sessions/"+id), 404, "not_found")
		c.refused(id, "enterprise", c.enterprise(), 404, "not_found")
	}
}

func TestAnUnknownSandboxRouteIsNoPageOfTheWizard(t *testing.T) {
	anybody := &clerk{TB: t, at: only(t)}
	for _, a := range []answer{
		anybody.get("/sandbox/nowhere"), anybody.delete("/sandbox/sms"), anybody.post("/sandbox/faluts", map[string]any{}),
	} {
		if a.Status != 404 || !json.Valid(a.Body) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
}
