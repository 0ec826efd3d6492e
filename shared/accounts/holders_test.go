package accounts_test

import (
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

func TestTheLatestOfSeveralAdministratorsIsShown(t *testing.T) {
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	e := realname.Enterprise{Holders: map[string]realname.Aspect{
		"a": {Method: realname.AccountHolder, SessionID: "s1", At: day},
		"b": {Method: realname.LegalRepresentative, SessionID: "s2", At: day.Add(time.Hour)},
	}}
	if h := e.Holder(); h.SessionID != "s2" {
		t.Errorf("%+v", h)
	}
	if h := (realname.Enterprise{}).Holder(); h.Passed() {
		t.Errorf("nobody: %+v", h)
	}
}

// One administrator who was moved in is to be verified, and so is his enterprise.
func TestAnEnterpriseCountsAsAuthenticatedWhileEachAdministratorDoes(t *testing.T) {
	account := func(id string, o realname.Origin) realname.Account { return realname.Account{ID: id, Origin: o} }
	operator, closed := account("op", realname.MigratedLocal), account("c", realname.MigratedInspection)
	operator.Role, closed.Disabled = realname.RoleOperator, time.Unix(1, 0)
	registered, card, moved := account("r", realname.SingleWindow), account("i", realname.ICCardLogin), account("m", realname.MigratedLocal)
	for name, c := range map[string]struct {
		accounts []realname.Account
		presumed bool
	}{
		"nobody":                  {nil, false},
		"registered here":         {[]realname.Account{registered}, true},
		"logs in with a card":     {[]realname.Account{card}, true},
		"both":                    {[]realname.Account{registered, card}, true},
		"moved in":                {[]realname.Account{moved}, false},
		"one of them moved in":    {[]realname.Account{moved, registered}, false},
		"an operator":             {[]realname.Account{operator}, false},
		"with an operator":        {[]realname.Account{registered, operator}, true},
		"the one moved in closed": {[]realname.Account{registered, closed}, true},
	} {
		e := realname.Enterprise{}
		for _, a := range c.accounts {
			e = e.WithAdministrator(a)
		}
		if e.Presumed() != c.presumed {
			t.Errorf("%s: %v", name, e.Presumed())
		}
	}
	e := (realname.Enterprise{}).WithAdministrator(moved).WithAdministrator(registered)
	moved.Disabled = time.Unix(1, 0)
	if after := e.WithAdministrator(moved); !after.Presumed() || e.Presumed() {
		t.Errorf("closing an account: %+v from %+v", after, e)
	}
}

// An enterprise got another code between a holder's last step and the end: the
// pass is shown where the account is now.
func TestAHolderPassesUnderTheNewCode(t *testing.T) {
	b := domaintest.New(t)
	st := store.New(b.Table)
	b.Pass(realname.BankUKey)
	id := b.Begin(realname.AccountHolder)
	b.PassAll(id)
	view, e, err := st.LoadForFinish(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	roster := realname.Roster{USCC: "9113000034801880XB"}
	_, known, err := st.LoadRoster(t.Context(), e.USCC)
	if err != nil {
		t.Fatal(err)
	}
	roster.Members, roster.Version = known.Members, known.Version
	before := e.USCC
	view.Session.Subject = "" // this method asks nothing about the enterprise
	view.Account.USCC, e.USCC = roster.USCC, roster.USCC
	if err := st.Commit(t.Context(), realname.Writing(view.Session, view.Account, realname.Moved{From: before, Enterprise: e, Roster: roster})); err != nil {
		t.Fatal(err)
	}
	if status, err := b.Finish(t.Context(), id); err != nil || status != realname.Verified {
		t.Fatalf("%s %v", status, err)
	}
	after, err := st.LoadEnterprise(t.Context(), roster.USCC)
	if err != nil || after.Holder().SessionID != id {
		t.Errorf("%+v %v", after.Holder(), err)
	}
	if gone, err := st.LoadEnterprise(t.Context(), before); err != nil || gone.USCC != "" {
		t.Errorf("the former code is back: %+v %v", gone, err)
	}
}

// Whoever is erased holds the account no longer.
func TestAnErasedHolderIsNotShown(t *testing.T) {
	a, admin := accountsOn(t, memory.New(time.Now))
	st := a.Directory.(*store.Store)
	found, err := st.LoadAccounts(t.Context(), []string{admin.AccountID})
	if err != nil {
		t.Fatal(err)
	}
	e, err := st.LoadEnterprise(t.Context(), found[0].USCC)
	if err != nil {
		t.Fatal(err)
	}
	e.Holders = map[string]realname.Aspect{admin.AccountID: {Method: realname.AccountHolder, SessionID: "s", At: time.Now()}, "other": {Method: realname.AccountHolder, SessionID: "o", At: time.Now().Add(-time.Hour)}}
	if err := st.Commit(t.Context(), realname.Writing(e)); err != nil {
		t.Fatal(err)
	}
	if err := (&accounts.Erasure{Accounts: a, Values: st}).Erase(t.Context(), admin.AccountID); err != nil {
		t.Fatal(err)
	}
	if e, err = st.LoadEnterprise(t.Context(), e.USCC); err != nil || e.Holder().SessionID != "o" {
		t.Errorf("%+v %v", e.Holder(), err)
	}
}
