package verification_test

import (
	"errors"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/verification"
)

func (b *bench) starts() (string, error) {
	reply, err := b.start(func(*verification.StartRequest) {})
	return string(reply.Body), err
}

// races starts a session by card; meanwhile happens after the start has read.
func (b *bench) races(meanwhile func()) (string, error) {
	store := b.Store
	b.Store = &domaintest.Racing{Store: store, Meanwhile: meanwhile}
	defer func() { b.Store = store }()
	return b.starts()
}

// A closed session does not write the record of the latest one, so a start reads the
// session.
func TestASessionStartsWhenTheLatestOneIsClosed(t *testing.T) {
	b := newCardBench(t)
	first, err := b.starts()
	if err != nil {
		t.Fatal(err)
	}
	var e *realname.Error
	if _, err := b.starts(); !errors.As(err, &e) || e.Code != realname.CodeSessionLive || e.SessionID != first {
		t.Errorf("while it is live: %v", err)
	}
	if _, err := b.Cancel(t.Context(), b.Caller(), first); err != nil {
		t.Fatal(err)
	}
	second, err := b.starts()
	if err != nil || b.SessionOf(second).NthOfDay != 2 {
		t.Errorf("when it is closed: %v, number %d", err, b.SessionOf(second).NthOfDay)
	}
	if _, err := b.starts(); !errors.As(err, &e) || e.SessionID != second {
		t.Errorf("while the second is live: %v", err)
	}
}

func TestOfTwoStartsOfAMethodAtOnceOneSucceeds(t *testing.T) {
	b := newCardBench(t)
	start := func() (id string) {
		var e *realname.Error
		_, err := b.races(func() {
			var err error
			if id, err = b.starts(); err != nil {
				t.Fatal(err)
			}
		})
		if !errors.As(err, &e) || e.Code != realname.CodeSessionLive || e.SessionID != id {
			t.Errorf("%v, want that %s is live", err, id)
		}
		return id
	}
	first := start() // over no session
	if _, err := b.Cancel(t.Context(), b.Caller(), first); err != nil {
		t.Fatal(err)
	}
	start() // over a closed one
}

// Two methods of an account compete for nothing but the head of the trail, and a start
// does not depend on that.
func TestTwoMethodsStartAtOnce(t *testing.T) {
	b := newCardBench(t)
	var bank string
	card, err := b.races(func() {
		other, err := b.start(func(r *verification.StartRequest) { r.Method = realname.BankUKey })
		if err != nil {
			t.Fatal(err)
		}
		bank = string(other.Body)
	})
	if err != nil || !b.SessionOf(bank).Live() || !b.SessionOf(card).Live() {
		t.Errorf("%s and %s, %v", bank, card, err)
	}
	if actions := b.audited(); len(actions) != 2 {
		t.Errorf("%+v", actions)
	}
}

// Version 1.0.0 held a lock while a session was live, without a time of expiry, and
// counted the sessions on the account's day.
func TestWhatVersion1StartedIsLiveAndCounted(t *testing.T) {
	b := newCardBench(t)
	id := b.Begin(realname.ICCard)
	b.rewrite(id, func(s *realname.Session) { s.NthOfDay = 0 })
	lock := table.Item{
		Key:     table.Key{PK: "ACCOUNT#" + domaintest.AccountID, SK: "LIVE#ic_card"},
		Version: 1, Body: map[string]any{"sessionId": id},
	}
	if err := b.Table.Transact(t.Context(), table.Put(lock, table.Always())); err != nil {
		t.Fatal(err)
	}
	day := realname.AccountDay{Day: realname.Day(b.Now()), Sessions: map[realname.Method]int{realname.ICCard: 3}}
	counted := realname.CountedDay{AccountID: domaintest.AccountID, AccountDay: day}
	if err := b.Store.Commit(t.Context(), realname.Writing(counted)); err != nil {
		t.Fatal(err)
	}
	var e *realname.Error
	if _, err := b.starts(); !errors.As(err, &e) || e.Code != realname.CodeSessionLive || e.SessionID != id {
		t.Errorf("while it is live: %v", err)
	}
	for n := range 3 {
		if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
			t.Fatal(err)
		}
		var err error
		if id, err = b.starts(); n < 2 && err != nil || n == 2 && realname.CodeOf(err) != realname.CodeSessionLimit {
			t.Fatalf("start %d of the day: %v", n+4, err)
		}
	}
}

// A function of version 1.0.0 that closes a session deletes the item, and one that starts
// a session puts it if there is none.
func TestAStartOfEitherVersionTakesTheSameItem(t *testing.T) {
	b := newCardBench(t)
	key := table.Key{PK: "ACCOUNT#" + domaintest.AccountID, SK: "LIVE#ic_card"}
	taken := table.Put(table.Item{Key: key, Version: 1, Body: map[string]any{"sessionId": "other"}}, table.Absent())
	_, err := b.races(func() {
		if err := b.Table.Transact(t.Context(), taken); err != nil {
			t.Fatal(err)
		}
	})
	if realname.CodeOf(err) != realname.CodeConflict {
		t.Fatal(err)
	}
	if err := b.Table.Transact(t.Context(), table.Delete(key, table.Always())); err != nil {
		t.Fatal(err)
	}
	if _, err := b.starts(); err != nil {
		t.Fatal(err)
	}
	if err := b.Table.Transact(t.Context(), taken); err == nil {
		t.Error("version 1.0.0 started another session")
	}
}

func TestTheLatestSessionIsForgottenAWeekAfterItsEnd(t *testing.T) {
	b := newCardBench(t)
	id, err := b.starts()
	if err != nil {
		t.Fatal(err)
	}
	read := func() int {
		view, err := store.New(b.Table).LoadAccount(t.Context(), realname.AccountQuery{
			AccountID: domaintest.AccountID, Methods: realname.Methods(),
		})
		if err != nil {
			t.Fatal(err)
		}
		return len(view.Latest)
	}
	end := b.SessionOf(id).ExpiresAt.Add(7 * 24 * time.Hour)
	b.Advance(end.Sub(b.Now()) - time.Second)
	if read() != 1 {
		t.Error("too early")
	}
	b.Advance(time.Second)
	if read() != 0 {
		t.Error("it is kept")
	}
}
