package verification_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/idcode"
	"realname/shared/realname"
)

// registries are several registries, each with its answer.
type registries struct {
	answers []voice
	asked   []string
	failing error // of the routes
	before  func(name string)
}

type voice struct {
	name  string
	three bool
	realname.CheckResult
	err error
}

func (r *registries) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	panic("asked without a route")
}

func (r *registries) RegistryRoutes(
	context.Context, idcode.Holder,
) ([]realname.Route[realname.Registry], error) {
	var routes []realname.Route[realname.Registry]
	for _, a := range r.answers {
		routes = append(routes, realname.Route[realname.Registry]{
			Name: a.name, Provider: oneOf{r, a}, ThreeElements: a.three,
		})
	}
	return routes, r.failing
}

type oneOf struct {
	all *registries
	voice
}

func (o oneOf) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	o.all.asked = append(o.all.asked, o.name)
	if o.all.before != nil {
		o.all.before(o.name)
	}
	r := o.CheckResult
	r.Provider, r.RequestID = o.name, "request of "+o.name
	return r, o.err
}

func TestRoutingRules(t *testing.T) {
	says := func(name string, o realname.Outcome) voice {
		return voice{name: name, CheckResult: realname.CheckResult{Outcome: o}}
	}
	match := func(name string) voice { return says(name, realname.Match) }
	differs := func(name string, e ...realname.Element) voice {
		return voice{name: name, CheckResult: realname.CheckResult{}.DiffersIn(e...)}
	}
	uncovered := func(name string) voice { return says(name, realname.NotCovered) }
	down := func(name string) voice {
		return voice{name: name, CheckResult: realname.CheckResult{Outcome: realname.Unavailable}, err: errors.New("down")}
	}
	limited := says("a", realname.Limited)
	limited.RetryAfter = 7 * time.Second
	refused := limited
	refused.NotAsked = true
	three := match("c")
	three.three, three.Reason = true, realname.ReasonThreeElements
	threeDiffers := differs("c")
	threeDiffers.three = true
	const mismatch, closed, notCovered = realname.CodeEnterpriseMismatch, realname.CodeEnterpriseClosed,
		realname.CodeEnterpriseUncovered
	for name, c := range map[string]struct {
		answers []voice
		opinion bool
		limit   int
		asked   string
		code    realname.Code // of the refusal; "" if the step passes
		by      string        // the provider that decides
		others  string        // the other providers in the evidence
		counted int
	}{
		"the first matches":            {[]voice{match("a"), match("b")}, true, 30, "a", "", "a", "", 1},
		"the first is down":            {[]voice{down("a"), match("b")}, false, 30, "a b", "", "b", "a", 2},
		"the first is limited":         {[]voice{limited, match("b")}, false, 30, "a b", "", "b", "a", 2},
		"a guard refuses the first":    {[]voice{refused, match("b")}, false, 30, "a b", "", "b", "", 1},
		"the first does not cover":     {[]voice{uncovered("a"), match("b")}, false, 30, "a b", "", "b", "a", 2},
		"not covered, then a mismatch": {[]voice{uncovered("a"), differs("b")}, false, 30, "a b", mismatch, "b", "a", 2},
		"no one covers":                {[]voice{uncovered("a"), uncovered("b")}, false, 30, "a b", notCovered, "a", "b", 2},
		"not covered, then down":       {[]voice{uncovered("a"), down("b")}, false, 30, "a b", notCovered, "a", "b", 2},
		"down, then not covered":       {[]voice{down("a"), uncovered("b")}, false, 30, "a b", notCovered, "b", "a", 2},
		"a mismatch decides":           {[]voice{differs("a"), match("b")}, false, 30, "a", mismatch, "a", "", 1},
		"a second opinion matches": {
			[]voice{differs("a", realname.ElementName), match("b")}, true, 30, "a b", "", "b", "a", 2,
		},
		"a second opinion differs": {
			[]voice{differs("a"), differs("b"), match("d")}, true, 30, "a b", mismatch, "a", "b", 2,
		},
		"a second opinion is down": {
			[]voice{differs("a"), down("b"), match("d")}, true, 30, "a b", mismatch, "a", "b", 2,
		},
		"three do not overrule four": {[]voice{differs("a"), three}, true, 30, "a", mismatch, "a", "", 1},
		"three, then four":           {[]voice{differs("a"), three, match("d")}, true, 30, "a d", "", "d", "a", 2},
		"no opinion on a closed one": {
			[]voice{differs("a", realname.ElementStatus), match("b")}, true, 30, "a", closed, "a", "", 1,
		},
		"nor if it differs besides": {
			[]voice{differs("a", realname.ElementName, realname.ElementStatus), match("b")}, true, 30, "a", mismatch, "a", "", 1,
		},
		"three elements match":   {[]voice{uncovered("a"), three}, false, 30, "a c", "", "c", "a", 2},
		"three elements differ":  {[]voice{threeDiffers, match("b")}, false, 30, "c", mismatch, "c", "", 1},
		"the day's last":         {[]voice{uncovered("a"), match("b")}, false, 1, "a", notCovered, "a", "", 1},
		"the day's last opinion": {[]voice{differs("a"), match("b")}, true, 1, "a", mismatch, "a", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			r := &registries{answers: c.answers}
			b.Registry, b.SecondOpinion, b.Limits.ChecksPerDay = r, c.opinion, c.limit
			id := b.Begin(realname.LegalRepresentative)
			if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), domaintest.EnterpriseAnswer); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(r.asked, " "); got != c.asked {
				t.Errorf("asked %s, want %s", got, c.asked)
			}
			s := b.SessionOf(id)
			if got := lastCode(s); got != c.code {
				t.Errorf("refused with %q, want %q", got, c.code)
			}
			attempts := b.Attempts(id)
			if len(attempts) != 1 {
				t.Fatalf("%d attempts: %+v", len(attempts), attempts)
			}
			e := attempts[0].Evidence
			var others []string
			for _, o := range e.Others {
				others = append(others, o.Provider)
				if o.RequestID != "request of "+o.Provider || o.AskedAt.IsZero() || o.Check != realname.RegistryCheck {
					t.Errorf("evidence %+v", o)
				}
			}
			if got := strings.Join(others, " "); e.Provider != c.by || got != c.others {
				t.Errorf("decided by %s with %s, want %s with %s", e.Provider, got, c.by, c.others)
			}
			view, err := b.Store.LoadSession(t.Context(), realname.SessionQuery{
				SessionID: id, AccountID: domaintest.AccountID, Day: realname.Day(b.Clock()),
				USCC: domaintest.EnterpriseAnswer.USCC, Checks: true,
			})
			if err != nil || view.Checks() != c.counted {
				t.Errorf("%d questions counted, want %d (%v)", view.Checks(), c.counted, err)
			}
			if c.code == "" {
				return
			}
			asked := len(r.asked)
			if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), domaintest.EnterpriseAnswer); err != nil {
				t.Fatal(err)
			}
			if len(r.asked) != asked {
				t.Errorf("the same again was asked again: %v", r.asked)
			}
		})
	}
}

func lastCode(s realname.Session) realname.Code {
	if s.LastError == nil {
		return ""
	}
	return s.LastError.Code
}

// If no provider answers, no attempt is charged, each request leaves its evidence, and the
// user may come back when the first of them may be asked again.
func TestWithoutAnyAnswerNothingIsDecided(t *testing.T) {
	b := newBench(t)
	long, short := realname.CheckResult{Outcome: realname.Unavailable, RetryAfter: time.Minute},
		realname.CheckResult{Outcome: realname.Limited, RetryAfter: 3 * time.Second}
	r := &registries{answers: []voice{
		{name: "a", CheckResult: long, err: errors.New("down")}, {name: "b", CheckResult: short, err: errors.New("full")},
	}}
	b.Registry = r
	id := b.Begin(realname.LegalRepresentative)
	_, err := b.SubmitEnterprise(t.Context(), b.Request(id), domaintest.EnterpriseAnswer)
	var refused *realname.Error
	if !errors.As(err, &refused) || refused.Code != realname.CodeUnavailable || refused.RetryAfter != 3*time.Second {
		t.Errorf("%+v", err)
	}
	var kept []string
	for _, a := range b.Attempts(id) {
		kept = append(kept, a.Evidence.Provider+" "+string(a.Code))
	}
	slices.Sort(kept)
	if got := strings.Join(kept, ", "); got != "a provider_unavailable, b provider_unavailable" {
		t.Errorf("evidence of %s", got)
	}
	if st, _ := b.SessionOf(id).Step(realname.StepEnterprise); st.FailedTries != 0 {
		t.Errorf("%d attempts charged", st.FailedTries)
	}
	r.failing = errors.New("every provider is off")
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), domaintest.EnterpriseAnswer); realname.CodeOf(err) !=
		realname.CodeUnavailable {
		t.Errorf("without a route: %v", err)
	}
}

// An adapter answers for its provider without a request. The evidence says so, because no
// data was disclosed and nothing is charged.
func TestTheEvidenceTellsAnAnswerWithoutARequest(t *testing.T) {
	b := newBench(t)
	b.Registry = &registries{answers: []voice{{name: "a", CheckResult: realname.CheckResult{
		Outcome: realname.NotCovered, NotAsked: true,
	}}}}
	id := b.Begin(realname.LegalRepresentative)
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	if all := b.Attempts(id); len(all) != 1 || !all[0].Evidence.NotAsked {
		t.Errorf("%+v", all)
	}
}

// Three elements say nothing about the ID number, so only a bank card proves the person.
func TestAfterThreeElementsOnlyABankCardIsAccepted(t *testing.T) {
	b := newBench(t)
	r := &registries{answers: []voice{{name: "a", three: true, CheckResult: realname.CheckResult{
		Outcome: realname.Match, Reason: realname.ReasonThreeElements,
	}}}}
	b.Registry = r
	id := b.Begin(realname.LegalRepresentative)
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	if st, _ := b.SessionOf(id).Step(realname.StepLegalRepresentative); !st.BankCardOnly {
		t.Errorf("%+v", st)
	}
	if e := b.Attempts(id)[0].Evidence; e.Reason != realname.ReasonThreeElements {
		t.Errorf("evidence %+v", e)
	}
	b.opens(id, realname.StepLegalRepresentative)
	_, err := b.legal(id, byIDCard("20160425", "20360425"))
	var refused *realname.Error
	if !errors.As(err, &refused) || refused.Code != realname.CodeInvalidRequest ||
		len(refused.Fields) != 1 || refused.Fields[0].Rule != "bank_card_only" ||
		!slices.Equal(refused.Alternatives, []string{"bank_card"}) {
		t.Errorf("%+v", err)
	}
}
