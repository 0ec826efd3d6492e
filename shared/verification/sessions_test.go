package verification_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/verification"
)

func TestASessionIsRefusedToWhomItIsNotFor(t *testing.T) {
	same := func(*verification.StartRequest) {}
	account := func(change func(a *realname.Account)) func(b *bench) {
		return func(b *bench) { b.account(change) }
	}
	for name, c := range map[string]struct {
		before func(b *bench)
		change func(r *verification.StartRequest)
		want   realname.Code
	}{
		"nothing in the way": {func(*bench) {}, same, ""},
		"another consent": {
			func(*bench) {}, func(r *verification.StartRequest) { r.ConsentVersion = "x" }, realname.CodeConsent,
		},
		"a live session":   {func(b *bench) { b.Begin(realname.ICCard) }, same, realname.CodeSessionLive},
		"another live one": {func(b *bench) { b.Begin(realname.BankUKey) }, same, ""},
		"already verified": {func(b *bench) { b.Pass(realname.ICCard) }, same, realname.CodeAlreadyPassed},
		"the holder too soon": {
			func(*bench) {}, func(r *verification.StartRequest) { r.Method = realname.AccountHolder },
			realname.CodeNotApplicable,
		},
		"a revoked token": {
			func(*bench) {}, func(r *verification.StartRequest) { r.Caller.IssuedAt = time.Time{} },
			realname.CodeTokenRevoked,
		},
		"an operator": {
			account(func(a *realname.Account) { a.Role = realname.RoleOperator }), same, realname.CodeForbidden,
		},
		"a moved account": {
			account(func(a *realname.Account) { a.USCC = "9113000034801880XB" }), same, realname.CodeTokenRevoked,
		},
	} {
		b := newCardBench(t)
		c.before(b)
		if _, err := b.start(c.change); realname.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// account changes the stored AccountID.
func (b *bench) account(change func(a *realname.Account)) {
	b.Helper()
	view, err := b.Store.LoadAccount(b.Context(), realname.AccountQuery{AccountID: domaintest.AccountID})
	if err != nil {
		b.Fatal(err)
	}
	change(&view.Account)
	if err := b.Store.Commit(b.Context(), realname.Writing(view.Account)); err != nil {
		b.Fatal(err)
	}
}

func TestFiveSessionsOfAMethodStartADay(t *testing.T) {
	b := newCardBench(t)
	for n := range 6 {
		reply, err := b.start(func(*verification.StartRequest) {})
		if n == 5 {
			var e *realname.Error
			if !errors.As(err, &e) || e.Code != realname.CodeSessionLimit || e.RetryAfter != 7*time.Hour {
				t.Errorf("the sixth: %+v", err)
			}
			break
		}
		if err != nil {
			t.Fatalf("session %d: %v", n+1, err)
		}
		if _, err := b.Cancel(t.Context(), b.Caller(), string(reply.Body)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.start(func(r *verification.StartRequest) { r.Method = realname.BankUKey }); err != nil {
		t.Errorf("another method: %v", err)
	}
	b.Advance(7 * time.Hour)
	if _, err := b.start(func(*verification.StartRequest) {}); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func TestSessionsAreListedForTheirOwner(t *testing.T) {
	b := newCardBench(t)
	first := b.Begin(realname.ICCard)
	b.Advance(time.Second)
	second := b.Begin(realname.BankUKey)
	list, _, err := b.List(t.Context(), b.Caller(), 10, "")
	if err != nil || len(list) != 2 || list[0].ID != second || list[1].ID != first {
		t.Errorf("%+v, %v", list, err)
	}
	if list, _, err := b.List(t.Context(), b.of("account-2"), 10, ""); err != nil || len(list) != 0 {
		t.Errorf("another account: %+v, %v", list, err)
	}
	revoked := realname.Caller{AccountID: domaintest.AccountID}
	list, _, err = b.List(t.Context(), revoked, 10, "")
	if realname.CodeOf(err) != realname.CodeTokenRevoked || list != nil {
		t.Errorf("a revoked token: %+v, %v", list, err)
	}
	if _, err := b.Card(t.Context(), revoked); realname.CodeOf(err) != realname.CodeTokenRevoked {
		t.Errorf("a revoked token, of a card: %v", err)
	}
	if err := b.UnbindCard(t.Context(), revoked); realname.CodeOf(err) != realname.CodeTokenRevoked {
		t.Errorf("a revoked token, to unbind: %v", err)
	}
	if err := b.UnbindCard(t.Context(), b.Caller()); err != nil {
		t.Errorf("without a card: %v", err)
	}
}

func TestStaffCancelASessionInTheirName(t *testing.T) {
	b := newCardBench(t)
	b.Actor = "staff"
	id := b.Begin(realname.ICCard)
	for range 2 { // canceling again is not an error
		if s, err := b.CancelByOperator(t.Context(), id); err != nil || s.Closed != realname.Canceled {
			t.Errorf("%+v, %v", s, err)
		}
	}
	if s := b.SessionOf(id); s.ClosedBy != "staff" {
		t.Errorf("closed by %q", s.ClosedBy)
	}
	if _, err := b.CancelByOperator(t.Context(), "none"); realname.CodeOf(err) != realname.CodeNotFound {
		t.Errorf("no session: %v", err)
	}
	passed := b.Begin(realname.BankUKey)
	b.PassAll(passed)
	if _, err := b.CancelByOperator(t.Context(), passed); realname.CodeOf(err) != realname.CodeSessionClosed {
		t.Errorf("a session that passed: %v", err)
	}
}

func TestSessionsWhoseGroundChangedEndWithTheChange(t *testing.T) {
	b := newCardBench(t)
	card, bank := b.Begin(realname.ICCard), b.Begin(realname.BankUKey)
	latest := map[realname.Method]realname.LatestSession{
		realname.ICCard: {SessionID: card}, realname.BankUKey: {SessionID: bank}, realname.AccountHolder: {SessionID: "none"},
	}
	which := func(m realname.Method) bool { return m != realname.BankUKey }
	ended, change, err := b.CancelLive(t.Context(), latest, which, realname.GroundChanged{}, b.Clock())
	if err != nil || len(ended) != 1 || len(change.Announcements) != 1 || len(change.Audit) != 1 {
		t.Fatalf("%+v, %+v, %v", ended, change, err)
	}
	if err := b.Store.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	b.Signals = nil
	b.TellEnded(t.Context(), ended)
	if !slices.Equal(b.Signals, []string{"ended"}) {
		t.Errorf("the workflow heard %v", b.Signals)
	}
	if s := b.SessionOf(card); s.Closed != realname.Canceled || s.LastError.Code != realname.CodeInformationChanged {
		t.Errorf("%+v", s)
	}
	if s := b.SessionOf(bank); s.Closed != "" {
		t.Errorf("%+v", s)
	}
	b.PassAll(bank)
	// One is closed now, the other has no open step.
	latest = map[realname.Method]realname.LatestSession{
		realname.ICCard: {SessionID: card}, realname.BankUKey: {SessionID: bank},
	}
	all := func(realname.Method) bool { return true }
	ended, change, err = b.CancelLive(t.Context(), latest, all, realname.GroundChanged{}, b.Clock())
	if err != nil || len(ended) != 0 || len(change.Writes) != 0 {
		t.Errorf("%+v, %+v, %v", ended, change, err)
	}
}
