package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/api"
	"realname/e2e/faults"
	"realname/e2e/world"
)

// personalData reads the caller's personal data, all pages of it.
func (c *clerk) personalData() api.PersonalData {
	c.Helper()
	var all api.PersonalData
	for cursor := ""; ; {
		a := c.get("/v1/account/personal-data?limit=2" + cursor)
		var page api.PersonalData
		if a.Status != 200 || json.Unmarshal(a.Body, &page) != nil {
			c.Fatalf("personal data: %d %s", a.Status, a.Body)
		}
		page.Records = append(all.Records, page.Records...)
		if all = page; page.Next == nil {
			return all
		}
		cursor = "&cursor=" + *page.Next
	}
}

func (c *clerk) asksErasure(password string, headers ...string) answer {
	c.Helper()
	return c.post("/v1/account/erasure-requests", map[string]any{"currentPassword": password}, headers...)
}

func TestPersonalDataShowsWhatIsHeldAndWhoReceivedIt(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	if d := c.personalData(); len(d.Records) != 0 || d.Consent.Given || d.Erasure.Request != nil || d.Erasure.Days != 15 {
		t.Errorf("%+v", d)
	}
	s := c.begin().Id
	c.passes(s, "enterprise", c.enterprise())
	c.passes(s, "legal-representative", c.legalRepresentativeByCard(s))
	byCard := c.accountHolderByCard(s)
	byCard["mobile"] = "13900009999" // the code was sent to another number
	c.refused(s, "account-holder", byCard, 422, "sms_code_expired")
	c.passes(s, "account-holder", c.accountHolder())
	c.becomes(s, "verified")
	for range 2 { // more records than a page has
		c.delete("/v1/sessions/" + c.beginBank().Id)
	}
	d := c.personalData()
	if len(d.Records) != 3 {
		t.Fatalf("%+v", d.Records)
	}
	record := d.Records[len(d.Records)-1]
	var got []string
	for _, x := range record.Disclosures {
		if x.Provider != "sandbox" || x.RequestId == nil || time.Since(x.At) > time.Minute {
			t.Errorf("%+v", x)
		}
		text := string(x.Check)
		for _, what := range x.Data {
			text += " " + string(what)
		}
		got = append(got, text)
	}
	slices.Sort(got)
	if want := []string{"id_card name id_number id_validity", "sms mobile bank_card_tail"}; !slices.Equal(got, want) {
		t.Errorf("received %q, want %q", got, want)
	}
	if record.SessionId != s || record.Status != "verified" || record.ConsentVersion == "" || !d.Consent.Given ||
		d.Verification.State != "passed" {
		t.Errorf("%+v", d)
	}
	raw := string(c.get("/v1/account/personal-data").Body)
	l, h := c.who.LegalRepresentative, c.who.Administrator
	for what, canary := range map[string]string{
		"the legal representative's name": l.Name, "the legal representative's mobile": l.Mobile,
		"the legal representative's number": l.IDNumber[:4] + "*******" + l.IDNumber[14:],
		"the number":                        h.IDNumber, "the mobile": h.Mobile, "the card": h.CardNumber,
	} {
		if strings.Contains(raw, canary) {
			t.Errorf("it holds %s", what)
		}
	}
	if d.Holder == nil || d.Holder.Name != h.Name || d.Holder.IdNumber != h.IDNumber[:4]+"*******"+h.IDNumber[14:] ||
		d.Mobile == nil || !strings.Contains(*d.Mobile, "****") {
		t.Errorf("%+v", d)
	}
}

// An operator's data is shown to the operator alone, an administrator's to that
// administrator, and a new holder sees nothing of the earlier one.
func TestPersonalDataIsOfNobodyElse(t *testing.T) {
	p := only(t)
	c, foreign := p.clerkOf(t, world.Pass), p.clerkOf(t, world.Pass)
	o := c.addOperator(1, stranger(400))
	op := c.signIn(o)
	c.begin()
	c.delete("/v1/sessions/" + c.beginBank().Id)
	var page api.PersonalData
	a := c.get("/v1/account/personal-data?limit=1")
	if err := json.Unmarshal(a.Body, &page); err != nil || page.Next == nil {
		t.Fatalf("%s %v", a.Body, err)
	}
	for _, other := range []*clerk{op, foreign} {
		other.wants(other.get("/v1/account/personal-data?cursor="+*page.Next), 400, "invalid_request")
	}
	c.wants(c.get("/v1/sessions?cursor="+*page.Next), 400, "invalid_request") // nor in another list
	for who, secret := range map[*clerk]string{
		op: c.who.Administrator.Name, c: "操作员乙", foreign: c.who.Administrator.Name,
	} {
		if raw := string(who.get("/v1/account/personal-data").Body); strings.Contains(raw, secret) {
			t.Errorf("%s is shown to another", secret)
		}
	}
	if d := op.personalData(); d.Role != "operator" || d.Holder.Name != "操作员乙" || len(d.Records) != 0 {
		t.Errorf("%+v", d)
	}
	if a := op.asksErasure(newPassword); a.Status != 201 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if c.personalData().Erasure.Request != nil || op.personalData().Erasure.Request == nil {
		t.Error("the request is not the operator's alone")
	}
	open := op.requests(p)
	if len(open) != 1 || open[0].Role != "operator" {
		t.Fatalf("%+v", open)
	}
	p.says(t, "erase", "--yes", "--account", open[0].AccountID)
	op.wants(op.get("/v1/account/personal-data"), 401, "token_revoked")
	if d := c.personalData(); d.Holder == nil || len(d.Records) == 0 { // the administrator keeps everything
		t.Errorf("%+v", d)
	}
	c.changed(c.changes("administrator", map[string]any{
		"name": "新管理员", "idType": "resident_id", "idNumber": stranger(401), "currentPassword": world.Password,
	}), world.Password)
	if d := c.personalData(); len(d.Records) != 0 || d.Consent.Given || d.Holder.Name != "新管理员" {
		t.Errorf("%+v", d)
	}
	foreign.token = ""
	if a := foreign.get("/v1/account/personal-data"); a.Status != 401 {
		t.Errorf("%d", a.Status)
	}
}

func TestWithdrawingTheConsentEndsLiveSessionsAndTheirExecutions(t *testing.T) {
	p := only(t, "--repair-every", "100ms", "--notify-every", "100ms")
	c := p.clerkOf(t, world.Pass)
	if a := c.post("/v1/account/consent-withdrawals", map[string]any{}); a.Status != 200 ||
		!strings.Contains(string(a.Body), `"withdrawnAt":null`) {
		t.Errorf("without a consent: %d %s", a.Status, a.Body)
	}
	one, two := c.begin().Id, c.beginBank().Id
	c.passes(one, "enterprise", c.enterprise())
	var done api.ConsentWithdrawal
	a := c.repeats("/v1/account/consent-withdrawals", nil, nil, 200)
	if err := json.Unmarshal(a.Body, &done); err != nil || len(done.Canceled) != 2 || done.WithdrawnAt == nil {
		t.Fatalf("%s %v", a.Body, err)
	}
	for _, id := range []string{one, two} {
		if s := c.becomes(id, "canceled"); s.LegalRepresentative != nil || s.ClosedAt == nil {
			t.Errorf("%+v", s)
		}
	}
	c.refused(one, "legal-representative", c.legalRepresentative(), 409, "step_not_open")
	if d := c.personalData(); d.Consent.Given || d.Consent.WithdrawnAt == nil {
		t.Errorf("%+v", d.Consent)
	}
	if out := p.says(t, "enterprise", "show", c.who.USCC); !strings.Contains(out, "consent_withdrawn") {
		t.Error(out)
	}
	var wrong []string
	c.eventually("executions and events end", func() bool {
		state, err := faults.Read(c.get("/sandbox/dump").Body, c.get("/sandbox/receiver").Body)
		if err != nil {
			t.Fatal(err)
		}
		wrong = state.Check(time.Now())
		return len(wrong) == 0
	})
	c.allThree(c.begin().Id) // with a new consent
}

// request is an open request for erasure as staff see it.
type request struct {
	AccountID, LoginName, USCC, Role string
	Overdue                          bool
}

// requests lists the open requests of the clerk's account.
func (c *clerk) requests(p *place) []request {
	c.Helper()
	list := says[struct{ Requests []request }](c, p, "erase", "--requests")
	return slices.DeleteFunc(list.Requests, func(r request) bool { return r.LoginName != c.who.LoginName })
}

// audits counts the audit entries of an action in the enterprise's trail.
func (c *clerk) audits(action string) int {
	c.Helper()
	state, err := faults.Read(c.get("/sandbox/dump").Body, c.get("/sandbox/receiver").Body)
	if err != nil {
		c.Fatal(err)
	}
	n := 0
	for _, entry := range state.Enterprises[c.who.USCC].Audit {
		if entry["action"] == action {
			n++
		}
	}
	return n
}

func TestARequestForErasureIsRefusedOrDone(t *testing.T) {
	p := operated(t, "--repair-every", "100ms")
	c := p.clerkOf(t, world.Pass)
	c.wants(c.asksErasure("wrong"), 422, "current_password_wrong")
	c.wants(c.post("/v1/account/erasure-requests", map[string]any{}), 400, "invalid_request")
	var asked api.ErasureRequest
	body := map[string]any{"currentPassword": world.Password}
	a := c.repeats("/v1/account/erasure-requests", body, map[string]any{"currentPassword": "another"}, 201)
	if err := json.Unmarshal(a.Body, &asked); err != nil || asked.State != "asked" ||
		asked.DueAt.Sub(asked.AskedAt) != 15*24*time.Hour {
		t.Fatalf("%s %v", a.Body, err)
	}
	open := c.requests(p)
	if len(open) != 1 || open[0].USCC != c.who.USCC || open[0].Role != "administrator" || open[0].Overdue {
		t.Fatalf("%+v", open)
	}
	id := open[0].AccountID
	reason := "企业报关单仍在海关查验期限内"
	p.says(t, "erase", "--refuse", id, "--reason", reason)
	d := c.personalData()
	r := d.Erasure.Request
	if r == nil || r.State != "refused" || r.Reason == nil || *r.Reason != reason || r.RefusedAt == nil {
		t.Errorf("%+v", d.Erasure)
	}
	if dump := string(c.get("/sandbox/dump").Body); p.embedded && strings.Contains(dump, reason) {
		t.Error("the reason lies in clear")
	}
	if open := c.requests(p); len(open) != 0 {
		t.Errorf("%+v", open)
	}
	if a := c.asksErasure(world.Password); a.Status != 201 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s := c.begin().Id // an erasure ends it
	if out := p.says(t, "erase", "--requests"); !strings.Contains(out, c.who.LoginName) {
		t.Error(out)
	}
	p.says(t, "erase", "--yes", "--account", id)
	c.wants(c.get("/v1/account/personal-data"), 401, "token_revoked")
	c.wants(c.post("/v1/login", map[string]any{"loginName": c.who.LoginName, "password": world.Password}),
		401, "invalid_credentials")
	if open := c.requests(p); len(open) != 0 {
		t.Errorf("%+v", open)
	}
	if out := p.says(t, "session", "show", s); !strings.Contains(out, "canceled") {
		t.Error(out)
	}
	out := p.says(t, "enterprise", "show", c.who.USCC)
	for _, want := range []string{"erasure_requested", "erasure_refused", "staff night shift", "person_erased"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

func TestRequestsForErasureAtOnceAreOne(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var answers []string
	for range 8 {
		wg.Go(func() {
			raw, err := json.Marshal(map[string]any{"currentPassword": world.Password})
			if err != nil {
				t.Error(err)
			}
			a, err := c.exchange("POST", "/v1/account/erasure-requests", raw)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || a.Status != 201 && a.Status != 409 {
				t.Errorf("%d %s %v", a.Status, a.Body, err)
			} else if a.Status == 201 {
				answers = append(answers, string(a.Body))
			}
		})
	}
	wg.Wait()
	if slices.Sort(answers); len(slices.Compact(answers)) != 1 {
		t.Errorf("%q", answers)
	}
}

// The list of requests fails with status 2 once one is overdue.
func TestAnOverdueRequestIsListedFirst(t *testing.T) {
	p := only(t, "--repair-every", "100ms") // a stage has no clock to move
	late, early := p.clerkOf(t, world.Pass), p.clerkOf(t, world.Pass)
	if a := early.asksErasure(world.Password); a.Status != 201 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	clock := map[string]any{"function": "account", "offset": "-361h"}
	if a := late.post("/sandbox/clocks", clock); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := late.asksErasure(world.Password); a.Status != 201 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	out, ok := p.commandLine(t, "erase", "--requests")
	first, second := strings.Index(out, late.who.LoginName), strings.Index(out, early.who.LoginName)
	if ok || !strings.Contains(out, "1 requests for erasure are overdue") || first < 0 || second < first ||
		!strings.Contains(out[:second], "overdue") {
		t.Errorf("%t %s", ok, out)
	}
	late.eventually("the alarm's metric counts it", func() bool { return p.logged(`"ErasuresOverdue":1`) > 0 })
}

func TestAWithdrawnConsentEndsASession(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	if a := c.post("/v1/account/consent-withdrawals", []byte(nil)); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c.becomes(s.Id, "canceled")
	if c.personalData().Consent.Given {
		t.Error("the consent is still there")
	}
}

// An account that counts as verified elsewhere has the same rights.
func TestARegisteredAccountHasItsPersonalData(t *testing.T) {
	c := only(t).clerkOf(t, world.RegisteredHere)
	if d := c.personalData(); d.Origin != "single_window" || d.Verification.State != "passed" || d.Consent.Given ||
		len(d.Records) != 0 || d.Holder == nil {
		t.Errorf("%+v", d)
	}
	if a := c.asksErasure(world.Password); a.Status != 201 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
