package guard

import (
	"context"
	"time"

	"realname/shared/realname"
)

// Budget bounds the time of a whole check: at most Total, and at most the time until
// the function's deadline less Reserve, which is for storing the answer.
type Budget struct{ Total, Reserve time.Duration }

// DefaultBudget suits functions with a timeout of at least ten seconds.
func DefaultBudget() Budget { return Budget{Total: 8 * time.Second, Reserve: 1500 * time.Millisecond} }

// Link is a provider and its guard.
type Link[P any] struct {
	Provider P
	Guard    *Guard
}

// query is one check of a provider.
type query[P any] func(context.Context, P) (realname.CheckResult, error)

// chain asks providers in order until one of them answers.
type chain[P any] struct {
	links  []Link[P]
	budget Budget
	now    func() time.Time
}

func (c chain[P]) ask(ctx context.Context, do query[P]) (realname.CheckResult, error) {
	end := c.now().Add(c.budget.Total)
	if deadline, ok := ctx.Deadline(); ok && deadline.Add(-c.budget.Reserve).Before(end) {
		end = deadline.Add(-c.budget.Reserve)
	}
	var first realname.CheckResult
	var firstErr error
	for i, l := range c.links {
		share := end.Sub(c.now()) / time.Duration(len(c.links)-i)
		limited, cancel := context.WithTimeout(ctx, share)
		r, err := l.Guard.Do(limited, func(ctx context.Context) (realname.CheckResult, error) {
			return do(ctx, l.Provider)
		})
		cancel()
		if answered(r, err) && r.Outcome != realname.NotCovered {
			return r, err
		}
		switch {
		case i == 0 || answered(r, err) && !answered(first, firstErr):
			first, firstErr = r, err
		case first.NotAsked && !r.NotAsked: // the check was put to a provider after all
			if first.RetryAfter > 0 && first.RetryAfter < r.RetryAfter {
				r.RetryAfter = first.RetryAfter
			}
			first, firstErr = r, err
		case r.RetryAfter > 0 && r.RetryAfter < first.RetryAfter:
			first.RetryAfter = r.RetryAfter
		}
	}
	return first, firstErr
}

func answered(r realname.CheckResult, err error) bool {
	return err == nil && r.Outcome != realname.Unavailable && r.Outcome != realname.Limited
}

// Registry asks enterprise registries in order.
type Registry struct{ chain[realname.Registry] }

// IDCards asks ID-card libraries in order.
type IDCards struct{ chain[realname.IDCards] }

// BankCards asks bank-card verifiers in order.
type BankCards struct{ chain[realname.BankCards] }

// SMS sends with the first provider that accepts the message.
type SMS struct{ chain[realname.SMS] }

// NewRegistry returns a registry check over the providers.
func NewRegistry(b Budget, now func() time.Time, links ...Link[realname.Registry]) Registry {
	return Registry{chain[realname.Registry]{links, b, now}}
}

// NewIDCards returns an ID-card check over the providers.
func NewIDCards(b Budget, now func() time.Time, links ...Link[realname.IDCards]) IDCards {
	return IDCards{chain[realname.IDCards]{links, b, now}}
}

// NewBankCards returns a bank-card check over the providers.
func NewBankCards(b Budget, now func() time.Time, links ...Link[realname.BankCards]) BankCards {
	return BankCards{chain[realname.BankCards]{links, b, now}}
}

// NewSMS returns a sender over the providers.
func NewSMS(b Budget, now func() time.Time, links ...Link[realname.SMS]) SMS {
	return SMS{chain[realname.SMS]{links, b, now}}
}

// CheckEnterprise implements realname.Registry.
func (c Registry) CheckEnterprise(ctx context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	return c.ask(ctx, func(ctx context.Context, p realname.Registry) (realname.CheckResult, error) {
		return p.CheckEnterprise(ctx, q)
	})
}

// CheckIDCard implements realname.IDCards.
func (c IDCards) CheckIDCard(ctx context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	return c.ask(ctx, func(ctx context.Context, p realname.IDCards) (realname.CheckResult, error) {
		return p.CheckIDCard(ctx, q)
	})
}

// CheckBankCard implements realname.BankCards.
func (c BankCards) CheckBankCard(ctx context.Context, q realname.BankCardQuery) (realname.CheckResult, error) {
	return c.ask(ctx, func(ctx context.Context, p realname.BankCards) (realname.CheckResult, error) {
		return p.CheckBankCard(ctx, q)
	})
}

// SendCode implements realname.SMS.
func (c SMS) SendCode(ctx context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	return c.ask(ctx, func(ctx context.Context, p realname.SMS) (realname.CheckResult, error) {
		return p.SendCode(ctx, m)
	})
}
