package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.UTC)

func timeNow() time.Time { return now }

func newStore() *store.Store {
	return store.New(memory.New(func() time.Time { return now }))
}

func session(id string) realname.Session {
	return realname.Session{
		ID: id, AccountID: "a1", Method: realname.LegalRepresentative, TriesPerStep: 5,
		Steps: []realname.Step{
			{Name: realname.StepEnterprise, Outcome: realname.StepPassed, DecidedAt: now},
			{Name: realname.StepLegalRepresentative, Outcome: realname.StepPending, By: realname.ByIDCard, FailedTries: 2},
		},
		LastError:  &realname.LastError{Code: realname.CodeIDCardMismatch, Step: realname.StepLegalRepresentative, At: now},
		Enterprise: realname.SessionEnterprise{Name: "甲公司", USCC: "91130100MA0R01NM09"}, Subject: "sealed", DecidedBy: "k.f",
		Hints: []realname.Hint{realname.HintValidityUnusual}, Consent: realname.Consent{Version: "2026-01", AcceptedAt: now},
		CreatedAt: now, ChangedAt: now, StepDue: now.Add(time.Hour), ExpiresAt: now.Add(24 * time.Hour),
		Signal: &realname.Signal{Kind: realname.SignalPassed, Step: realname.StepEnterprise, Since: now},
	}
}

func TestWhatIsCommittedIsReadBack(t *testing.T) {
	st, s := newStore(), session("s1")
	day := realname.AccountDay{Day: "20260302", FailedTries: 3, SMS: 2, Sessions: map[realname.Method]int{
		realname.BankUKey: 1,
	}}
	number := realname.NumberDay{Day: "20260302", SMS: 4, LastAt: now}
	code := realname.SMSCode{
		SessionID: "s1", Step: realname.StepLegalRepresentative, NumberIndex: "n", Hash: "h", WrongTries: 1,
		SentAt: now, ExpiresAt: now.Add(5 * time.Minute),
	}
	reply := realname.Reply{
		Key: "k", Fingerprint: "f", Status: 422, Body: []byte(`{"code":"x"}`), ExpiresAt: now.Add(time.Hour),
	}
	account := realname.Account{
		ID: "a1", LoginName: "clerk", Origin: realname.MigratedLocal, USCC: s.Enterprise.USCC, Administrator: "p",
		CreatedAt: now,
	}
	latest := realname.LatestSession{}.Followed(s)
	err := st.Commit(t.Context(), realname.Writing(
		s, account, realname.CountedDay{AccountID: "a1", AccountDay: day},
		realname.CountedNumber{NumberIndex: "n", NumberDay: number}, code, reply,
		latest,
	))
	if err != nil {
		t.Fatal(err)
	}
	view, err := st.LoadSession(t.Context(), realname.SessionQuery{
		AccountID: "a1", SessionID: "s1", Day: "20260302", CodeStep: code.Step, NumberIndex: "n",
		Idempotency: &realname.Idempotency{Key: "k"},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Version, day.Version, number.Version, code.Version, account.Version = 1, 1, 1, 1, 1
	s.LookAt = s.Signal.Since
	for name, pair := range map[string][2]any{
		"session": {view.Session, s}, "day": {view.Day, day}, "number": {view.Number, number},
		"code": {*view.Code, code}, "account": {view.Account, account},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, pair[0], pair[1])
		}
	}
	if view.Reply == nil || view.Reply.Status != 422 || string(view.Reply.Body) != string(reply.Body) ||
		view.Reply.Fingerprint != "f" {
		t.Errorf("reply %+v", view.Reply)
	}
	of, err := st.LoadAccount(t.Context(), realname.AccountQuery{AccountID: "a1", Methods: realname.Methods()})
	latest.Version, latest.ExpiresAt = 1, time.Time{}
	want := map[realname.Method]realname.LatestSession{s.Method: latest}
	if err != nil || !reflect.DeepEqual(of.Latest, want) {
		t.Errorf("latest %v, %v, want %v", of.Latest, err, want)
	}
}

// Reading a session restores the values that its item omits.
func TestASessionIsReadBackAsItWas(t *testing.T) {
	for name, change := range map[string]func(*realname.Session){
		"consent given when it began": func(*realname.Session) {},
		"consent given before":        func(s *realname.Session) { s.Consent.AcceptedAt = now.Add(-time.Minute) },
		"closed, with nothing to signal": func(s *realname.Session) {
			s.Closed, s.ClosedAt, s.Signal = realname.Verified, now, nil
		},
		"between two steps, without a due": func(s *realname.Session) { s.StepDue = time.Time{} },
	} {
		t.Run(name, func(t *testing.T) {
			st, s := newStore(), session("s1")
			change(&s)
			if err := st.Commit(t.Context(), realname.Writing(s)); err != nil {
				t.Fatal(err)
			}
			view, err := st.LoadSession(t.Context(), realname.SessionQuery{AccountID: "a1", SessionID: "s1", Day: "20260302"})
			if err != nil {
				t.Fatal(err)
			}
			s.Version = 1
			if s.Signal != nil {
				s.LookAt = s.Signal.Since
			}
			if !reflect.DeepEqual(view.Session, s) {
				t.Errorf("got  %+v\nwant %+v", view.Session, s)
			}
		})
	}
}

func TestNothingIsWrittenWhenOneItemIsStale(t *testing.T) {
	st, s := newStore(), session("s1")
	if err := st.Commit(t.Context(), realname.Writing(s)); err != nil {
		t.Fatal(err)
	}
	stale := s // still version 0
	stale.Closed = realname.Canceled
	day := realname.AccountDay{Day: "20260302", FailedTries: 1}
	change := realname.Writing(stale, realname.CountedDay{AccountID: "a1", AccountDay: day})
	if err := st.Commit(t.Context(), change); !errors.Is(err, realname.ErrStale) {
		t.Fatal(err)
	}
	view, err := st.LoadSession(t.Context(), realname.SessionQuery{AccountID: "a1", SessionID: "s1", Day: "20260302"})
	if err != nil || view.Session.Closed != "" || view.Day.FailedTries != 0 {
		t.Errorf("%+v %v", view, err)
	}
}

func TestWhatDoesNotExistIsZero(t *testing.T) {
	st := newStore()
	view, err := st.LoadSession(t.Context(), realname.SessionQuery{
		AccountID: "nobody", SessionID: "none", Day: "20260302",
	})
	if err != nil || view.Session.ID != "" || view.Account.ID != "" || view.Open != nil || view.Code != nil ||
		view.Reply != nil {
		t.Errorf("%+v %v", view, err)
	}
	if e, err := st.LoadEnterprise(t.Context(), "91130100MA0R01NM09"); err != nil || e.USCC != "" {
		t.Errorf("%+v %v", e, err)
	}
	if _, e, err := st.LoadForFinish(t.Context(), "none"); err != nil || e.USCC != "" {
		t.Errorf("%+v %v", e, err)
	}
}

func TestSessionsAreListedNewestFirstInPages(t *testing.T) {
	st := newStore()
	for i := range 5 {
		s := session(fmt.Sprint("s", i))
		s.CreatedAt = now.Add(time.Duration(i) * time.Nanosecond)
		if err := st.Commit(t.Context(), realname.Writing(s)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for cursor := ""; ; {
		page, next, err := st.ListSessions(t.Context(), "a1", 2, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page {
			got = append(got, s.ID)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if fmt.Sprint(got) != "[s4 s3 s2 s1 s0]" {
		t.Error(got)
	}
}

func TestASessionIsDueBySignalThenByDeadlineThenNotAtAll(t *testing.T) {
	st, s := newStore(), session("s1")
	write := func(change func()) {
		t.Helper()
		change()
		if err := st.Commit(t.Context(), realname.Writing(s)); err != nil {
			t.Fatal(err)
		}
		s.Version++
	}
	due := func(at time.Time) int {
		t.Helper()
		ids, err := st.DueSessions(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		return len(ids)
	}
	write(func() {})
	if due(now) != 0 || due(now.Add(time.Nanosecond)) != 1 {
		t.Error("a pending signal is due from the moment after it was set")
	}
	write(func() { s.Signal = nil })
	if due(s.StepDue) != 0 || due(s.StepDue.Add(time.Nanosecond)) != 1 {
		t.Error("without a signal it is due from its deadline on")
	}
	write(func() { s.Closed = realname.Canceled })
	if due(now.Add(1000*time.Hour)) != 0 {
		t.Error("a closed session without a signal is still due")
	}
}

func TestAListedSessionMovesOnlyToAnEarlierTimeOrWhenAsked(t *testing.T) {
	st, s := newStore(), session("s1")
	s.Signal = &realname.Signal{Kind: realname.SignalPassed, Step: realname.StepEnterprise, Since: now}
	write := func(change func(s *realname.Session)) time.Time {
		t.Helper()
		change(&s)
		if err := st.Commit(t.Context(), realname.Writing(s)); err != nil {
			t.Fatal(err)
		}
		view, err := st.LoadSession(t.Context(), realname.SessionQuery{SessionID: s.ID})
		if err != nil {
			t.Fatal(err)
		}
		s = view.Session
		return s.LookAt
	}
	for _, c := range []struct {
		name   string
		change func(s *realname.Session)
		want   time.Time
	}{
		{"a new signal", func(*realname.Session) {}, now},
		{"a later signal", func(s *realname.Session) { s.Signal.Since = now.Add(time.Minute) }, now},
		{"asked, with it", func(s *realname.Session) { s.LookAt = time.Time{} }, now.Add(time.Minute)},
		{"delivered", func(s *realname.Session) { s.Signal = nil }, now.Add(time.Minute)},
		{"asked, without one", func(s *realname.Session) { s.LookAt = time.Time{} }, s.StepDue},
		{"a signal before the deadline", func(s *realname.Session) {
			s.Signal = &realname.Signal{
				Kind: realname.SignalPassed, Step: realname.StepEnterprise, Since: now.Add(time.Hour / 2),
			}
		}, now.Add(time.Hour / 2)},
		{"closed", func(s *realname.Session) { s.Closed, s.Signal = realname.Canceled, nil }, time.Time{}},
	} {
		if got := write(c.change); !got.Equal(c.want) {
			t.Errorf("%s: listed at %v, want %v", c.name, got, c.want)
		}
	}
}

// However many accounts and questions an enterprise has, a count of it costs three write
// units at most, and is read back as it was.
func TestAFullCounterOfAnEnterpriseStaysSmall(t *testing.T) {
	tbl := memory.New(func() time.Time { return now })
	st, uscc := store.New(tbl), "91130100MA0R01NM09"
	view := realname.SessionView{EnterpriseDay: realname.EnterpriseDay{Day: "20260302"}}
	for n := range 100 { // the least room: an account for each question
		view.Account.ID = fmt.Sprintf("01a22120-eae5-7e4d-b90a-%012d", n)
		c := view.CountCheck("", view.Account.ID, now)
		if c.Day != nil {
			view.EnterpriseDay = *c.Enterprise
			break
		}
		view.EnterpriseDay = *c.Enterprise
	}
	view.EnterpriseDay.Begun = realname.Begun{"a-question": now.Truncate(time.Millisecond)}
	day := realname.CountedEnterprise{USCC: uscc, EnterpriseDay: view.EnterpriseDay}
	if err := st.Commit(t.Context(), realname.Writing(day)); err != nil {
		t.Fatal(err)
	}
	for _, it := range tbl.Dump() {
		if size := table.Size(it); size > 3<<10 {
			t.Errorf("%d bytes", size)
		}
	}
	got, _, err := st.LoadEnterpriseDays(t.Context(), "20260302", uscc, "other")
	view.EnterpriseDay.Version = 1
	if err != nil || !reflect.DeepEqual(got, view.EnterpriseDay) {
		t.Errorf("got  %+v\nwant %+v, %v", got, view.EnterpriseDay, err)
	}
}

// Above a kilobyte, each write costs twice. The lengths of the sealed values are those of
// the demonstration.
func TestAnAccountAndItsEnterpriseStayBelowAKilobyte(t *testing.T) {
	m := memory.New(timeNow)
	sealed := func(n int) realname.Sealed { return realname.Sealed(strings.Repeat("x", n)) }
	id := func(n int) string { return fmt.Sprintf("01a20c68-0000-7000-8000-%012d", n) }
	at := now.Add(123456789 * time.Nanosecond)
	account := realname.Account{
		ID: id(1), LoginName: "wang.xiaoming@trade", Origin: realname.MigratedInspection, USCC: uscc, Region: "河北省",
		Administrator: sealed(152), Mobile: sealed(59), Email: sealed(72), CreatedAt: at, SignInWrites: 12,
		PasswordHash: strings.Repeat("x", 97), Holder: realname.Aspect{}.Pass(realname.LegalRepresentative, id(2), at),
		Devices: []realname.Device{{
			SecretHash: strings.Repeat("x", 32), SignInID: "AHUZ7AC6EH562ZHR", Browser: "Chrome", System: "Windows",
			FirstAt: at, LastAt: at, UsedAt: at,
		}},
	}
	enterprise := realname.Enterprise{
		USCC: uscc, Name: strings.Repeat("名", 30), OrgCode: "MA0R01NM0", Address: strings.Repeat("址", 40),
		LegalRepresentative: sealed(152), Aspect: realname.Aspect{}.Pass(realname.LegalRepresentative, id(2), at),
		Changes: 1,
	}
	enterprise = enterprise.WithAdministrator(account)
	if err := store.New(m).Commit(t.Context(), realname.Writing(account, enterprise)); err != nil {
		t.Fatal(err)
	}
	for _, it := range m.Dump() {
		if size := table.Size(it); size > 1024 {
			t.Errorf("%s has %d bytes", it.Key.PK, size)
		}
	}
}
