package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

// machine is the program of a machine client.
type machine struct {
	*clerk
}

// tokenAnswer asks for a token with a form.
func (p *place) tokenAnswer(t testing.TB, form url.Values, header http.Header) (*http.Response, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/v1/oauth/token",
		strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for k, v := range header {
		r.Header[k] = v
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // the test reads the whole body
	body := map[string]any{}
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return response, body
}

func (p *place) machine(t testing.TB) machine {
	t.Helper()
	return p.machineOf(t, "customs", "sandbox-client-secret")
}

func (p *place) machineOf(t testing.TB, id, secret string) machine {
	t.Helper()
	_, body := p.tokenAnswer(t,
		url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}, nil)
	token, _ := body["access_token"].(string)
	if token == "" {
		t.Fatalf("no token: %v", body)
	}
	return machine{&clerk{TB: t, at: p, token: token}}
}

func (m machine) status(uscc string, headers ...string) answer {
	return m.get("/v1/enterprises/"+uscc+"/real-name-status", headers...)
}

// A machine's token does not share the shorter life of a person's, which the pages renew.
func TestAMachinesTokenLivesForTwoHours(t *testing.T) {
	_, body := shared.tokenAnswer(t, url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"customs"}, "client_secret": {"sandbox-client-secret"},
	}, nil)
	if life, _ := body["expires_in"].(float64); life < 7199 || life > 7200 {
		t.Errorf("the token lives for %v s, want two hours", body["expires_in"])
	}
}

func TestAMachineSeesAnEnterprisePassAndAsksAgainForNothing(t *testing.T) {
	p := shared
	c, m := p.clerkOf(t, world.Pass), p.machine(t)
	state := func(a answer) (s api.RealNameStatus) {
		t.Helper()
		if a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if err := json.Unmarshal(a.Body, &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := m.status(c.who.USCC)
	if s := state(before); s.Enterprise.State != "not_passed" || s.Holder.State != "not_passed" || s.Uscc != c.who.USCC {
		t.Errorf("%+v", s)
	}
	tag := before.Header.Get("ETag")
	if a := m.status(c.who.USCC, "If-None-Match", tag); tag == "" || a.Status != 304 || len(a.Body) > 0 {
		t.Errorf("tag %q: %d %s", tag, a.Status, a.Body)
	}
	c.verify()
	after := m.status(c.who.USCC, "If-None-Match", tag)
	if s := state(after); s.Enterprise.State != "passed" || *s.Enterprise.Method != "legal_representative" ||
		s.Holder.State != "passed" || *s.Holder.Method != "legal_representative" {
		t.Errorf("%+v", s)
	}
	if after.Header.Get("ETag") == tag {
		t.Error("the tag did not change")
	}
	for _, name := range []string{c.who.LegalRepresentative.Name, c.who.Administrator.Name} {
		if strings.Contains(string(after.Body), name) {
			t.Error("the answer names a person")
		}
	}
}

// The state includes the holder's aspect. Its withdrawal makes a new version of
// the state and sends an event that names it.
func TestAMachineSeesAHolderWithdrawn(t *testing.T) {
	p := shared
	c, m := p.clerkOf(t, world.Pass), p.machine(t)
	c.verify()
	tag := m.status(c.who.USCC).Header.Get("ETag")
	c.changed(c.changes("administrator", map[string]any{
		"name": "新管理员", "idType": "resident_id", "idNumber": stranger(44), "currentPassword": world.Password,
		"confirmWithdrawal": true,
	}), world.Password)
	a := m.status(c.who.USCC, "If-None-Match", tag)
	var one api.RealNameStatus
	if err := json.Unmarshal(a.Body, &one); err != nil || a.Status != 200 || one.Enterprise.State != "passed" ||
		one.Holder.State != "not_passed" || one.Holder.Method != nil {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	var list api.StatusList
	a = m.post("/v1/enterprises/real-name-status", map[string]any{"usccs": []string{c.who.USCC}})
	if err := json.Unmarshal(a.Body, &list); err != nil || len(list.Enterprises) != 1 ||
		list.Enterprises[0].Enterprise.State != "passed" || list.Enterprises[0].Holder.State != "not_passed" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	c.eventually("the platform hears what was withdrawn", func() bool {
		for _, w := range c.received().Webhooks {
			if d := w.Body.Data; w.Body.Type == "VerificationWithdrawn" && d.USCC == c.who.USCC {
				return d.Aspect == "holder"
			}
		}
		return false
	})
}

// An enterprise reads as passed without a method if all its administrators
// registered elsewhere. After the import of a migrated administrator it never
// does so again, even once that administrator is erased.
func TestAMachineSeesWhoCountsAsVerified(t *testing.T) {
	p := only(t)
	m := p.machine(t)
	for _, kind := range []world.Kind{world.RegisteredHere, world.LogsInWithACard} {
		who := p.take(t, kind)
		holds := func(state string, tag string) (next string) {
			t.Helper()
			var one api.RealNameStatus
			a := m.status(who.USCC, "If-None-Match", tag)
			if err := json.Unmarshal(a.Body, &one); err != nil {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			var list api.StatusList
			many := m.post("/v1/enterprises/real-name-status", map[string]any{"usccs": []string{who.USCC}})
			if err := json.Unmarshal(many.Body, &list); err != nil || len(list.Enterprises) != 1 {
				t.Fatalf("%d %s", many.Status, many.Body)
			}
			for _, s := range []api.RealNameStatus{one, list.Enterprises[0]} {
				if string(s.Enterprise.State) != state || string(s.Holder.State) != state || s.Enterprise.Method != nil ||
					s.Holder.Method != nil || s.Holder.At != nil {
					t.Errorf("%s: %s is not %s: %s", kind, who.USCC, state, a.Body)
				}
			}
			return a.Header.Get("ETag")
		}
		tag := holds("passed", "")
		if a := m.status(who.USCC, "If-None-Match", tag); a.Status != 304 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		if out := p.says(t, "enterprise", "show", who.USCC); !strings.Contains(out, "holder: verified elsewhere") {
			t.Error(out)
		}
		file := filepath.Join(t.TempDir(), "accounts.csv")
		row := fmt.Sprintf("moved-%s,,migrated_local,%s,%s,%s,石家庄,赵安国,resident_id,"+
			"130105197803121016,钱小敏,resident_id,%s,13800001001,,河北\n",
			kind, who.Name, who.USCC, who.OrgCode, world.ResidentID("130103", 1975, 1))
		if err := os.WriteFile(file, []byte(accountsHeader+row), 0o600); err != nil {
			t.Fatal(err)
		}
		p.says(t, "import", file)
		tag = holds("not_passed", tag)
		p.says(t, "erase", "--yes", "--login", "moved-"+string(kind))
		holds("not_passed", tag) // the enterprise keeps the origins of erased administrators
	}
}

func TestAMachineAsksForManyAtOnce(t *testing.T) {
	p := shared
	c, m := p.clerkOf(t, world.Pass), p.machine(t)
	unknown := "91350100M000100Y43"
	a := m.post("/v1/enterprises/real-name-status",
		map[string]any{"usccs": []string{strings.ToLower(c.who.USCC), unknown, c.who.USCC}})
	var list api.StatusList
	if err := json.Unmarshal(a.Body, &list); err != nil || a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if len(list.Enterprises) != 1 || list.Enterprises[0].Uscc != c.who.USCC || len(list.NotFound) != 1 ||
		list.NotFound[0] != unknown {
		t.Errorf("%s", a.Body)
	}
	broken := m.wants(m.post("/v1/enterprises/real-name-status",
		map[string]any{"usccs": []string{c.who.USCC, "911301", unknown}}), 400, "invalid_request")
	if len(broken.Errors) != 1 || broken.Errors[0].Pointer != "/usccs/1" {
		t.Errorf("%+v", broken.Errors)
	}
	for _, n := range []int{0, 101} {
		m.wants(m.post("/v1/enterprises/real-name-status", map[string]any{"usccs": make([]string, n)}),
			400, "invalid_request")
	}
	m.wants(m.status(unknown), 404, "not_found")
	m.wants(m.status("nonsense"), 404, "not_found")
}

func TestPersonsAndMachinesKeepToTheirOwnRoutes(t *testing.T) {
	p := shared
	c, m := p.clerkOf(t, world.Pass), p.machine(t)
	c.wants(c.get("/v1/enterprises/"+c.who.USCC+"/real-name-status"), 403, "insufficient_scope")
	m.wants(m.get("/v1/account"), 403, "insufficient_scope")
	m.wants(m.post("/v1/sessions", map[string]any{"method": "legal_representative", "consentVersion": "2026-01"}),
		403, "insufficient_scope")
}

func TestATokenIsRefusedAsTheStandardSays(t *testing.T) {
	p := shared
	good := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"customs"}, "client_secret": {"sandbox-client-secret"},
	}
	with := func(k string, v ...string) url.Values {
		f := url.Values{}
		for name, values := range good {
			f[name] = values
		}
		f[k] = v
		return f
	}
	for name, c := range map[string]struct {
		form   url.Values
		status int
		code   string
	}{
		"wrong secret":   {with("client_secret", "sandbox-client-secreT"), 401, "invalid_client"},
		"unknown client": {with("client_id", "nobody"), 401, "invalid_client"},
		"no client":      {url.Values{"grant_type": {"client_credentials"}}, 401, "invalid_client"},
		"no grant": {
			url.Values{"client_id": {"customs"}, "client_secret": {"sandbox-client-secret"}}, 400, "invalid_request",
		},
		"other grant":   {with("grant_type", "password"), 400, "unsupported_grant_type"},
		"other scope":   {with("scope", "status:read accounts:write"), 400, "invalid_scope"},
		"a thing twice": {with("scope", "status:read", "status:read"), 400, "invalid_request"},
	} {
		response, body := p.tokenAnswer(t, c.form, nil)
		if response.StatusCode != c.status || body["error"] != c.code || response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", name, response.StatusCode, body)
		}
	}
	basic := http.Header{"Authorization": {"Basic Y3VzdG9tczpzYW5kYm94LWNsaWVudC1zZWNyZXQ="}}
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"status:read"}}
	if response, body := p.tokenAnswer(t, form, basic); response.StatusCode != 200 || body["scope"] != "status:read" ||
		body["token_type"] != "Bearer" {
		t.Errorf("basic: %d %v", response.StatusCode, body)
	}
	if response, body := p.tokenAnswer(t, good, basic); response.StatusCode != 400 || body["error"] != "invalid_request" {
		t.Errorf("named twice: %d %v", response.StatusCode, body)
	}
	for _, wrong := range []string{"Basic Y3VzdG9tczp4", "Basic !!!", "Bearer x"} {
		response, _ := p.tokenAnswer(t, form, http.Header{"Authorization": {wrong}})
		if response.StatusCode != 401 || !strings.HasPrefix(response.Header.Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%s: %d %v", wrong, response.StatusCode, response.Header)
		}
	}
}

// An administrator cannot impersonate another company by giving its code to an
// enterprise that counts as verified because of its registration.
func TestWhatIsTakenOnTrustIsNotChangedHere(t *testing.T) {
	for n, kind := range []world.Kind{world.RegisteredHere, world.LogsInWithACard} {
		c := shared.clerkOf(t, kind)
		code, name := c.factsOfEnterprise(), c.factsOfEnterprise()
		code["uscc"], code["orgCode"] = "9113000034801880XB", "34801880X"
		name["name"] = "秦皇岛别人的有限公司"
		person := map[string]any{"name": "来者", "idType": "resident_id", "idNumber": stranger(80 + n)}
		refused := func(what string, body map[string]any) {
			t.Helper()
			c.wants(c.put("/v1/account/"+what, body, "If-Match", "*"), 409, "maintained_elsewhere")
		}
		refused("enterprise", code)
		refused("enterprise", name)
		refused("legal-representative", person)
		is := c.who.LegalRepresentative // without the password, the right number looks like a wrong one
		refused("legal-representative", map[string]any{"name": is.Name, "idType": is.IDType, "idNumber": is.IDNumber})
		person["currentPassword"] = world.Password
		refused("administrator", person)
		if a := c.put("/v1/account/enterprise", c.factsOfEnterprise(), "If-Match", "*"); a.Status != 200 { // another address
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
}
