package verification

import (
	"context"
	"errors"
	"slices"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// Card reads the account's bound card (我的IC卡); an empty ID means none.
// Errors: CodeTokenRevoked.
func (v *Verification) Card(ctx context.Context, c realname.Caller) (realname.BoundCard, error) {
	view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: c.AccountID, Card: &realname.CardKeys{}})
	if err != nil {
		return realname.BoundCard{}, err
	}
	return view.Card.Bound, realname.Admit(c, view.Account)
}

// BindCard binds the card that answered the challenge to the account, in place of
// the previous card. The caller must prove that they hold the card, so that no one
// else can bind a certificate before its owner does.
//
// As in SubmitCard, a decision uses up the challenge.
// Errors: CodeInvalidRequest with fields; CodeTokenRevoked; the errors of
// CardChallenge.Answerable; every refusal of a card; CodeAttemptsExhausted;
// CodeConflict.
func (v *Verification) BindCard(ctx context.Context, c realname.Caller, a CardAnswer) (realname.BoundCard, error) {
	card, err := v.read(a)
	if err != nil {
		return realname.BoundCard{}, err
	}
	now := v.Now()
	view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{
		AccountID: c.AccountID, Day: realname.Day(now), USCC: c.USCC,
		Card: &realname.CardKeys{Challenge: hashChallenge(card.challenge), CardID: card.certificate.ID},
	})
	if err != nil {
		return realname.BoundCard{}, err
	}
	if err := realname.Admit(c, view.Account); err != nil {
		return realname.BoundCard{}, err
	}
	if err := view.Card.Challenge.Answerable(c.AccountID, "", now); err != nil {
		return realname.BoundCard{}, err
	}
	if err := v.triesLeftToday(view.Day); err != nil {
		return realname.BoundCard{}, err
	}
	bound, change, refusal, err := v.decideBinding(ctx, view, card)
	if err != nil {
		return realname.BoundCard{}, err
	}
	err = v.Store.Commit(ctx, change)
	switch {
	case errors.Is(err, realname.ErrStale):
		return realname.BoundCard{}, &realname.Error{Code: realname.CodeConflict}
	case err != nil:
		return realname.BoundCard{}, err
	case refusal != nil:
		return realname.BoundCard{}, refusal
	}
	return *bound, nil
}

// decideBinding checks the card and returns the change that records the decision.
// bound is nil if the card is refused.
func (v *Verification) decideBinding(ctx context.Context, view realname.AccountView, card readCard) (
	bound *realname.BoundCard, c realname.Change, refusal, err error,
) {
	now, a := v.Now(), view.Account
	e, err := v.Store.LoadEnterprise(ctx, a.USCC)
	if err == nil {
		err = realname.AdmitTo(e, a)
	}
	if err != nil {
		return nil, realname.Change{}, nil, err
	}
	result, err := v.Cards.CheckCard(ctx, realname.CardQuery{
		Certificate: card.der, Challenge: card.challenge, Signature: card.sig,
		Enterprise: realname.CardEnterprise{
			USCC: a.USCC, OrgCode: idcode.OrgCodeOf(a.USCC), Name: e.Name, Changed: e.Changes > 0,
		},
	})
	if err != nil {
		return nil, realname.Change{}, nil, err
	}
	used := *view.Card.Challenge
	used.UsedAt = now
	w := cardWrites{challenge: &used}
	c = realname.Change{Trail: view.Trail}
	if result.Refusal == "" {
		if result.Refusal, err = v.boundElsewhere(ctx, view.Card.Owner, a); err != nil {
			return nil, realname.Change{}, nil, err
		}
	}
	if result.Refusal != "" {
		if realname.CardCharged(result.Refusal) {
			day := view.Day
			day.FailedTries++
			c.Add(realname.CountedDay{AccountID: a.ID, AccountDay: day})
		}
		w.addTo(&c)
		return nil, c, &realname.Error{Code: result.Refusal, Alternatives: Alternatives(result.Refusal)}, nil
	}
	if err := v.bind(ctx, &w, a, view.Card, card.certificate, now); err != nil {
		return nil, realname.Change{}, nil, err
	}
	w.addTo(&c)
	// The account is written over the version that was read: it may have been closed, erased
	// or moved to another code while the issuer's revocation list was fetched.
	c.Add(a.Unchanged())
	return w.bound, c, nil, nil
}

// boundElsewhere refuses a card that belongs to another enterprise than the account's. A
// card that was bound under the enterprise's former code still belongs to it, if its
// accounts do.
func (v *Verification) boundElsewhere(
	ctx context.Context, owner realname.CardOwner, a realname.Account,
) (realname.Code, error) {
	if !owner.TakenFrom(a) {
		return "", nil
	}
	for _, id := range owner.Accounts {
		view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: id})
		if err != nil {
			return "", err
		}
		if view.Account.USCC != a.USCC {
			return realname.CodeCardBoundElsewhere, nil
		}
	}
	return "", nil
}

// UnbindCard removes the card from the account. Aspects that the card verified stay
// verified: the card proved them at one moment and is not a lasting condition.
// Unbinding again is not an error.
// Errors: CodeTokenRevoked, CodeConflict.
func (v *Verification) UnbindCard(ctx context.Context, c realname.Caller) error {
	view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{
		AccountID: c.AccountID, USCC: c.USCC, Card: &realname.CardKeys{},
	})
	if err != nil {
		return err
	}
	if err := realname.Admit(c, view.Account); err != nil {
		return err
	}
	if view.Card.Bound.ID == "" {
		return nil
	}
	change := realname.Change{Trail: view.Trail}
	if err := v.Unbind(ctx, &change, view); err != nil {
		return err
	}
	err = v.Store.Commit(ctx, change)
	if errors.Is(err, realname.ErrStale) {
		return &realname.Error{Code: realname.CodeConflict}
	}
	return err
}

// Unbind adds the removal of the account's card, if it has one, to the change.
func (v *Verification) Unbind(ctx context.Context, c *realname.Change, view realname.AccountView) error {
	bound := view.Card.Bound
	if bound.ID == "" {
		return nil
	}
	owner, err := v.Store.LoadCardOwner(ctx, bound.ID)
	if err != nil {
		return err
	}
	c.Add(realname.DropCard(bound))
	c.Audit = append(c.Audit, realname.AuditEntry{
		ID: v.NewID(), At: v.Now(), USCC: view.Account.USCC, AccountID: bound.AccountID,
		Action: realname.AuditCardUnbound,
	})
	if slices.Contains(owner.Accounts, bound.AccountID) {
		c.Add(owner.Without(bound.AccountID))
	}
	return nil
}

func (v *Verification) triesLeftToday(d realname.AccountDay) error {
	if d.FailedTries >= v.Limits.FailedTriesPerDay {
		return &realname.Error{
			Code: realname.CodeAttemptsExhausted, RetryAfter: realname.UntilTomorrow(v.Now()), AttemptsLeft: new(int),
		}
	}
	return nil
}
