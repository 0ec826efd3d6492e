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

// If an enterprise's code changes between a holder's last step and the end of the
// session, the pass shows under the new code.
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
	view.Session.Subject = "" // this method does not verify the enterprise
	view.Account.USCC, e.USCC = roster.USCC, roster.USCC
	moved := realname.Moved{From: before, Enterprise: e, Roster: roster}
	if err := st.Commit(t.Context(), realname.Writing(view.Session, view.Account, moved)); err != nil {
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

// The pass of an erased holder does not count for the enterprise.
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
	e.Holders = map[string]realname.Aspect{
		admin.AccountID: {Method: realname.AccountHolder, SessionID: "s", At: time.Now()},
		"other":         {Method: realname.AccountHolder, SessionID: "o", At: time.Now().Add(-time.Hour)},
	}
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
