package verification_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"realname/local/domaintest"
	"realname/shared/realname"
)

// registry answers by the legal representative's name and notes the questions.
type registry struct {
	known string
	result
	asked []string
}

// result is the answer about every other name.
type result = realname.CheckResult

func (r *registry) CheckEnterprise(_ context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	r.asked = append(r.asked, q.LegalRepresentative.Name)
	if q.LegalRepresentative.Name == r.known {
		return realname.CheckResult{Outcome: realname.Match, Provider: "test"}, nil
	}
	return r.result, nil
}

func TestANameWithTwoEncodingsIsAskedAboutTwiceAtMost(t *testing.T) {
	mismatch := result{Outcome: realname.Mismatch, Provider: "test"}
	closed := result{Outcome: realname.Mismatch, Reason: realname.ReasonNotInBusiness, Provider: "test"}
	twins := []string{"王䶮", "王\ue863"}
	for name, c := range map[string]struct {
		known, typed string
		other        result
		limit        int
		asked        []string
		code         realname.Code
		spelling     string
	}{
		"no second encoding":      {"王五", "王六", mismatch, 9, []string{"王六"}, realname.CodeEnterpriseMismatch, ""},
		"first spelling matches":  {"王䶮", "王\ue863", mismatch, 9, twins[:1], "", ""},
		"second spelling matches": {"王\ue863", "王䶮", mismatch, 9, twins, "", realname.SecondSpelling},
		"neither matches": {
			"王五", "王䶮", mismatch, 9, twins, realname.CodeEnterpriseMismatch, realname.SecondSpelling,
		},
		"not a matter of spelling": {"王五", "王䶮", closed, 9, twins[:1], realname.CodeEnterpriseClosed, ""},
		"not covered": {
			"王五", "王䶮", result{Outcome: realname.NotCovered}, 9, twins[:1], realname.CodeEnterpriseUncovered, "",
		},
		"the day's last question": {"王\ue863", "王䶮", mismatch, 1, twins[:1], realname.CodeEnterpriseMismatch, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			r := &registry{known: c.known, result: c.other}
			b.Registry, b.Limits.ChecksPerDay = r, c.limit
			id := b.Begin(realname.LegalRepresentative)
			answer := domaintest.EnterpriseAnswer
			answer.LegalRepresentative.Name = c.typed
			if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), answer); err != nil {
				t.Fatal(err)
			}
			view, err := b.Store.LoadSession(t.Context(), realname.SessionQuery{
				SessionID: id, AccountID: domaintest.AccountID, Day: realname.Day(b.Clock()),
				USCC: domaintest.EnterpriseAnswer.USCC, Checks: true,
			})
			if err != nil || view.Checks() != len(c.asked) {
				t.Errorf("%d questions counted, want %d (%v)", view.Checks(), len(c.asked), err)
			}
			if !slices.Equal(r.asked, c.asked) {
				t.Errorf("asked about %q, want %q", r.asked, c.asked)
			}
			if c.code == "" {
				if view.Session.LastError != nil {
					t.Errorf("refused: %+v", view.Session.LastError)
				}
				return
			}
			if e := view.Session.LastError; e == nil || e.Code != c.code {
				t.Errorf("refused with %+v, want %s", e, c.code)
			}
			if n := len(view.Session.Answers); n != 1 || view.Session.Answers[0].Evidence.Spelling != c.spelling {
				t.Errorf("evidence %+v", view.Session.Answers)
			}
			_, err = b.SubmitEnterprise(t.Context(), b.Request(id), answer)
			if err != nil || len(r.asked) != len(c.asked) {
				t.Errorf("the same again asks the provider again: %q (%v)", r.asked, err)
			}
		})
	}
}

func TestTheFirstSpellingLeavesItsEvidenceIfTheSecondHasNoAnswer(t *testing.T) {
	b := newBench(t)
	asked := 0
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		asked++
		if asked > 1 {
			return result{Outcome: realname.Unavailable, Provider: "test", RequestID: "second"}, errors.New("down")
		}
		return result{Outcome: realname.Mismatch, Provider: "test", RequestID: "first"}, nil
	}
	id := b.Begin(realname.LegalRepresentative)
	answer := domaintest.EnterpriseAnswer
	answer.LegalRepresentative.Name = "王䶮"
	_, err := b.SubmitEnterprise(t.Context(), b.Request(id), answer)
	if realname.CodeOf(err) != realname.CodeUnavailable {
		t.Fatalf("answered: %v", err)
	}
	kept := map[string]realname.Outcome{}
	for _, a := range b.Attempts(id) {
		kept[a.Evidence.RequestID] = a.Evidence.Outcome
	}
	want := map[string]realname.Outcome{"first": realname.Mismatch, "second": realname.Unavailable}
	if !maps.Equal(kept, want) || b.TriesLeft(id) != 5 {
		t.Errorf("evidence %v, want %v; %d tries left", kept, want, b.TriesLeft(id))
	}
}

func TestProvidersGetNamesAsDocumentsHaveThem(t *testing.T) {
	b := newBench(t)
	var q realname.EnterpriseQuery
	b.Registry = registryFunc(func(asked realname.EnterpriseQuery) { q = asked })
	answer := domaintest.EnterpriseAnswer
	answer.Name, answer.LegalRepresentative.Name = "上海安达(中国)贸易\"有限\"公司", "买买提．吐尔逊"
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(b.Begin(realname.LegalRepresentative)), answer); err != nil {
		t.Fatal(err)
	}
	if q.Name != "上海安达（中国）贸易“有限”公司" || q.LegalRepresentative.Name != "买买提·吐尔逊" {
		t.Errorf("%+v", q)
	}
}

type registryFunc func(realname.EnterpriseQuery)

func (f registryFunc) CheckEnterprise(_ context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	f(q)
	return realname.CheckResult{Outcome: realname.Match, Provider: "test"}, nil
}
