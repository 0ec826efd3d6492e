package guard_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"realname/shared/clock"
	"realname/shared/idcode"
	"realname/shared/provider"
	"realname/shared/provider/guard"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// registry covers the kinds of its map, or every kind without one, and answers with a
// match, with a failure, or not at all.
type registry struct {
	name   string
	covers map[idcode.Holder]provider.Coverage
	fails  bool
	hangs  bool
	asked  *[]string
}

func (r registry) Covers(h idcode.Holder) provider.Coverage {
	if r.covers == nil {
		return provider.CoversFour
	}
	return r.covers[h]
}

func (r registry) CheckEnterprise(ctx context.Context, _ realname.EnterpriseQuery) (realname.CheckResult, error) {
	*r.asked = append(*r.asked, r.name)
	f := &provider.Failure{Provider: r.name, API: "x", Code: "InternalError"}
	switch {
	case r.hangs:
		<-ctx.Done()
		f.Code = provider.CodeTimeout
		return realname.CheckResult{}, f
	case r.fails:
		return realname.CheckResult{}, f
	}
	return realname.CheckResult{Outcome: realname.Match, Provider: r.name}, nil
}

// switches are the names of the providers that are switched off.
type switches []string

func (s switches) Off(_ context.Context, name string) (bool, error) {
	if slices.Contains(s, "broken") {
		return false, errors.New("the table is away")
	}
	return slices.Contains(s, name), nil
}

func chainOf(off guard.Switches, registries ...registry) guard.Registry {
	states := store.New(memory.New(time.Now))
	var links []guard.Link[realname.Registry]
	for _, r := range registries {
		g := guard.New(r.name, realname.RegistryCheck, guard.DefaultPolicy(), guard.Ports{
			States: states, Now: time.Now, Wait: clock.Wait,
		})
		links = append(links, guard.Link[realname.Registry]{Provider: r, Guard: g})
	}
	return guard.NewRegistry(guard.DefaultBudget(), time.Now, off, links...)
}

// Registries that compare four elements come first, in their order, then those that
// compare three.
func TestTheKindOfEnterpriseOrdersTheRegistries(t *testing.T) {
	var asked []string
	const four, three = provider.CoversFour, provider.CoversThree
	type covers = map[idcode.Holder]provider.Coverage
	chain := func(off ...string) guard.Registry {
		return chainOf(switches(off),
			registry{name: "a", covers: covers{idcode.Company: four}, asked: &asked},
			registry{name: "b", covers: covers{idcode.Company: four, idcode.Institution: three}, asked: &asked},
			registry{name: "c", covers: covers{idcode.Company: four, idcode.Institution: four}, asked: &asked})
	}
	for name, c := range map[string]struct {
		holder idcode.Holder
		off    []string
		want   string // a registry of three elements has a star
	}{
		"all cover it":              {idcode.Company, nil, "a b c"},
		"one is off":                {idcode.Company, []string{"a"}, "b c"},
		"some cover it":             {idcode.Institution, nil, "c b*"},
		"the better one is off":     {idcode.Institution, []string{"c"}, "b*"},
		"none covers it":            {idcode.StateOrgan, nil, "a b c"},
		"those that cover are off":  {idcode.Institution, []string{"b", "c"}, "a"},
		"another kind, one is off":  {idcode.StateOrgan, []string{"b"}, "a c"},
		"all are off":               {idcode.Company, []string{"a", "b", "c"}, ""},
		"the switches are unknown":  {idcode.Company, []string{"broken"}, ""},
		"an unknown name is no one": {idcode.Company, []string{"d"}, "a b c"},
	} {
		t.Run(name, func(t *testing.T) {
			routes, err := chain(c.off...).RegistryRoutes(t.Context(), c.holder)
			var got []string
			for _, r := range routes {
				star := ""
				if r.ThreeElements {
					star = "*"
				}
				got = append(got, r.Name+star)
			}
			if text := strings.Join(got, " "); text != c.want || (err != nil) != (c.want == "") {
				t.Errorf("%s %v, want %s", text, err, c.want)
			}
		})
	}
	if asked != nil {
		t.Errorf("asked %v", asked)
	}
}

// The next provider takes the place of a repetition. Only the last one is asked again.
func TestAFailedProviderIsAskedOnceWhileAnotherIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		chain := chainOf(nil,
			registry{name: "a", fails: true, asked: &asked}, registry{name: "b", fails: true, asked: &asked})
		routes, err := chain.RegistryRoutes(t.Context(), idcode.Company)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range routes {
			if result, err := r.Provider.CheckEnterprise(t.Context(), realname.EnterpriseQuery{}); err == nil {
				t.Errorf("%+v", result)
			}
		}
		if got := strings.Join(asked, " "); got != "a b b b" {
			t.Errorf("asked %s", got)
		}
	})
}

// A provider that hangs leaves the next one enough time, whatever the function's timeout.
func TestAProviderThatHangsLeavesTimeForTheNext(t *testing.T) {
	for name, c := range map[string]struct {
		timeout, most time.Duration
	}{
		"a function of 29 s": {29 * time.Second, 2100 * time.Millisecond},
		"a function of 5 s":  {5 * time.Second, 1850 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked []string
				ctx, cancel := context.WithTimeout(t.Context(), c.timeout)
				defer cancel()
				chain := chainOf(nil, registry{name: "a", hangs: true, asked: &asked}, registry{name: "b", asked: &asked})
				begun := time.Now()
				routes, err := chain.RegistryRoutes(ctx, idcode.Company)
				if err != nil {
					t.Fatal(err)
				}
				if r, err := routes[0].Provider.CheckEnterprise(ctx, realname.EnterpriseQuery{}); err == nil {
					t.Errorf("%+v", r)
				}
				r, err := routes[1].Provider.CheckEnterprise(ctx, realname.EnterpriseQuery{})
				if err != nil || r.Outcome != realname.Match {
					t.Errorf("%+v %v", r, err)
				}
				if took := time.Since(begun); took > c.most {
					t.Errorf("took %s, want at most %s", took, c.most)
				}
			})
		})
	}
}

// Asking without a route asks the first provider.
func TestAChainAsksItsFirstProvider(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		chain := chainOf(switches{"a"}, registry{name: "a", asked: &asked}, registry{name: "b", asked: &asked})
		r, err := chain.CheckEnterprise(t.Context(), realname.EnterpriseQuery{})
		if err != nil || r.Provider != "b" {
			t.Errorf("%+v %v", r, err)
		}
		if r, err := chainOf(switches{"a"}, registry{name: "a", asked: &asked}).
			CheckEnterprise(t.Context(), realname.EnterpriseQuery{}); err == nil {
			t.Errorf("%+v", r)
		}
	})
}
