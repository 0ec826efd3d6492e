package e2e

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"realname/e2e/world"
)

// The service answers every invalid request to a route with a problem, and all
// stored data stays identical byte for byte.
func TestBadInputToAnyRouteChangesNothing(t *testing.T) {
	p := only(t, "--repair-every", "1h") // repair may mark a signal as delivered at any time
	first, second, third, stranger := p.clerkOf(t, world.Pass), p.clerkOf(t, world.Pass),
		p.clerkOf(t, world.Passport), p.clerkOf(t, world.Pass)
	at1, at2, at3, atPassport := first.begin().Id, second.begin().Id, stranger.begin().Id, third.begin().Id
	second.passes(at2, "enterprise", second.enterprise())
	stranger.passes(at3, "enterprise", stranger.enterprise())
	stranger.passes(at3, "legal-representative", stranger.legalRepresentative())
	third.passes(atPassport, "enterprise", third.enterprise())
	for _, open := range []struct {
		c        *clerk
		id, step string
	}{
		{first, at1, "enterprise"},
		{second, at2, "legal_representative"},
		{stranger, at3, "account_holder"},
		{third, atPassport, "legal_representative"},
	} {
		open.c.opened(open.id, open.step)
	}

	l, h := second.who.LegalRepresentative, stranger.who.Administrator
	card := map[string]any{"by": "bank_card", "bankCardNumber": l.CardNumber, "mobile": l.Mobile, "smsCode": "123456"}
	ask := map[string]any{"step": "legal_representative", "mobile": l.Mobile, "bankCardNumber": l.CardNumber}
	routes := []struct {
		name   string
		c      *clerk
		path   string
		good   map[string]any
		fields map[string]any // an invalid value for each field
	}{
		{
			"login", first, "/v1/login",
			map[string]any{"loginName": first.who.LoginName, "password": world.Password},
			map[string]any{"loginName": strings.Repeat("x", 600), "password": strings.Repeat("x", 600)},
		},
		{
			"start", first, "/v1/sessions",
			map[string]any{"method": "ic_card", "consentVersion": first.consent("ic_card")},
			map[string]any{"method": "passport", "consentVersion": "1999-01"},
		},
		{"enterprise", first, "/v1/sessions/" + at1 + "/enterprise", first.enterprise(), map[string]any{
			"name": "公", "uscc": "9113000034801880XC", "orgCode": "34801880X", "legalRepresentative": []any{},
		}},
		{
			"legal representative by ID card", second, "/v1/sessions/" + at2 + "/legal-representative",
			second.legalRepresentative(),
			map[string]any{"by": "face", "validFrom": "20180332", "validTo": "20280313"},
		},
		{"legal representative by bank card", second, "/v1/sessions/" + at2 + "/legal-representative", card, map[string]any{
			"by": 1, "bankCardNumber": l.CardNumber + "0", "mobile": "1290000000", "smsCode": "12345",
		}},
		{
			"account holder by ID card", stranger, "/v1/sessions/" + at3 + "/account-holder", stranger.accountHolder(),
			map[string]any{
				"by": "", "name": "7", "idType": "visa", "idNumber": h.IDNumber[:17] + "?", "validFrom": "00000000",
				"validTo": "19990101",
			},
		},
		{"SMS code", second, "/v1/sessions/" + at2 + "/sms-codes", ask, map[string]any{
			"step": "enterprise", "mobile": "110", "bankCardNumber": "6222",
		}},
	}
	before := p.everything(t)
	for _, r := range routes {
		t.Run(r.name, func(t *testing.T) {
			c := r.c.in(t)
			good, bad := bodies(t, r.good, r.fields)
			for name, body := range bad {
				a := c.post(r.path, body)
				if problem := a.problem(t); a.Status < 400 || a.Status >= 500 || problem.Code == "" || problem.RequestID == "" ||
					problem.Detail == "" {
					t.Errorf("%s: %d %s", name, a.Status, a.Body)
				} else if field := strings.TrimPrefix(name, "no "); field != name && r.fields[field] != nil &&
					(len(problem.Errors) != 1 || problem.Errors[0].Pointer != "/"+field) {
					t.Errorf("%s: the field is not named: %s", name, a.Body)
				}
			}
			c.wants(c.post(r.path, good, "Content-Type", "application/x-www-form-urlencoded"), 415, "unsupported_media_type")
			if after := p.everything(t); after != before {
				t.Error("what is stored has changed")
			}
		})
	}
	second.refused(at1, "enterprise", first.enterprise(), 404, "not_found")
	first.refused(at1, "account-holder", first.accountHolder(), 409, "step_not_open")
	// No ID card has this number.
	third.refused(atPassport, "legal-representative", third.legalRepresentative(), 400, "invalid_request")
	second.refused(at2, "legal-representative", card, 422, "sms_code_expired") // the service sent no code
	second.wants(second.delete("/v1/sessions/"+at1), 404, "not_found")
	first.wants(first.get("/v1/sessions?limit=101"), 400, "invalid_request")
	first.wants(first.get("/v1/sessions/"+at1+"?wait=6"), 400, "invalid_request")
	if after := p.everything(t); after != before {
		t.Error("what is stored has changed")
	}
}

// bodies returns the JSON of the values, and invalid ones by what is wrong with them. fields
// holds an invalid value for each field.
func bodies(t *testing.T, values, fields map[string]any) (good []byte, bad map[string][]byte) {
	t.Helper()
	good, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	bad = map[string][]byte{
		"empty": {}, "no JSON": []byte("a=b"), "an array": []byte("[]"), "two values": append(bytes.Clone(good), good...),
		"no UTF-8":               bytes.Replace(good, []byte(`"`), []byte("\"\xff"), 3),
		"too large":              append(bytes.Clone(good), bytes.Repeat([]byte(" "), 16<<10)...),
		"nested deep":            []byte(strings.Repeat("[", 9000)),
		"nested deep in a field": []byte(`{"name":` + strings.Repeat("[", 9000)),
		"a field twice":          append(append(bytes.Clone(good[:len(good)-1]), ','), good[1:]...),
		"unknown field":          []byte(`{"__proto__":{},` + string(good[1:])), "null": []byte("null"),
	}
	for field, value := range fields {
		bad["bad "+field] = changed(t, values, field, value)
		bad["no "+field] = changed(t, values, field, nil)
		if _, text := values[field].(string); text {
			bad["control character in "+field] = changed(t, values, field, values[field].(string)+"\u0000")
			if field == "name" { // codes drop the mark
				bad["direction mark in "+field] = changed(t, values, field, "\u202e"+values[field].(string))
			}
		}
	}
	return good, bad
}

// changed returns the body with one field changed, or without it if the value
// is nil.
func changed(t *testing.T, body map[string]any, field string, value any) []byte {
	t.Helper()
	other := map[string]any{}
	for k, v := range body {
		other[k] = v
	}
	if other[field] = value; value == nil {
		delete(other, field)
	}
	raw, err := json.Marshal(other)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// everything returns the whole stored table.
func (p *place) everything(t *testing.T) string {
	t.Helper()
	c := &clerk{TB: t, at: p}
	var dump struct{ Table json.RawMessage }
	if a := c.get("/sandbox/dump"); json.Unmarshal(a.Body, &dump) != nil || len(dump.Table) < 1000 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return string(dump.Table)
}
