package guard_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"realname/shared/clock"
	"realname/shared/provider"
	"realname/shared/provider/guard"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// registry answers as it is told and notes in the test's list that it was asked.
type registry struct {
	name    string
	outcome realname.Outcome // "" has no answer
	asked   *[]string
}

func (r registry) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	*r.asked = append(*r.asked, r.name)
	if r.outcome == "" {
		return realname.CheckResult{}, &provider.Failure{Provider: r.name, API: "x", Code: "InternalError"}
	}
	return realname.CheckResult{Outcome: r.outcome, Provider: r.name}, nil
}

// With `registry: [a, b]`, b is asked only when a has no answer or does not cover
// the question, and never before a.
func TestProvidersAreAskedInTheirOrder(t *testing.T) {
	for name, c := range map[string]struct {
		a, b  realname.Outcome
		asked []string
		by    string // "" when there is no answer
		want  realname.Outcome
	}{
		"the first answers":                 {realname.Match, realname.Match, []string{"a"}, "a", realname.Match},
		"the first's no is an answer":       {realname.Mismatch, realname.Match, []string{"a"}, "a", realname.Mismatch},
		"the first has no answer":           {"", realname.Match, []string{"a", "b"}, "b", realname.Match},
		"the first does not cover it":       {realname.NotCovered, realname.Mismatch, []string{"a", "b"}, "b", realname.Mismatch},
		"neither covers it":                 {realname.NotCovered, realname.NotCovered, []string{"a", "b"}, "a", realname.NotCovered},
		"only the second says not covered":  {"", realname.NotCovered, []string{"a", "b"}, "b", realname.NotCovered},
		"the second fails after no covered": {realname.NotCovered, "", []string{"a", "b"}, "a", realname.NotCovered},
		"neither has an answer":             {"", "", []string{"a", "b"}, "", realname.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked []string
				states := store.New(memory.New(time.Now))
				link := func(name string, outcome realname.Outcome) guard.Link[realname.Registry] {
					p := guard.DefaultPolicy()
					p.Retries = 0
					return guard.Link[realname.Registry]{Provider: registry{name, outcome, &asked}, Guard: guard.New(name, "registry", p, guard.Ports{
						States: states, Now: time.Now, Wait: clock.Wait, Changed: func(context.Context, string, bool) {},
					})}
				}
				r, err := guard.NewRegistry(guard.DefaultBudget(), time.Now, link("a", c.a), link("b", c.b)).CheckEnterprise(t.Context(), realname.EnterpriseQuery{})
				if !slices.Equal(asked, c.asked) || r.Outcome != c.want || (err == nil) != (c.by != "") || c.by != "" && r.Provider != c.by {
					t.Errorf("asked %v, got %+v %v", asked, r, err)
				}
			})
		})
	}
}
