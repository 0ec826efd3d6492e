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

// registry returns its outcome and adds its name to the list of asked providers.
type registry struct {
	name    string
	outcome realname.Outcome // "" means no answer
	asked   *[]string
}

func (r registry) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	*r.asked = append(*r.asked, r.name)
	if r.outcome == "" {
		return realname.CheckResult{}, &provider.Failure{Provider: r.name, API: "x", Code: "InternalError"}
	}
	return realname.CheckResult{Outcome: r.outcome, Provider: r.name}, nil
}

// With `registry: [a, b]`, the chain asks b only after a, and only if a has no
// answer or does not cover the query.
func TestProvidersAreAskedInTheirOrder(t *testing.T) {
	const match, mismatch, notCovered = realname.Match, realname.Mismatch, realname.NotCovered
	for name, c := range map[string]struct {
		a, b  realname.Outcome
		asked []string
		by    string // "" if there is no answer
		want  realname.Outcome
	}{
		"the first answers":                 {match, match, []string{"a"}, "a", match},
		"the first's no is an answer":       {mismatch, match, []string{"a"}, "a", mismatch},
		"the first has no answer":           {"", match, []string{"a", "b"}, "b", match},
		"the first does not cover it":       {notCovered, mismatch, []string{"a", "b"}, "b", mismatch},
		"neither covers it":                 {notCovered, notCovered, []string{"a", "b"}, "a", notCovered},
		"only the second says not covered":  {"", notCovered, []string{"a", "b"}, "b", notCovered},
		"the second fails after no covered": {notCovered, "", []string{"a", "b"}, "a", notCovered},
		"neither has an answer":             {"", "", []string{"a", "b"}, "", realname.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked []string
				states := store.New(memory.New(time.Now))
				link := func(name string, outcome realname.Outcome) guard.Link[realname.Registry] {
					p := guard.DefaultPolicy()
					p.Retries = 0
					g := guard.New(name, "registry", p, guard.Ports{
						States: states, Now: time.Now, Wait: clock.Wait, Changed: func(context.Context, string, bool) {},
					})
					return guard.Link[realname.Registry]{Provider: registry{name, outcome, &asked}, Guard: g}
				}
				chain := guard.NewRegistry(guard.DefaultBudget(), time.Now, link("a", c.a), link("b", c.b))
				r, err := chain.CheckEnterprise(t.Context(), realname.EnterpriseQuery{})
				if !slices.Equal(asked, c.asked) || r.Outcome != c.want || (err == nil) != (c.by != "") {
					t.Errorf("asked %v, got %+v %v", asked, r, err)
				}
				if c.by != "" && r.Provider != c.by {
					t.Errorf("answered by %s, want %s", r.Provider, c.by)
				}
			})
		})
	}
}
