package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// listing lists the accounts of the store and then fails, if it has an error.
type listing struct {
	*store.Store
	fails error
}

// WithoutHolder implements accounts.ExpiryStore.
func (l listing) WithoutHolder(ctx context.Context, f func([]string) error) error {
	return errors.Join(l.Store.WithoutHolder(ctx, f), l.fails)
}

func TestAPersonIsErasedADayAfterTheAnnouncement(t *testing.T) {
	o := closedOperator(t)
	st := o.Values.(*store.Store)
	var record accounts.Announced
	run := func(after time.Duration, fails error, announced, erased int) {
		t.Helper()
		o.now = o.closed.Add(o.Accounts.Limits.Retention + after)
		done, err := o.EraseExpired(t.Context(), listing{st, fails}, record)
		if !errors.Is(err, fails) || len(done.Announced) != announced || len(done.Erased) != erased {
			t.Errorf("at %v: %+v %v, want %d announced, %d erased", after, done, err, announced, erased)
		}
		record = done.Record
	}
	run(-48*time.Hour, nil, 0, 0)
	run(-24*time.Hour+time.Minute, nil, 1, 0) // a day before its time
	run(-time.Hour, nil, 0, 0)
	run(30*time.Second, nil, 0, 0) // its time has come, but the announcement is not a day old
	record = accounts.Announced{}  // a run whose record was lost announces again
	run(time.Hour, nil, 1, 0)
	trouble := errors.New("throttled")
	run(2*time.Hour, trouble, 0, 0) // the record survives
	run(24*time.Hour, nil, 0, 0)
	run(25*time.Hour, trouble, 0, 1)
	if len(record.Since) != 0 {
		t.Errorf("an erased person is still announced: %v", record)
	}
	run(26*time.Hour, nil, 0, 0)
	gone, err := st.LoadAccounts(t.Context(), []string{o.id})
	if err != nil || gone[0].Erased.IsZero() || gone[0].LoginName != "" {
		t.Errorf("%+v %v", gone, err)
	}
}

// A person is erased at the end of the retention to the instant, and not before; the
// announcement is a day old by then.
func TestAPersonIsErasedAtTheEndOfTheRetention(t *testing.T) {
	o := closedOperator(t)
	announced := accounts.Announced{Since: map[string]time.Time{o.id: o.closed}}
	for _, early := range []time.Duration{1, 0} {
		o.now = o.closed.Add(o.Accounts.Limits.Retention - early)
		done, err := o.EraseExpired(t.Context(), listing{o.Values.(*store.Store), nil}, announced)
		if err != nil || len(done.Erased) != 1-int(early) {
			t.Errorf("%v before the end: %+v %v", early, done, err)
		}
	}
}

// listed names accounts that are all stored as closed long ago.
type listed struct {
	accounts.Directory
	ids []string
}

// WithoutHolder implements accounts.ExpiryStore.
func (l listed) WithoutHolder(_ context.Context, f func([]string) error) error { return f(l.ids) }

// LoadAccounts implements accounts.Directory.
func (l listed) LoadAccounts(context.Context, []string) (all []realname.Account, err error) {
	for _, id := range l.ids {
		all = append(all, realname.Account{
			ID: id, Role: realname.RoleOperator, Disabled: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		})
	}
	return all, nil
}

func TestARunAnnouncesAThousandAtMost(t *testing.T) {
	a, _ := accountsOn(t, memory.New(time.Now))
	l := listed{Directory: a.Directory}
	for n := range 1001 {
		l.ids = append(l.ids, fmt.Sprint("account-", n))
	}
	a.Directory = l
	e := &accounts.Erasure{Accounts: a}
	done, err := e.EraseExpired(t.Context(), l, accounts.Announced{})
	if err != nil || len(done.Announced) != 1000 || len(done.Record.Since) != 1000 {
		t.Errorf("%d announced, %d recorded, %v", len(done.Announced), len(done.Record.Since), err)
	}
}

// What a run did not see because it ended early stays announced.
func TestARunThatEndsEarlyKeepsTheRecord(t *testing.T) {
	a, _ := accountsOn(t, memory.New(time.Now))
	st := a.Directory.(*store.Store)
	e := &accounts.Erasure{Accounts: a, Values: st}
	since := a.Now()
	done, err := e.EraseExpired(t.Context(), listing{st, errors.New("throttled")},
		accounts.Announced{Since: map[string]time.Time{"unseen": since}})
	if err == nil || !done.Record.Since["unseen"].Equal(since) {
		t.Errorf("%+v %v", done, err)
	}
}

// An account that was opened again and closed later is announced again.
func TestAnAccountOpenedAgainStartsItsTimeAgain(t *testing.T) {
	a, admin := accountsOn(t, memory.New(time.Now))
	st := a.Directory.(*store.Store)
	e := &accounts.Erasure{Accounts: a, Values: st}
	record := accounts.Announced{Since: map[string]time.Time{admin.AccountID: a.Now().Add(-1000 * time.Hour)}}
	done, err := e.EraseExpired(t.Context(), listing{st, nil}, record)
	if err != nil || len(done.Erased)+len(done.Record.Since) != 0 {
		t.Errorf("%+v %v", done, err)
	}
}
