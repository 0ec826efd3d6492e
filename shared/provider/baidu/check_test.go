package baidu_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	sandbox "realname/local/sandbox/baidu"
	"realname/local/sandbox/conformance"
	"realname/local/sandbox/trouble"
	"realname/shared/provider"
	"realname/shared/provider/baidu"
	"realname/shared/provider/credential"
	"realname/shared/realname"
)

var (
	zhao, li           = conformance.Zhao, conformance.Li
	enterprise, idCard = conformance.Enterprise, conformance.IDCard
)

type harness struct {
	*sandbox.Sim
	client *baidu.Client
	config baidu.Config
}

// start runs a simulator with the data of conformance, and a client of it.
func start(t *testing.T, change func(*baidu.Config, *sandbox.Config)) harness {
	t.Helper()
	sim := sandbox.Config{
		APIKey: "key", SecretKey: "secret of a test", Now: time.Now, Random: func() float64 { return 1 },
		Data: conformance.Data(),
	}
	config := baidu.Config{
		Now:         time.Now,
		Credentials: credential.Fixed(baidu.Credentials{APIKey: sim.APIKey, SecretKey: sim.SecretKey}),
	}
	if change != nil {
		change(&config, &sim)
	}
	h := harness{Sim: sandbox.New(sim)}
	config.Endpoint = conformance.Serve(t, h.Sim)
	h.config, h.client = config, baidu.New(config)
	return h
}

func (h harness) force(t *testing.T, target trouble.Target, response map[string]any) {
	t.Helper()
	if err := h.Force(target, response); err != nil {
		t.Fatal(err)
	}
}

func TestExistingDataMatch(t *testing.T) {
	h := start(t, nil)
	for range 2 {
		for check, ask := range conformance.ChecksOf(h.client) {
			r, err := ask(t.Context())
			if err != nil || r.Outcome != realname.Match || r.Provider != "baidu" || r.RequestID == "" {
				t.Errorf("%s: %+v %v", check, r, err)
			}
		}
	}
	if r, err := h.client.CheckIDCard(t.Context(), conformance.LongTerm); err != nil || r.Outcome != realname.Match {
		t.Errorf("long-term: %+v %v", r, err)
	}
	if n := h.Issued(); n != 1 {
		t.Errorf("%d tokens for five requests", n)
	}
}

func TestOtherDataDoNotMatch(t *testing.T) {
	h := start(t, nil)
	name, person, number, unknown := enterprise, enterprise, enterprise, enterprise
	name.Name, person.LegalRepresentative.Name = "河北安达贸易有限公司", "赵安全"
	number.LegalRepresentative.IDNumber = li.IDNumber
	unknown.USCC = "91130100MA0R02NN49"
	for what, c := range map[string]struct {
		q       realname.EnterpriseQuery
		outcome realname.Outcome
		differs []realname.Element
	}{
		"name":           {name, realname.Mismatch, []realname.Element{realname.ElementName}},
		"representative": {person, realname.Mismatch, []realname.Element{realname.ElementPerson}},
		"ID number":      {number, realname.Mismatch, nil},
		"unknown":        {unknown, realname.NotCovered, nil},
	} {
		r, err := h.client.CheckEnterprise(t.Context(), c.q)
		if err != nil || r.Outcome != c.outcome || !slices.Equal(r.Differs, c.differs) ||
			r.Outcome == realname.Mismatch && r.Age != 21*24*time.Hour {
			t.Errorf("%s: %+v %v", what, r, err)
		}
	}
	i := idCard
	i.ValidTo = "20460425"
	r, err := h.client.CheckIDCard(t.Context(), i)
	if err != nil || r.Outcome != realname.Mismatch || r.Reason != realname.ReasonValidity {
		t.Errorf("ID card: %+v %v", r, err)
	}
}

// Baidu refuses a term under five years, so such a card is one that it does not cover.
func TestATermUnderFiveYearsIsNotAsked(t *testing.T) {
	h := start(t, nil)
	for to, asked := range map[string]bool{"20210424": false, "20210425": true, "20200101": false} {
		q := idCard
		q.ValidTo = to
		r, err := h.client.CheckIDCard(t.Context(), q)
		if err != nil || r.NotAsked == asked || asked != (r.Outcome == realname.Mismatch) {
			t.Errorf("%s: %+v %v", to, r, err)
		}
	}
	if n := h.Seen(trouble.IDCard, false).Requests; n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestEveryDocumentedResultHasItsOutcome(t *testing.T) {
	h := start(t, nil)
	words := func(verify, name, number, company, code string) map[string]any {
		return map[string]any{"words_result_num": 5, "words_result": map[string]any{
			"verifyresult": verify, "namematch": name, "idnummatch": number, "companymatch": company, "regnummatch": code,
		}}
	}
	status := func(s any) map[string]any {
		return map[string]any{"error_code": 0, "result": map[string]any{"verify_status": s}}
	}
	for name, c := range map[string]struct {
		target   trouble.Target
		response map[string]any
		want     realname.Outcome
	}{
		"all match":                      {trouble.Registry, words("1", "1", "1", "1", "1"), realname.Match},
		"the representative differs":     {trouble.Registry, words("0", "0", "1", "1", "1"), realname.Mismatch},
		"the ID number differs":          {trouble.Registry, words("0", "1", "0", "1", "1"), realname.Mismatch},
		"the name differs":               {trouble.Registry, words("0", "1", "1", "0", "1"), realname.Mismatch},
		"the code is unknown":            {trouble.Registry, words("0", "2", "2", "2", "0"), realname.NotCovered},
		"the code cannot be verified":    {trouble.Registry, words("0", "2", "2", "2", "2"), realname.NotCovered},
		"the number cannot be verified":  {trouble.Registry, words("0", "1", "2", "1", "1"), realname.NotCovered},
		"differs and cannot be verified": {trouble.Registry, words("0", "0", "2", "1", "1"), realname.Mismatch},
		"verifyresult 2":                 {trouble.Registry, words("2", "2", "2", "2", "2"), realname.NotCovered},
		"a verdict its parts deny":       {trouble.Registry, words("1", "1", "0", "1", "1"), realname.Unavailable},
		"parts that deny the verdict":    {trouble.Registry, words("0", "1", "1", "1", "1"), realname.Unavailable},
		"an unknown part":                {trouble.Registry, words("0", "3", "1", "1", "1"), realname.Unavailable},
		"no result":                      {trouble.Registry, map[string]any{}, realname.Unavailable},
		"status 0":                       {trouble.IDCard, status(0), realname.Match},
		"status 1":                       {trouble.IDCard, status(1), realname.Mismatch},
		"status 2":                       {trouble.IDCard, status(2), realname.Unavailable},
		"no status":                      {trouble.IDCard, map[string]any{"error_code": 0}, realname.Unavailable},
		"status is a text":               {trouble.IDCard, status("0"), realname.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			h.force(t, c.target, c.response)
			r, err := conformance.ChecksOf(h.client)[c.target](t.Context())
			if r.Outcome != c.want || (err != nil) != (c.want == realname.Unavailable) || r.Provider != "baidu" {
				t.Errorf("%+v %v", r, err)
			}
		})
	}
}

func TestEveryErrorCodeHasItsMeaning(t *testing.T) {
	h := start(t, nil)
	for code, want := range map[int]struct {
		outcome  realname.Outcome
		noEffect bool
		retry    bool
	}{
		1: {realname.Unavailable, false, false}, 2: {realname.Unavailable, false, false},
		3: {realname.Unavailable, false, false}, 4: {realname.Limited, true, true},
		6: {realname.Unavailable, true, true}, 14: {realname.Unavailable, true, true},
		17: {realname.Limited, true, true}, 18: {realname.Limited, true, true}, 19: {realname.Unavailable, true, true},
		216100: {realname.Unavailable, false, false}, 216101: {realname.Unavailable, false, false},
		282000: {realname.Unavailable, false, false}, 999999: {realname.Unavailable, false, false},
		216600: {realname.InvalidInput, false, false}, 216601: {realname.Mismatch, false, false},
		222350: {realname.NotCovered, false, false}, 222351: {realname.Mismatch, false, false},
		222352: {realname.InvalidInput, false, false}, 222353: {realname.InvalidInput, false, false},
		222354: {realname.NotCovered, false, false}, 222355: {realname.NotCovered, false, false},
		222360: {realname.Mismatch, false, false}, 222361: {realname.Unavailable, false, false},
		222901: {realname.Unavailable, false, false},
	} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			h.force(t, trouble.IDCard, map[string]any{"error_code": code, "error_msg": "about " + zhao.IDNumber})
			r, err := h.client.CheckIDCard(t.Context(), idCard)
			if r.Outcome != want.outcome || r.Code != strconv.Itoa(code) || r.RequestID == "" {
				t.Fatalf("%+v %v", r, err)
			}
			answered := want.outcome != realname.Unavailable && want.outcome != realname.Limited
			var f *provider.Failure
			if errors.As(err, &f) == answered || (r.RetryAfter > 0) != want.retry {
				t.Fatalf("%+v %v", r, err)
			}
			if f != nil && (f.NoEffect != want.noEffect || f.Throttled != (want.outcome == realname.Limited) ||
				strings.Contains(err.Error(), zhao.IDNumber)) {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestFailuresBelowTheAPI(t *testing.T) {
	h := start(t, nil)
	conformance.FailBelow(t, conformance.ChecksOf(h.client), h.Fault, map[trouble.Mode]string{
		trouble.Error: "282000", trouble.Throttle: "18", trouble.Malformed: provider.CodeMalformed,
		trouble.ServerDown: "http_500", trouble.DropAnswer: provider.CodeUnreachable, trouble.Timeout: provider.CodeTimeout,
	}, "secret of", "simulated.", "access_token")
}

// A token is kept until it ends. Baidu's refusals 110 and 111 renew it at once.
func TestTheTokenIsKeptAndRenewed(t *testing.T) {
	now := time.Now()
	clock := func() time.Time { return now }
	h := start(t, func(c *baidu.Config, s *sandbox.Config) { c.Now, s.Now = clock, clock })
	match := func(when string, tokens int) {
		t.Helper()
		if r, err := h.client.CheckIDCard(t.Context(), idCard); err != nil || r.Outcome != realname.Match {
			t.Errorf("%s: %+v %v", when, r, err)
		}
		if n := h.Issued(); n != tokens {
			t.Errorf("%s: %d tokens, want %d", when, n, tokens)
		}
	}
	match("at first", 1)
	now = now.Add(29 * 24 * time.Hour)
	match("after 29 days", 1)
	now = now.Add(23*time.Hour + time.Minute)
	match("within an hour of its end", 2)
	now = now.Add(time.Minute)
	h.Revoke() // error 110
	match("after it was revoked", 3)
	h.Revoke()
	if r, err := h.client.CheckIDCard(t.Context(), idCard); err == nil || r.Code != "110" {
		t.Errorf("a token is renewed twice in ten seconds: %+v %v", r, err)
	}
	now = now.Add(11 * time.Second)
	match("later", 4)
}

// Baidu issues no token for a while. One that only ends soon works until its end.
func TestATokenThatEndsSoonOutlastsAnOutageOfItsIssuer(t *testing.T) {
	now := time.Now()
	clock := func() time.Time { return now }
	h := start(t, func(c *baidu.Config, s *sandbox.Config) { c.Now, s.Now = clock, clock })
	down, refused := false, 0
	config := h.config
	config.Endpoint = conformance.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down && strings.HasPrefix(r.URL.Path, "/oauth/") {
			refused++
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		h.ServeHTTP(w, r)
	}))
	c := baidu.New(config)
	asks := func(when string, want realname.Outcome) {
		t.Helper()
		if r, err := c.CheckIDCard(t.Context(), idCard); r.Outcome != want {
			t.Errorf("%s: %+v %v", when, r, err)
		}
	}
	asks("at first", realname.Match)
	down = true
	now = now.Add(30*24*time.Hour - 3*time.Minute)
	asks("three minutes before the end", realname.Match)
	asks("right after", realname.Match)
	if refused != 1 {
		t.Errorf("two checks asked for a token %d times", refused)
	}
	now = now.Add(2 * time.Minute)
	asks("a minute before the end", realname.Match)
	if refused != 2 {
		t.Errorf("after two minutes: asked %d times", refused)
	}
	now = now.Add(time.Minute)
	asks("at the end", realname.Unavailable)
	down = false
	asks("after the outage", realname.Match)
}

// Baidu's clock runs ahead of ours, so it answers 111 for a token that we still keep.
func TestAnExpiredTokenIsRenewed(t *testing.T) {
	ours, baidus := time.Now(), time.Now()
	h := start(t, func(c *baidu.Config, s *sandbox.Config) {
		c.Now, s.Now = func() time.Time { return ours }, func() time.Time { return baidus }
	})
	if r, err := h.client.CheckIDCard(t.Context(), idCard); err != nil || r.Outcome != realname.Match {
		t.Fatalf("%+v %v", r, err)
	}
	ours, baidus = ours.Add(time.Minute), baidus.Add(31*24*time.Hour)
	if r, err := h.client.CheckIDCard(t.Context(), idCard); err != nil || r.Outcome != realname.Match || h.Issued() != 2 {
		t.Errorf("%+v %v, %d tokens", r, err, h.Issued())
	}
}

func TestRotatedKeysWorkWithoutARestart(t *testing.T) {
	now, reads := time.Now(), 0
	secret := `{"apiKey":"key","secretKey":"secret of a test"}`
	clock := func() time.Time { return now }
	h := start(t, func(c *baidu.Config, _ *sandbox.Config) {
		c.Now = clock
		c.Credentials = &credential.Cached[baidu.Credentials]{
			Load:  func(context.Context) ([]byte, error) { reads++; return []byte(secret), nil },
			Parse: baidu.ParseCredentials, TTL: 15 * time.Minute, Pause: 10 * time.Second, Now: clock,
		}
	})
	match := func() {
		t.Helper()
		if r, err := h.client.CheckEnterprise(t.Context(), enterprise); err != nil || r.Outcome != realname.Match {
			t.Errorf("%+v %v", r, err)
		}
	}
	match()
	now = now.Add(time.Minute)
	h.Rotate("new", "new secret")
	secret = `{"apiKey":"new","secretKey":"new secret"}`
	match()
	if reads != 2 {
		t.Errorf("the secret was read %d times", reads)
	}
}

func TestErrorsOfABadSecretDoNotHoldItsText(t *testing.T) {
	for _, text := range []string{"", "hunter2", `{"apiKey":"x"}`, `["hunter2"]`, `{"secretKey":"hunter2"}`} {
		if _, err := baidu.ParseCredentials([]byte(text)); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAProbeNamesTheFault(t *testing.T) {
	h := start(t, nil)
	for _, check := range []realname.CheckName{realname.RegistryCheck, realname.IDCardCheck} {
		if f := h.client.Probe(t.Context(), check); !f.Works || f.Code == "" || f.RequestID == "" || f.Advice != "" {
			t.Errorf("%+v", f)
		}
	}
	for code, word := range map[int]string{6: "permission", 17: "quota", 18: "rate", 999: "request ID"} {
		h.force(t, trouble.IDCard, map[string]any{"error_code": code})
		if f := h.client.Probe(t.Context(), realname.IDCardCheck); f.Works || !strings.Contains(f.Advice, word) {
			t.Errorf("%d: %+v", code, f)
		}
	}
	for word, k := range map[string]baidu.Credentials{
		"API Key does not exist": {APIKey: "other", SecretKey: "secret of a test"},
		"does not belong":        {APIKey: "key", SecretKey: "other"},
	} {
		config := h.config
		config.Credentials = credential.Fixed(k)
		f := baidu.New(config).Probe(t.Context(), realname.RegistryCheck)
		if f.Works || !strings.Contains(f.Advice, word) {
			t.Errorf("%s: %+v", word, f)
		}
	}
}
