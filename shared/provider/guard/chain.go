package guard

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"realname/shared/idcode"
	"realname/shared/provider"
	"realname/shared/realname"
)

// Budget bounds the time of a whole check: at most Total, and at most the time until
// the function's deadline less Reserve, which is for storing the answer. A provider has
// at most Patience while another one is left to ask.
type Budget struct{ Total, Reserve, Patience time.Duration }

// DefaultBudget suits functions with a timeout of at least ten seconds.
func DefaultBudget() Budget {
	return Budget{Total: 8 * time.Second, Reserve: 1500 * time.Millisecond, Patience: 2 * time.Second}
}

// Link is a provider and its guard.
type Link[P any] struct {
	Provider P
	Guard    *Guard
}

// Switches tells which providers staff have switched off. It may be nil.
type Switches interface {
	// Off reports whether the provider is switched off.
	Off(ctx context.Context, provider string) (bool, error)
}

// chain holds the providers of a check in order.
type chain[P any] struct {
	links    []Link[P]
	budget   Budget
	now      func() time.Time
	switches Switches
}

// errAllOff means that staff have switched off every provider of a check.
var errAllOff = errors.New("check: every configured provider is switched off")

// turns returns the providers that may be asked now, each with its share of the time. rank
// orders them; a provider with a rank below 0 is left out unless all have one.
func (c chain[P]) turns(ctx context.Context, rank func(P) int) ([]turn[P], error) {
	var on, fit []Link[P]
	for _, l := range c.links {
		if c.switches != nil {
			off, err := c.switches.Off(ctx, l.Guard.provider)
			if err != nil {
				return nil, err
			}
			if off {
				continue
			}
		}
		if on = append(on, l); rank(l.Provider) >= 0 {
			fit = append(fit, l)
		}
	}
	if len(on) == 0 {
		return nil, errAllOff
	}
	if fit == nil {
		fit = on
	}
	slices.SortStableFunc(fit, func(a, b Link[P]) int { return cmp.Compare(rank(a.Provider), rank(b.Provider)) })
	end := c.now().Add(c.budget.Total)
	if deadline, ok := ctx.Deadline(); ok && deadline.Add(-c.budget.Reserve).Before(end) {
		end = deadline.Add(-c.budget.Reserve)
	}
	turns := make([]turn[P], len(fit))
	for i, l := range fit {
		turns[i] = turn[P]{l, c, end, len(fit) - i - 1}
	}
	return turns, nil
}

// turn is one provider of a check and its share of the time.
type turn[P any] struct {
	link  Link[P]
	chain chain[P]
	end   time.Time
	after int // providers that can be asked after this one
}

// ask asks the provider. It repeats a failed request only if no other provider is left.
func (t turn[P]) ask(ctx context.Context, do ask) (realname.CheckResult, error) {
	share := t.end.Sub(t.chain.now())
	if t.after > 0 {
		share = min(share/time.Duration(t.after+1), t.chain.budget.Patience)
	}
	limited, cancel := context.WithTimeout(ctx, share)
	defer cancel()
	if t.after > 0 {
		return t.link.Guard.Once(limited, do)
	}
	return t.link.Guard.Do(limited, do)
}

// same gives every provider the same rank.
func same[P any](P) int { return 0 }

// routes returns the turns as routes. as makes a turn a provider, which asks in its time.
func routes[P any](turns []turn[P], as func(turn[P]) P) []realname.Route[P] {
	var all []realname.Route[P]
	for _, t := range turns {
		all = append(all, realname.Route[P]{Name: t.link.Guard.provider, Provider: as(t)})
	}
	return all
}

// askFirst puts a question to the first of the routes, unless they could not be found.
func askFirst[P any](
	routes []realname.Route[P], err error, ask func(P) (realname.CheckResult, error),
) (realname.CheckResult, error) {
	if err != nil {
		return realname.CheckResult{}, err
	}
	return ask(routes[0].Provider)
}

// Registry asks enterprise registries.
type Registry struct{ chain chain[realname.Registry] }

// CheckEnterprise implements realname.Registry with the first provider.
func (r Registry) CheckEnterprise(ctx context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	all, err := r.RegistryRoutes(ctx, idcode.HolderOf(q.USCC))
	return askFirst(all, err, func(p realname.Registry) (realname.CheckResult, error) { return p.CheckEnterprise(ctx, q) })
}

// RegistryRoutes implements realname.RegistryRoutes: registries that compare four elements
// of the kind of enterprise, and then those that compare three. If none covers the kind,
// all are asked.
func (r Registry) RegistryRoutes(
	ctx context.Context, holder idcode.Holder,
) ([]realname.Route[realname.Registry], error) {
	coverage := func(p realname.Registry) provider.Coverage {
		if c, ok := p.(provider.Covering); ok {
			return c.Covers(holder)
		}
		return provider.CoversFour
	}
	turns, err := r.chain.turns(ctx, func(p realname.Registry) int {
		if c := coverage(p); c != provider.CoversNothing {
			return int(provider.CoversFour - c)
		}
		return -1
	})
	all := routes(turns, func(t turn[realname.Registry]) realname.Registry { return registryTurn{t} })
	for i, t := range turns {
		all[i].ThreeElements = coverage(t.link.Provider) == provider.CoversThree
	}
	return all, err
}

type registryTurn struct{ turn[realname.Registry] }

// CheckEnterprise implements realname.Registry.
func (t registryTurn) CheckEnterprise(ctx context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	return t.ask(ctx, func(ctx context.Context) (realname.CheckResult, error) {
		return t.link.Provider.CheckEnterprise(ctx, q)
	})
}

// IDCards asks ID-card libraries in order.
type IDCards struct{ chain chain[realname.IDCards] }

// CheckIDCard implements realname.IDCards with the first provider.
func (c IDCards) CheckIDCard(ctx context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	all, err := c.IDCardRoutes(ctx)
	return askFirst(all, err, func(p realname.IDCards) (realname.CheckResult, error) { return p.CheckIDCard(ctx, q) })
}

// IDCardRoutes implements realname.IDCardRoutes.
func (c IDCards) IDCardRoutes(ctx context.Context) ([]realname.Route[realname.IDCards], error) {
	turns, err := c.chain.turns(ctx, same)
	return routes(turns, func(t turn[realname.IDCards]) realname.IDCards { return idCardTurn{t} }), err
}

type idCardTurn struct{ turn[realname.IDCards] }

// CheckIDCard implements realname.IDCards.
func (t idCardTurn) CheckIDCard(ctx context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	return t.ask(ctx, func(ctx context.Context) (realname.CheckResult, error) {
		return t.link.Provider.CheckIDCard(ctx, q)
	})
}

// BankCards asks bank-card verifiers in order.
type BankCards struct{ chain chain[realname.BankCards] }

// CheckBankCard implements realname.BankCards with the first provider.
func (c BankCards) CheckBankCard(ctx context.Context, q realname.BankCardQuery) (realname.CheckResult, error) {
	all, err := c.BankCardRoutes(ctx)
	return askFirst(all, err, func(p realname.BankCards) (realname.CheckResult, error) { return p.CheckBankCard(ctx, q) })
}

// BankCardRoutes implements realname.BankCardRoutes.
func (c BankCards) BankCardRoutes(ctx context.Context) ([]realname.Route[realname.BankCards], error) {
	turns, err := c.chain.turns(ctx, same)
	return routes(turns, func(t turn[realname.BankCards]) realname.BankCards { return bankCardTurn{t} }), err
}

type bankCardTurn struct{ turn[realname.BankCards] }

// CheckBankCard implements realname.BankCards.
func (t bankCardTurn) CheckBankCard(ctx context.Context, q realname.BankCardQuery) (realname.CheckResult, error) {
	return t.ask(ctx, func(ctx context.Context) (realname.CheckResult, error) {
		return t.link.Provider.CheckBankCard(ctx, q)
	})
}

// SMS sends with the first provider that accepts the message.
type SMS struct{ chain[realname.SMS] }

// SendCode implements realname.SMS.
func (c SMS) SendCode(ctx context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	turns, err := c.turns(ctx, same)
	if err != nil {
		return realname.CheckResult{}, err
	}
	var first realname.CheckResult
	var firstErr error
	for i, t := range turns {
		r, err := t.ask(ctx, func(ctx context.Context) (realname.CheckResult, error) {
			return t.link.Provider.SendCode(ctx, m)
		})
		if !realname.NoAnswer(r, err) {
			return r, err
		}
		if i == 0 || first.NotAsked && !r.NotAsked { // a provider was asked after all
			first, firstErr = r.Sooner(first), err
			continue
		}
		first = first.Sooner(r)
	}
	return first, firstErr
}

// NewRegistry returns a registry check over the providers.
func NewRegistry(b Budget, now func() time.Time, s Switches, links ...Link[realname.Registry]) Registry {
	return Registry{chain: chain[realname.Registry]{links, b, now, s}}
}

// NewIDCards returns an ID-card check over the providers.
func NewIDCards(b Budget, now func() time.Time, s Switches, links ...Link[realname.IDCards]) IDCards {
	return IDCards{chain: chain[realname.IDCards]{links, b, now, s}}
}

// NewBankCards returns a bank-card check over the providers.
func NewBankCards(b Budget, now func() time.Time, s Switches, links ...Link[realname.BankCards]) BankCards {
	return BankCards{chain: chain[realname.BankCards]{links, b, now, s}}
}

// NewSMS returns a sender over the providers.
func NewSMS(b Budget, now func() time.Time, s Switches, links ...Link[realname.SMS]) SMS {
	return SMS{chain[realname.SMS]{links, b, now, s}}
}
