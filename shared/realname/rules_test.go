package realname_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/vault"
)

func TestATokenIsAdmittedToTheAccountItWasIssuedFor(t *testing.T) {
	account := realname.Account{
		ID: "a", USCC: "U", TokensFrom: noon, Devices: []realname.Device{{SecretHash: "g"}, {SecretHash: "h", SignInID: "s"}},
	}
	for name, c := range map[string]struct {
		change func(c *realname.Caller, a *realname.Account)
		want   realname.Code
	}{
		"issued after": {func(*realname.Caller, *realname.Account) {}, ""},
		"issued at the instant": {
			func(c *realname.Caller, _ *realname.Account) { c.IssuedAt = noon }, realname.CodeTokenRevoked,
		},
		"issued before": {
			func(c *realname.Caller, _ *realname.Account) { c.IssuedAt = noon.Add(-1) }, realname.CodeTokenRevoked,
		},
		"an unknown account": {
			func(_ *realname.Caller, a *realname.Account) { a.ID = "" }, realname.CodeTokenRevoked,
		},
		"a disabled account": {
			func(_ *realname.Caller, a *realname.Account) { a.Disabled = noon }, realname.CodeTokenRevoked,
		},
		"of a sign-in": {func(c *realname.Caller, _ *realname.Account) { c.SignInID = "s" }, ""},
		"of a sign-in that ended": {
			func(c *realname.Caller, _ *realname.Account) { c.SignInID = "t" }, realname.CodeTokenRevoked,
		},
		"of no enterprise": {func(c *realname.Caller, _ *realname.Account) { c.USCC = "" }, ""},
		"of another enterprise": {
			func(c *realname.Caller, _ *realname.Account) { c.USCC = "V" }, realname.CodeTokenRevoked,
		},
		"no enterprise of either": {func(c *realname.Caller, a *realname.Account) { c.USCC, a.USCC = "", "" }, ""},
		"the account's moved away": {
			func(_ *realname.Caller, a *realname.Account) { a.USCC = "V" }, realname.CodeTokenRevoked,
		},
		"the account has none since": {
			func(_ *realname.Caller, a *realname.Account) { a.USCC = "" }, realname.CodeTokenRevoked,
		},
	} {
		caller, a := realname.Caller{AccountID: "a", USCC: "U", IssuedAt: noon.Add(time.Millisecond)}, account
		c.change(&caller, &a)
		if got := realname.CodeOf(realname.Admit(caller, a)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	const revoked = realname.CodeTokenRevoked
	for uscc, want := range map[string]realname.Code{"U": "", "V": revoked, "": revoked} {
		if got := realname.CodeOf(realname.AdmitTo(realname.Enterprise{USCC: uscc}, account)); got != want {
			t.Errorf("enterprise %q: got %q, want %q", uscc, got, want)
		}
	}
	for _, c := range []struct {
		session realname.Session
		want    realname.Code
	}{
		{realname.Session{ID: "s", AccountID: "a"}, ""},
		{realname.Session{ID: "s", AccountID: "b"}, realname.CodeNotFound},
		{realname.Session{ID: "", AccountID: "a"}, realname.CodeNotFound},
	} {
		if got := realname.CodeOf(realname.Own(realname.Caller{AccountID: "a"}, c.session)); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.session, got, c.want)
		}
	}
}

func TestActivationCodesAreReadAsTyped(t *testing.T) {
	const code = "0123-4567-89AB-CDEF"
	for in, want := range map[string]string{
		code: code, "o12345678 9abcdef": code, "OI23456789ABCDEF": code, "0L23456789ABCDEF": code,
		"0123456789ABCDE": "", "0123456789ABCDEF0": "", "": "",
	} {
		if got := realname.NormalizeActivationCode(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	hash := func(s string) string { return "#" + s }
	activation := &realname.Activation{Hash: hash(code), ExpiresAt: noon}
	for name, c := range map[string]struct {
		activation *realname.Activation
		code       string
		at         time.Time
		want       bool
	}{
		"the right one":       {activation, "0123456789abcdef", noon.Add(-1), true},
		"at its end":          {activation, code, noon, false},
		"another one":         {activation, "1123-4567-89AB-CDEF", noon.Add(-1), false},
		"no code":             {activation, "", noon.Add(-1), false},
		"an account with one": {nil, code, noon.Add(-1), false},
		"the hash of nothing": {&realname.Activation{Hash: hash(""), ExpiresAt: noon}, "", noon.Add(-1), false},
	} {
		if got := c.activation.Accepts(hash, c.code, c.at); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestNamesOfTheContractAreParsedAlone(t *testing.T) {
	for _, o := range []realname.Origin{
		realname.MigratedInspection, realname.MigratedLocal, realname.SingleWindow, realname.ICCardLogin,
	} {
		if got, ok := realname.ParseOrigin(string(o)); got != o || !ok {
			t.Errorf("%s: %v, %v", o, got, ok)
		}
		if got, want := o.Applicable(), strings.HasPrefix(string(o), "migrated_"); got != want {
			t.Errorf("%s: applicable %v", o, got)
		}
	}
	if got, ok := realname.ParseOrigin("other"); got != "" || ok {
		t.Errorf("%v, %v", got, ok)
	}
	for _, m := range realname.Methods() {
		if got, ok := realname.ParseMethod(string(m)); got != m || !ok {
			t.Errorf("%s: %v, %v", m, got, ok)
		}
		card := m == realname.ICCard
		high := card || m == realname.BankUKey
		if (m.Level() == realname.High) != high || m.Recommended() != card || len(m.Steps()) == 0 || len(m.Covers()) == 0 {
			t.Errorf("%s: %s, %v", m, m.Level(), m.Recommended())
		}
	}
	if got, ok := realname.ParseMethod("other"); got != "" || ok || len(got.Steps())+len(got.Covers()) > 0 {
		t.Errorf("%v, %v", got, ok)
	}
	for name, want := range map[string]bool{"PASS": true, "FAIL": true, "": false, "pass": false} {
		if got, ok := realname.ParseBankResult(name); ok != want || string(got) != name {
			t.Errorf("%q: %v, %v", name, got, ok)
		}
	}
	for name, want := range map[string]realname.BankReason{
		"TIMEOUT": realname.BankTimedOut, "UNSPECIFIED": realname.BankUnspecified,
		"x": realname.BankUnspecified, "": realname.BankUnspecified,
	} {
		if got := realname.ParseBankReason(name); got != want {
			t.Errorf("%q: got %s", name, got)
		}
	}
}

func TestAnAspectKeepsEachMethodThatPassedIt(t *testing.T) {
	a := realname.Aspect{}
	if a.Passed() || a.PassedBy(realname.ICCard) {
		t.Error("nothing is passed")
	}
	a = a.Pass(realname.ICCard, "s1", noon).Pass(realname.BankUKey, "s2", noon.Add(1))
	a = a.Pass(realname.ICCard, "s3", noon.Add(2))
	if !a.Passed() || a.Method != realname.ICCard || a.SessionID != "s3" || !a.At.Equal(noon.Add(2)) || len(a.By) != 2 {
		t.Errorf("%+v", a)
	}
	card, bank := a.By[realname.ICCard], a.By[realname.BankUKey]
	if !card.Equal(noon.Add(2)) || !bank.Equal(noon.Add(1)) || a.PassedBy(realname.AccountHolder) {
		t.Errorf("%+v", a.By)
	}
}

func TestMethodsAreForThoseWhomTheyConcern(t *testing.T) {
	passed := realname.Aspect{Method: realname.BankUKey, By: map[realname.Method]time.Time{realname.BankUKey: noon}}
	touched := realname.Enterprise{Standing: realname.Touched}
	verified := realname.Enterprise{Standing: realname.Touched, Aspect: passed}
	untouched := realname.Enterprise{Standing: realname.Untouched}
	moved := realname.Account{Origin: realname.MigratedLocal, Role: realname.RoleAdministrator}
	operator := realname.Account{Origin: realname.MigratedLocal, Role: realname.RoleOperator}
	registered, card := realname.Account{Origin: realname.SingleWindow}, realname.Account{Origin: realname.ICCardLogin}
	held := moved
	held.Holder = realname.Aspect{Method: realname.AccountHolder}
	for _, c := range []struct {
		name       string
		account    realname.Account
		enterprise realname.Enterprise
		method     realname.Method
		want       realname.IneligibleReason
	}{
		{"registered", registered, untouched, realname.ICCard, realname.ReasonSingleWindow},
		{"signs in with a card", card, untouched, realname.ICCard, realname.ReasonCardLogin},
		{"signs in with a card, touched", card, touched, realname.ICCard, ""},
		{"moved in", moved, touched, realname.ICCard, ""},
		{"an operator", operator, touched, realname.ICCard, realname.ReasonOperator},
		{"an operator, as holder", operator, verified, realname.AccountHolder, ""},
		{"the holder before the enterprise", moved, touched, realname.AccountHolder, realname.ReasonEnterpriseNotPassed},
		{"the holder after the enterprise", moved, verified, realname.AccountHolder, ""},
		{"the holder again", held, verified, realname.AccountHolder, realname.ReasonPassed},
		{"a passed holder, another method", held, verified, realname.ICCard, ""},
		{"the method again", moved, verified, realname.BankUKey, realname.ReasonPassed},
		{"another method", moved, verified, realname.ICCard, ""},
	} {
		if got := realname.Eligible(c.account, c.enterprise, c.method); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	want := []string{"legal_representative", "account_holder"}
	if got := realname.OtherMethods(moved, verified, realname.ICCard); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestACardsChallengeIsAnsweredOnceInTime(t *testing.T) {
	challenge := realname.CardChallenge{AccountID: "a", SessionID: "s", ExpiresAt: noon}
	used := challenge
	used.UsedAt = noon.Add(-time.Minute)
	for name, c := range map[string]struct {
		challenge        *realname.CardChallenge
		account, session string
		at               time.Time
		want             realname.Code
	}{
		"in time":         {&challenge, "a", "s", noon.Add(-1), ""},
		"at its end":      {&challenge, "a", "s", noon, realname.CodeCardChallengeExpired},
		"used":            {&used, "a", "s", noon.Add(-1), realname.CodeCardChallengeUsed},
		"another account": {&challenge, "b", "s", noon.Add(-1), realname.CodeCardChallengeElsewhere},
		"another session": {&challenge, "a", "t", noon.Add(-1), realname.CodeCardChallengeElsewhere},
		"unknown":         {nil, "a", "s", noon.Add(-1), realname.CodeCardChallengeUnknown},
	} {
		if got := realname.CodeOf(c.challenge.Answerable(c.account, c.session, c.at)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if realname.CardChallengeLife != 2*time.Minute {
		t.Errorf("a challenge lives %v", realname.CardChallengeLife)
	}
	for code, want := range map[realname.Code]bool{
		realname.CodeCardSignatureWrong: true, realname.CodeCardWrongEnterprise: true,
		realname.CodeCardRevoked: false, "": false,
	} {
		if got := realname.CardCharged(code); got != want {
			t.Errorf("%s: charged %v", code, got)
		}
	}
}

func TestACardServesOneEnterprise(t *testing.T) {
	account := realname.Account{ID: "a", USCC: "U"}
	owner := func(uscc string, accounts ...string) realname.CardOwner {
		return realname.CardOwner{USCC: uscc, Accounts: accounts}
	}
	for name, c := range map[string]struct {
		owner realname.CardOwner
		want  bool
	}{
		"nobody's":                          {owner(""), false},
		"nobody's any more":                 {owner("V"), false},
		"the enterprise's":                  {owner("U", "b"), false},
		"the account's own, before it left": {owner("V", "a"), false},
		"another enterprise's":              {owner("V", "b"), true},
		"another enterprise's too":          {owner("V", "a", "b"), true},
	} {
		if got := c.owner.TakenFrom(account); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	with := owner("V", "b").With(account)
	for _, o := range []realname.CardOwner{with, with.With(account)} {
		if o.USCC != "U" || !slices.Equal(o.Accounts, []string{"b", "a"}) {
			t.Errorf("%+v", o)
		}
	}
	if got := with.Without("b").Accounts; !slices.Equal(got, []string{"a"}) || len(with.Accounts) != 2 {
		t.Errorf("got %v of %v", got, with.Accounts)
	}
}

func TestCardViewsAreTheSameByTheirVersions(t *testing.T) {
	view := func(change func(v *realname.CardView)) realname.CardView {
		v := realname.CardView{Challenge: &realname.CardChallenge{Version: 1}}
		v.Bound.Version, v.Owner.Version = 2, 3
		change(&v)
		return v
	}
	none := func(v *realname.CardView) { v.Challenge = nil }
	same := view(func(*realname.CardView) {})
	for name, c := range map[string]struct {
		a, b realname.CardView
		want bool
	}{
		"the same":      {same, view(func(*realname.CardView) {}), true},
		"no challenges": {view(none), view(none), true},
		"another challenge": {
			same, view(func(v *realname.CardView) { v.Challenge = &realname.CardChallenge{Version: 2} }), false,
		},
		"a challenge, then not": {same, view(none), false},
		"no challenge, then":    {view(none), same, false},
		"another card":          {same, view(func(v *realname.CardView) { v.Bound.Version = 9 }), false},
		"another owner":         {same, view(func(v *realname.CardView) { v.Owner.Version = 9 }), false},
	} {
		if got := c.a.SameVersions(c.b); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestAuditValuesBelongToWhatWasChanged(t *testing.T) {
	before, after := realname.AuditField{Field: "f", Before: "x"}, realname.AuditField{Field: "f", After: "x"}
	neither := realname.AuditField{Field: "f"}
	for name, c := range map[string]struct {
		entry realname.AuditEntry
		of    string
		kept  bool
	}{
		"the account": {realname.AuditEntry{Fields: []realname.AuditField{before}}, "account/a", true},
		"a new value": {realname.AuditEntry{Fields: []realname.AuditField{neither, after}}, "account/a", true},
		"no value":    {realname.AuditEntry{Fields: []realname.AuditField{neither}}, "account/a", false},
		"no field":    {realname.AuditEntry{}, "account/a", false},
		"another account": {
			realname.AuditEntry{Subject: "b", Fields: []realname.AuditField{after}}, "account/b", true,
		},
		"the enterprise": {
			realname.AuditEntry{Action: realname.AuditEnterpriseChanged, Subject: "b"}, "enterprise/U", false,
		},
		"its legal representative": {realname.AuditEntry{Action: realname.AuditLegalRepChanged}, "enterprise/U", false},
	} {
		c.entry.ID, c.entry.At, c.entry.USCC, c.entry.AccountID = "e", noon, "U", "a"
		of, values := c.entry.Values()
		if of != c.of || (values != nil) != c.kept {
			t.Errorf("%s: %s, %+v", name, of, values)
		}
		if values != nil && (values.EntryID != "e" || !values.At.Equal(noon) || len(values.Fields) != len(c.entry.Fields)) {
			t.Errorf("%s: %+v", name, values)
		}
	}
	for want, code := range map[string]realname.SMSCode{
		"account/a": {AccountID: "a", ResetIndex: "r", SessionID: "s"},
		"reset/r":   {ResetIndex: "r", SessionID: "s"},
		"s":         {SessionID: "s"},
	} {
		if got := code.Owner(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := realname.SessionItem("s"); got != "session/s" {
		t.Errorf("got %s", got)
	}
}

func TestAnErrorSaysWhatIsWrongAndWhatIsBeneath(t *testing.T) {
	beneath := errors.New("no network")
	err := fmt.Errorf("outer: %w", &realname.Error{
		Code: realname.CodeInvalidRequest, Err: beneath, Fields: []realname.FieldError{{Pointer: "/a", Rule: "length"}},
	})
	if err.Error() != "outer: invalid_request /a:length: no network" || !errors.Is(err, beneath) {
		t.Errorf("got %q", err)
	}
	if got := (&realname.Error{Code: realname.CodeNotFound}).Error(); got != "not_found" {
		t.Errorf("got %q", got)
	}
	for e, want := range map[error]realname.Code{err: realname.CodeInvalidRequest, beneath: "", nil: ""} {
		if got := realname.CodeOf(e); got != want {
			t.Errorf("%v: got %q, want %q", e, got, want)
		}
	}
}

func TestThreeFailuresAreToldAndTheRestCounted(t *testing.T) {
	var f realname.Failures
	for n, want := range []string{"", "e1", "e1\ne2", "e1\ne2\ne3", "4 failures, the first of them:\ne1\ne2\ne3"} {
		if n > 0 {
			f.Add(fmt.Errorf("e%d", n))
		}
		got := ""
		if err := f.Err(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("after %d: got %q, want %q", n, got, want)
		}
	}
}

func TestAProviderWithoutAnAnswerSaysWhenToTryAgain(t *testing.T) {
	beneath := errors.New("no network")
	for _, c := range []struct {
		result realname.CheckResult
		err    error
		none   bool
		after  time.Duration
	}{
		{realname.CheckResult{Outcome: realname.Match}, nil, false, 5 * time.Second},
		{realname.CheckResult{Outcome: realname.Match}, beneath, true, 5 * time.Second},
		{realname.CheckResult{Outcome: realname.Unavailable}, nil, true, 5 * time.Second},
		{realname.CheckResult{Outcome: realname.Limited}, nil, true, time.Minute},
		{realname.CheckResult{Outcome: realname.Limited, RetryAfter: time.Second}, nil, true, time.Second},
	} {
		if got := realname.NoAnswer(c.result, c.err); got != c.none {
			t.Errorf("%+v, %v: no answer %v", c.result, c.err, got)
		}
		var e *realname.Error
		if !errors.As(realname.Unanswered(c.result, c.err), &e) {
			t.Fatalf("%+v, %v: another error", c.result, c.err)
		}
		if e.Code != realname.CodeUnavailable || e.RetryAfter != c.after || !errors.Is(e.Err, c.err) {
			t.Errorf("%+v, %v: %+v", c.result, c.err, e)
		}
	}
	result := realname.CheckResult{
		Outcome: realname.Mismatch, Reason: "r", Provider: "p", Code: "c", RequestID: "i",
		Differs: []realname.Element{realname.ElementName},
	}
	evidence := result.Evidence(realname.SMSCheck, noon)
	if !reflect.DeepEqual(evidence.Result(), result) || evidence.Check != realname.SMSCheck ||
		!evidence.AskedAt.Equal(noon) {
		t.Errorf("%+v", evidence)
	}
}

// The day is told for a mismatch of known elements only, and in China's time.
func TestEvidenceSaysFromWhichDayTheDataShouldBeCurrent(t *testing.T) {
	late := time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC) // the next day in China
	mismatch := realname.CheckResult{Age: 7 * 24 * time.Hour}.DiffersIn(realname.ElementName)
	aged, unknown, none := mismatch, mismatch, realname.CheckResult{Age: time.Hour}.DiffersIn()
	unknown.Age = 0
	for want, r := range map[string]realname.CheckResult{"20260310": aged, "": unknown} {
		if got := r.Evidence(realname.RegistryCheck, late).CurrentFrom; got != want {
			t.Errorf("%+v: got %q, want %q", r, got, want)
		}
	}
	if got := none.Evidence(realname.RegistryCheck, late).CurrentFrom; got != "" {
		t.Errorf("without an element: %q", got)
	}
}

func TestALongKeptReplyIsCompressed(t *testing.T) {
	p := &realname.Ports{Now: func() time.Time { return noon }, Sealer: vault.Ephemeral()}
	idem := &realname.Idempotency{Key: "k", Fingerprint: "f"}
	step := `{"attemptsLeft":5,"by":null,"decidedAt":null,"name":"legal_representative","outcome":"pending"}`
	body := `{"hints":[],"id":"01a22168-66d1-7e79-a327-39e1c624f197","name":"河北寰宇贸易有限公司","steps":[` +
		strings.Repeat(step+",", 7) + step + `]}`
	kept, err := p.Keep(realname.Reply{Status: 200, Body: []byte(body)}, idem)
	if err != nil || !kept.Packed || len(kept.Sealed) > len(body)/2 {
		t.Fatalf("%d of %d bytes, %v", len(kept.Sealed), len(body), err)
	}
	if got, err := p.Replay(kept, idem); err != nil || got.Packed || string(got.Body) != body {
		t.Errorf("%+v, %v", got, err)
	}
	former := *kept // a function of a former version does not know what Packed says
	former.Packed = false
	if got, err := p.Replay(&former, idem); !errors.Is(err, realname.ErrSealed) || got.Body != nil {
		t.Errorf("a former version answers %q, %v", got.Body, err)
	}
	sealed, err := p.Sealer.Seal([]byte(body), realname.ReplyItem(former), realname.ReplyField(former))
	if err != nil {
		t.Fatal(err)
	}
	former.Sealed = sealed // an answer that a former version kept
	if got, err := p.Replay(&former, idem); err != nil || string(got.Body) != body {
		t.Errorf("%+v, %v", got, err)
	}
	broken := *kept
	broken.Sealed, err = p.Sealer.Seal([]byte(body), realname.ReplyItem(broken), realname.ReplyField(broken))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Replay(&broken, idem); err == nil || got.Body != nil {
		t.Errorf("%q, %v", got.Body, err)
	}
}

func TestAKeptReplyAnswersTheSameRequest(t *testing.T) {
	p := &realname.Ports{Now: func() time.Time { return noon }, Sealer: vault.Ephemeral()}
	idem := &realname.Idempotency{Key: "k", Fingerprint: "f"}
	body := `{"challenge":"c"}`
	kept, err := p.Keep(realname.Reply{Status: 200, Body: []byte(body)}, idem)
	if err != nil || kept.Body != nil || strings.Contains(string(kept.Sealed), "challenge") {
		t.Errorf("%+v %v", kept, err)
	}
	if kept.Key != "k" || kept.Fingerprint != "f" || kept.Running || !kept.ExpiresAt.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("%+v", kept)
	}
	running := p.Running(idem)
	if !running.Running || !running.ExpiresAt.Equal(noon.Add(30*time.Second)) {
		t.Errorf("%+v", running)
	}
	if none, err := p.Keep(realname.Reply{}, nil); none != nil || err != nil || p.Running(nil) != nil {
		t.Error("a reply is kept without a key")
	}
	if got, err := p.Replay(kept, idem); err != nil || got.Status != 200 || string(got.Body) != body {
		t.Errorf("%+v, %v", got, err)
	}
	older := &realname.Reply{Key: "k", Fingerprint: "f", Status: 422, Body: []byte(body)}
	if got, err := p.Replay(older, idem); err != nil || got.Status != 422 || string(got.Body) != body {
		t.Errorf("an answer of an earlier release: %+v, %v", got, err)
	}
	moved := func(change func(*realname.Reply)) *realname.Reply {
		r := *kept
		change(&r)
		return &r
	}
	for what, r := range map[string]*realname.Reply{
		"another status": moved(func(r *realname.Reply) { r.Status = 201 }),
		"another key":    moved(func(r *realname.Reply) { r.Key = "l" }),
	} {
		if got, err := p.Replay(r, idem); !errors.Is(err, realname.ErrSealed) || got.Body != nil {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
	if _, err := p.Replay(running, idem); realname.CodeOf(err) != realname.CodeKeyInProgress {
		t.Errorf("running: %v", err)
	}
	other := &realname.Idempotency{Key: "k", Fingerprint: "g"}
	if _, err := p.Replay(kept, other); realname.CodeOf(err) != realname.CodeKeyReused {
		t.Errorf("another body: %v", err)
	}
}

func TestAnIDNumberBelongsToOneMemberOfTheEnterprise(t *testing.T) {
	var r realname.Roster
	put := func(m realname.Member, holder string, want realname.Code) {
		t.Helper()
		index := realname.HolderIndex{Current: holder}
		if holder != "" {
			index.Former = []string{holder + "-01", holder + "-02"}
		}
		n, err := r.Put(m, index)
		if realname.CodeOf(err) != want {
			t.Errorf("%+v: %v, want %q", m, err, want)
		}
		r = n
	}
	put(realname.Member{AccountID: "a"}, "h1", "")
	put(realname.Member{AccountID: "b", Role: realname.RoleOperator}, "", "")
	put(realname.Member{AccountID: "c", Role: realname.RoleOperator}, "", "") // two without a number
	put(realname.Member{AccountID: "c"}, "h1", realname.CodeHolderTaken)
	put(realname.Member{AccountID: "a", Role: realname.RoleAdministrator}, "h1", "")
	put(realname.Member{AccountID: "b", Role: realname.RoleOperator}, "h2", "")
	r.Members[0].Holder = "h1-01" // as a former version stored it
	put(realname.Member{AccountID: "c"}, "h1", realname.CodeHolderTaken)
	r.Members[1].Holder = "h1-02" // two accounts that are the same now
	put(realname.Member{AccountID: "b", Role: realname.RoleOperator}, "h1", "")
	if r.Members[1].Holder != "h1" {
		t.Errorf("the former index stays: %+v", r)
	}
	put(realname.Member{AccountID: "b", Role: realname.RoleOperator}, "h2", "")
	if len(r.Members) != 3 || !slices.Equal(r.Operators(), []string{"b", "c"}) {
		t.Errorf("%+v", r)
	}
	for id, want := range map[string]bool{"a": true, "b": true, "d": false} {
		if m, ok := r.Member(id); ok != want || ok && m.AccountID != id {
			t.Errorf("%s: %+v, %v", id, m, ok)
		}
	}
}

func TestARequestOfABankNamesItsSession(t *testing.T) {
	for id, want := range map[string]string{
		"s-1.1": "s-1", "azAZ09-.20": "azAZ09-", "s.": "", ".1": "", "s": "", "s.x": "", "s.1.2": "", "s/.1": "", "s:.1": "",
		"s@.1": "", "s[.1": "", "s`.1": "", "s{.1": "", "s_.1": "",
		strings.Repeat("s", 62) + ".1": strings.Repeat("s", 62), strings.Repeat("s", 63) + ".1": "",
	} {
		got, ok := realname.SessionOfBankRequest(id)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s, %v", id, got, ok)
		}
	}
}

func TestABankConfirmsTheSessionsEnterprise(t *testing.T) {
	e := realname.SessionEnterprise{Name: "企业（北京）", USCC: "9113000034801880XB"}
	answer := realname.BankAnswer{Name: "企业(北京)", USCC: e.USCC, OrgCode: "34801880X"}
	for name, c := range map[string]struct {
		change func(a *realname.BankAnswer)
		want   bool
	}{
		"it":                   {func(*realname.BankAnswer) {}, true},
		"another name":         {func(a *realname.BankAnswer) { a.Name = "x" }, false},
		"another code":         {func(a *realname.BankAnswer) { a.USCC = "x" }, false},
		"another organization": {func(a *realname.BankAnswer) { a.OrgCode = "x" }, false},
	} {
		a := answer
		c.change(&a)
		if got := e.Confirms(a); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	for uscc, want := range map[string]string{e.USCC: "34801880X", e.USCC[1:]: "", e.USCC + "X": ""} {
		if got := (realname.SessionEnterprise{USCC: uscc}).OrgCode(); got != want {
			t.Errorf("%s: got %q", uscc, got)
		}
	}
}

func TestADayForgetsQuestionsOfLongAgo(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	idem := &realname.Idempotency{Key: "k", Fingerprint: "f"}
	a, b := idem.Question("registry", "a"), idem.Question("registry", "b")
	if none := (*realname.Idempotency)(nil).Question("registry", "a"); a == b || a == "" || none != "" {
		t.Errorf("%q %q %q", a, b, none)
	}
	view := realname.SessionView{Account: realname.Account{ID: "a1"}}
	counted := func(view realname.SessionView, question string, at time.Time) realname.SessionView {
		view.EnterpriseDay = *view.CountCheck(question, "by", at).Enterprise
		return view
	}
	day := counted(counted(view, "", at), a, at)
	if _, err := day.HasBegun(a, at.Add(29*time.Second)); realname.CodeOf(err) != realname.CodeKeyInProgress {
		t.Errorf("%v", err)
	}
	if begun, err := day.HasBegun(a, at.Add(30*time.Second)); !begun || err != nil {
		t.Errorf("%v %v", begun, err)
	}
	later := counted(day, b, at.Add(time.Hour))
	begun, before := later.EnterpriseDay.Begun, day.EnterpriseDay.Begun
	if _, left := begun[a]; left || len(begun) != 1 || len(before) != 1 {
		t.Errorf("%v, before %v", begun, before)
	}
	if ended := later.EndChecks(a, b); len(ended.Enterprise.Begun) != 0 || len(begun) != 1 || ended.Day != nil {
		t.Errorf("%v, before %v", ended, begun)
	}
	if none := later.EndChecks(a); none != (realname.CheckCount{}) {
		t.Errorf("%+v", none)
	}
}

// The counters of an enterprise with very many accounts and questions stay small, and no
// question is lost: the account's own day takes what has no room.
func TestWhatAnEnterprisesCountersHaveNoRoomForIsCountedByTheAccount(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	const accounts, each = 200, 2
	days, e := make([]realname.AccountDay, accounts), realname.EnterpriseDay{}
	view := func(i int) realname.SessionView {
		return realname.SessionView{
			Account: realname.Account{ID: fmt.Sprint("account-", i)}, Day: days[i], EnterpriseDay: e,
		}
	}
	keep := func(i int, c realname.CheckCount) {
		if c.Day != nil {
			days[i] = *c.Day
		}
		if c.Enterprise != nil {
			e = *c.Enterprise
		}
	}
	most := 0
	for n := range accounts * each {
		i := n % accounts
		question := fmt.Sprint("question-", n)
		keep(i, view(i).CountCheck(question, "by", at))
		most = max(most, len(e.Accounts)+len(e.Begun))
		if begun, _ := view(i).HasBegun(question, at.Add(time.Minute)); !begun {
			t.Errorf("%s is not noted", question)
		}
	}
	if most != 64 {
		t.Errorf("%d accounts and notes in one record at most, want 64", most)
	}
	if days[accounts-1].Checks != each || days[0].Checks >= each || e.Checks != accounts*each {
		t.Errorf("%d by the last account itself, %d by the first, %d by all",
			days[accounts-1].Checks, days[0].Checks, e.Checks)
	}
	for i := range accounts {
		if got := view(i).Checks(); got != each {
			t.Errorf("account %d has %d questions", i, got)
		}
	}
	for n := range accounts * each { // none was put
		i := n % accounts
		question := fmt.Sprint("question-", n)
		keep(i, view(i).UncountCheck(question))
		if begun, _ := view(i).HasBegun(question, at.Add(time.Minute)); begun {
			t.Errorf("%s is still noted", question)
		}
	}
	if e.Checks != 0 || len(e.Accounts) != 0 || len(e.Begun) != 0 || view(0).Checks() != 0 || days[0].Checks != 0 {
		t.Errorf("%+v %+v", e, days[0])
	}
	if c := view(0).UncountCheck(""); c != (realname.CheckCount{}) {
		t.Errorf("a count that has moved away is taken back: %+v", c)
	}
}
