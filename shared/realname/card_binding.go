package realname

import (
	"context"
	"errors"
	"slices"

	"realname/shared/idcode"
)

// Card reads the account's bound card (我的IC卡); an empty ID means none.
// Errors: CodeTokenRevoked.
func (v *Verification) Card(ctx context.Context, c Caller) (BoundCard, error) {
	view, err := v.Store.LoadAccount(ctx, AccountQuery{AccountID: c.AccountID, Card: &CardKeys{}})
	if err != nil {
		return BoundCard{}, err
	}
	return view.Card.Bound, Admit(c, view.Account)
}

// BindCard makes the card that answered the challenge the account's, in place of
// the one before. Whoever binds must hold the card, else anybody could keep a
// certificate from its owner.
//
// As in SubmitCard, a decided answer uses the challenge up.
// Errors: CodeInvalidRequest with fields; CodeTokenRevoked; those of a
// challenge; every refusal of a card; CodeAttemptsExhausted; CodeConflict.
func (v *Verification) BindCard(ctx context.Context, c Caller, a CardAnswer) (BoundCard, error) {
	card, err := v.read(a)
	if err != nil {
		return BoundCard{}, err
	}
	now := v.Now()
	view, err := v.Store.LoadAccount(ctx, AccountQuery{
		AccountID: c.AccountID, Day: Day(now), USCC: c.USCC,
		Card: &CardKeys{Challenge: hashChallenge(card.challenge), CardID: card.certificate.ID},
	})
	if err != nil {
		return BoundCard{}, err
	}
	if err := Admit(c, view.Account); err != nil {
		return BoundCard{}, err
	}
	if err := view.Card.Challenge.answerable(c.AccountID, "", now); err != nil {
		return BoundCard{}, err
	}
	if err := v.triesLeftToday(view.Day); err != nil {
		return BoundCard{}, err
	}
	change, refusal, err := v.decideBinding(ctx, view, card)
	if err != nil {
		return BoundCard{}, err
	}
	err = v.Store.Commit(ctx, change)
	switch {
	case errors.Is(err, ErrStale):
		return BoundCard{}, &Error{Code: CodeConflict}
	case err != nil:
		return BoundCard{}, err
	case refusal != nil:
		return BoundCard{}, refusal
	}
	return *change.Card, nil
}

// decideBinding judges the card and gathers what has to be written with that.
func (v *Verification) decideBinding(ctx context.Context, view AccountView, card readCard) (Change, error, error) {
	now, a := v.Now(), view.Account
	e, err := v.Store.LoadEnterprise(ctx, a.USCC)
	if err != nil {
		return Change{}, nil, err
	}
	result, err := v.Cards.CheckCard(ctx, CardQuery{
		Certificate: card.der, Challenge: card.challenge, Signature: card.sig,
		Enterprise: CardEnterprise{USCC: a.USCC, OrgCode: idcode.OrgCodeOf(a.USCC), Name: e.Name, Changed: e.Changes > 0},
	})
	if err != nil {
		return Change{}, nil, err
	}
	used := *view.Card.Challenge
	used.UsedAt = now
	w := cardWrites{challenge: &used}
	c := Change{AccountID: a.ID, Trail: view.Trail}
	if result.Refusal == "" && view.Card.Owner.takenFrom(a) {
		result.Refusal = CodeCardBoundElsewhere
	}
	if result.Refusal != "" {
		if cardCharged(result.Refusal) {
			day := view.Day
			day.FailedTries++
			c.Day = &day
		}
		w.addTo(&c)
		return c, &Error{Code: result.Refusal, Alternatives: Alternatives(result.Refusal)}, nil
	}
	if err := v.bind(ctx, &w, a, view.Card, card.certificate, now); err != nil {
		return Change{}, nil, err
	}
	w.addTo(&c)
	return c, nil, nil
}

// UnbindCard takes the card from the account. What the card has verified stays
// verified: the card is evidence of a moment, not a condition. Unbinding again
// is no error.
// Errors: CodeTokenRevoked, CodeConflict.
func (v *Verification) UnbindCard(ctx context.Context, c Caller) error {
	view, err := v.Store.LoadAccount(ctx, AccountQuery{AccountID: c.AccountID, USCC: c.USCC, Card: &CardKeys{}})
	if err != nil {
		return err
	}
	if err := Admit(c, view.Account); err != nil {
		return err
	}
	if view.Card.Bound.ID == "" {
		return nil
	}
	change := Change{Trail: view.Trail}
	if err := v.unbind(ctx, &change, view); err != nil {
		return err
	}
	err = v.Store.Commit(ctx, change)
	if errors.Is(err, ErrStale) {
		return &Error{Code: CodeConflict}
	}
	return err
}

// unbind adds to the change that the account's card, if it has one, is no more.
func (v *Verification) unbind(ctx context.Context, c *Change, view AccountView) error {
	bound := view.Card.Bound
	if bound.ID == "" {
		return nil
	}
	owner, err := v.Store.LoadCardOwner(ctx, bound.ID)
	if err != nil {
		return err
	}
	c.DropCard = &bound
	c.Audit = append(c.Audit, AuditEntry{ID: v.NewID(), At: v.Now(), USCC: view.Account.USCC, AccountID: bound.AccountID, Action: AuditCardUnbound})
	if slices.Contains(owner.Accounts, bound.AccountID) {
		c.CardOwners = append(c.CardOwners, owner.without(bound.AccountID))
	}
	return nil
}

func (v *Verification) triesLeftToday(d AccountDay) error {
	if d.FailedTries >= v.Limits.FailedTriesPerDay {
		return &Error{Code: CodeAttemptsExhausted, RetryAfter: UntilTomorrow(v.Now()), AttemptsLeft: new(int)}
	}
	return nil
}
