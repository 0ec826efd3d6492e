package realname

import "context"

// MethodCard is one card of the methods page (R3).
type MethodCard struct {
	Method     Method
	Passed     bool
	Applicable bool
	Reason     IneligibleReason
	SessionID  string // the live session to resume
}

// MethodsPage is what the methods page shows.
type MethodsPage struct {
	Enterprise Aspect
	Holder     Aspect
	// Presumed: the account's origin counts as authenticated already (R1).
	Presumed bool
	Cards    []MethodCard
}

// MethodsPage reads which methods the account may use and what has passed.
// Errors: CodeTokenRevoked.
func (v *Verification) MethodsPage(ctx context.Context, c Caller) (MethodsPage, error) {
	view, err := v.Store.LoadAccount(ctx, AccountQuery{AccountID: c.AccountID})
	if err != nil {
		return MethodsPage{}, err
	}
	if err := Admit(c, view.Account); err != nil {
		return MethodsPage{}, err
	}
	e, err := v.Store.LoadEnterprise(ctx, view.Account.USCC)
	if err != nil {
		return MethodsPage{}, err
	}
	page := MethodsPage{Enterprise: e.Aspect, Holder: view.Account.Holder, Presumed: !view.Account.Origin.Applicable()}
	for _, m := range Methods() {
		card := MethodCard{Method: m, Reason: Eligible(view.Account, e, m), SessionID: view.Live[m]}
		card.Applicable = card.Reason == ""
		card.Passed = e.Aspect.PassedBy(m)
		if m == AccountHolder {
			card.Passed = view.Account.Holder.Passed()
		}
		if card.Applicable && card.SessionID != "" {
			card.Reason = ReasonSessionLive
		}
		page.Cards = append(page.Cards, card)
	}
	return page, nil
}

// AccountPage reads the account with its enterprise.
// Errors: CodeTokenRevoked.
func (v *Verification) AccountPage(ctx context.Context, c Caller) (Account, Enterprise, error) {
	view, err := v.Store.LoadAccount(ctx, AccountQuery{AccountID: c.AccountID})
	if err != nil {
		return Account{}, Enterprise{}, err
	}
	if err := Admit(c, view.Account); err != nil {
		return Account{}, Enterprise{}, err
	}
	e, err := v.Store.LoadEnterprise(ctx, view.Account.USCC)
	return view.Account, e, err
}
