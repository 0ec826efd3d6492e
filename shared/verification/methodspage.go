package verification

import (
	"context"

	"realname/shared/realname"
)

// MethodCard is one method on the methods page (R3).
type MethodCard struct {
	Method     realname.Method
	Passed     bool
	Applicable bool
	Reason     realname.IneligibleReason
	SessionID  string // the live session to resume
	// ConsentVersion is the version of the consent text in force, and Recipients are those
	// that it names.
	ConsentVersion string
	Recipients     []realname.Recipient
}

// MethodsPage is the content of the methods page.
type MethodsPage struct {
	Enterprise realname.State
	Holder     realname.State
	Cards      []MethodCard
}

// MethodsPage returns the methods that the account may use and the passed aspects.
// Errors: CodeTokenRevoked.
func (v *Verification) MethodsPage(ctx context.Context, c realname.Caller) (MethodsPage, error) {
	view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: c.AccountID, Methods: realname.Methods()})
	if err != nil {
		return MethodsPage{}, err
	}
	if err := realname.Admit(c, view.Account); err != nil {
		return MethodsPage{}, err
	}
	e, err := v.Store.LoadEnterprise(ctx, view.Account.USCC)
	if err != nil {
		return MethodsPage{}, err
	}
	if err := realname.AdmitTo(e, view.Account); err != nil {
		return MethodsPage{}, err
	}
	latest, err := v.Store.LatestSessions(ctx, view.Latest)
	if err != nil {
		return MethodsPage{}, err
	}
	page := MethodsPage{Enterprise: e.State(realname.EnterpriseAspect), Holder: e.HolderState(view.Account)}
	for _, m := range realname.Methods() {
		card := MethodCard{
			Method: m, Reason: realname.Eligible(view.Account, e, m),
			ConsentVersion: v.Recipients.ConsentVersion(m), Recipients: v.Recipients.Of(m),
		}
		if s := latest[m]; s.ID != "" && s.Live() {
			card.SessionID = s.ID
		}
		card.Applicable = card.Reason == ""
		card.Passed = e.Aspect.PassedBy(m)
		if m == realname.AccountHolder {
			card.Passed = view.Account.Holder.Passed()
		}
		if card.Applicable && card.SessionID != "" {
			card.Reason = realname.ReasonSessionLive
		}
		page.Cards = append(page.Cards, card)
	}
	return page, nil
}
