package accounts

import (
	"context"
	"slices"
	"time"

	"realname/shared/realname"
)

// PersonalData is what the service holds about an account's holder (PIPL Art. 45). It
// holds nothing of other people: neither of the legal representative, whose data the
// holder entered, nor of an earlier holder of the account.
type PersonalData struct {
	Account    realname.Account
	Enterprise realname.Enterprise
	Card       realname.BoundCard
	// Consents is true if the holder gave a consent and has not withdrawn it.
	Consents bool
	// Records are the holder's sessions, the newest first, one page of them.
	Records []Record
}

// Record is a session with what providers received about the account holder in it.
type Record struct {
	Session     realname.Session
	Disclosures []Disclosure
}

// Disclosure is a request to a provider with the holder's data.
type Disclosure struct {
	At        time.Time
	Provider  string
	Check     realname.CheckName
	RequestID string // the provider's own
}

// PersonalData reads a page of the caller's personal data. The next page starts after
// the returned cursor; "" after the last page.
// Errors: CodeTokenRevoked, CodeInvalidRequest for an invalid cursor.
func (a *Accounts) PersonalData(
	ctx context.Context, c realname.Caller, limit int, after string,
) (d PersonalData, next string, err error) {
	view, err := a.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: c.AccountID, Card: &realname.CardKeys{}})
	if err != nil {
		return d, "", err
	}
	if err := realname.Admit(c, view.Account); err != nil {
		return d, "", err
	}
	d.Account, d.Card = view.Account, view.Card.Bound
	if d.Enterprise, err = a.Store.LoadEnterprise(ctx, d.Account.USCC); err != nil {
		return d, "", err
	}
	if err := realname.AdmitTo(d.Enterprise, d.Account); err != nil {
		return d, "", err
	}
	if d.Consents, err = a.consents(ctx, d.Account); err != nil {
		return d, "", err
	}
	sessions, next, err := a.Store.ListSessions(ctx, d.Account.ID, limit, after)
	if err != nil {
		return d, "", err
	}
	for _, s := range sessions {
		if !s.IsOfHolder(d.Account) {
			continue
		}
		attempts, err := a.Directory.Attempts(ctx, s)
		if err != nil {
			return d, "", err
		}
		d.Records = append(d.Records, Record{s, disclosures(attempts)})
	}
	return d, next, nil
}

// disclosures returns the requests to providers that held data of the account holder.
// Those of other steps held data of the legal representative. An attempt can have asked
// several providers; one that repeats an earlier answer asked none, and an adapter can have
// answered for its provider.
func disclosures(attempts []realname.Attempt) []Disclosure {
	var all []Disclosure
	for _, a := range attempts {
		if a.Step != realname.StepAccountHolder || a.Evidence.Repeated {
			continue
		}
		for _, e := range append(slices.Clone(a.Evidence.Others), a.Evidence) {
			if e.Provider != "" && !e.NotAsked {
				all = append(all, Disclosure{At: e.AskedAt, Provider: e.Provider, Check: e.Check, RequestID: e.RequestID})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Disclosure) int { return a.At.Compare(b.At) })
	return all
}

// KeptUntil names the event from which the life of stored data counts.
type KeptUntil string

// Events from which the life of stored data counts.
const (
	AfterClosing KeptUntil = "account_closed" // the account's end; an erasure ends the life at once
	AfterStoring KeptUntil = "stored"
	AfterUse     KeptUntil = "last_used"
	NotStored    KeptUntil = "not_stored"
	Always       KeptUntil = "always" // without personal data
)

// Keeping says how long the service keeps one kind of the holder's data.
type Keeping struct {
	Kind string
	From KeptUntil
	Life time.Duration // at most; 0 with NotStored and Always
}

// Keepings lists every kind of data about an account's holder with its life, by the
// stage's settings.
func (a *Accounts) Keepings() []Keeping {
	l := a.Limits
	return []Keeping{
		{"identity", AfterClosing, l.Retention},
		{"contacts", AfterClosing, l.Retention},
		{"sign_in", AfterClosing, l.Retention},
		{"card", AfterClosing, l.Retention},
		{"devices", AfterUse, realname.DeviceLife},
		{"changes", AfterStoring, realname.AuditValuesLife},
		{"open_check", AfterStoring, l.SessionTimeout},
		{"counters", AfterStoring, realname.CounterLife},
		{"answers", AfterStoring, realname.ReplyLife},
		{"email_link", AfterStoring, realname.LinkLife},
		{"sms_code", AfterStoring, l.SMSCodeLife},
		{"card_data", NotStored, 0},
		{"records", Always, 0},
	}
}
