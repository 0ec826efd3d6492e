package report

import (
	"cmp"
	"slices"
	"time"

	"realname/shared/provider"
	"realname/shared/realname"
)

// Cost is what the questions of one day to one provider cost that had one outcome.
type Cost struct {
	Day       string             `json:"day"` // in China, as 20060102
	Provider  string             `json:"provider"`
	Check     realname.CheckName `json:"check"`
	Outcome   realname.Outcome   `json:"outcome"`
	Questions int                `json:"questions"`
	// Yuan is the cost; "" if the check has no price.
	Yuan string `json:"yuan,omitempty"`

	amount provider.Amount
}

// Costs counts the questions in the evidence of attempts since an instant, by day,
// provider, check and outcome, with their prices. An answer that a session used again, or
// that an adapter gave for its provider, is not one. total is the cost of all.
func Costs(attempts []realname.Attempt, prices map[string]provider.Prices, since time.Time) (all []Cost, total string) {
	found := map[Cost]int{}
	add := func(e realname.Evidence) {
		if e.Check == "" || e.Provider == "" || e.NotAsked || e.AskedAt.Before(since) {
			return
		}
		outcome := cmp.Or(e.Outcome, realname.Unavailable)
		found[Cost{Day: realname.Day(e.AskedAt), Provider: e.Provider, Check: e.Check, Outcome: outcome}]++
	}
	for _, a := range attempts {
		if a.Evidence.Repeated {
			continue
		}
		add(a.Evidence)
		for _, o := range a.Evidence.Others {
			add(o)
		}
	}
	var sum provider.Amount
	for c, n := range found {
		c.Questions = n
		if _, priced := prices[c.Provider][c.Check]; priced {
			c.amount = provider.Amount(n) * prices[c.Provider].Of(c.Check, c.Outcome)
			c.Yuan = c.amount.String()
			sum += c.amount
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Cost) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Provider, b.Provider),
			cmp.Compare(a.Check, b.Check), cmp.Compare(a.Outcome, b.Outcome))
	})
	return all, sum.String()
}
