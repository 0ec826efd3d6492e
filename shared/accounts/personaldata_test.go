package accounts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// rendered renders a request for erasure.
func rendered(e realname.ErasureRequest) realname.Reply {
	raw, _ := json.Marshal(e)
	return realname.Reply{Status: 201, Body: raw}
}

func asks(c realname.Caller, password string) accounts.ErasureRequest {
	return accounts.ErasureRequest{Caller: c, CurrentPassword: password, Render: rendered}
}

func actions(t *testing.T, st *store.Store, uscc string) []string {
	t.Helper()
	entries, _, err := st.AuditTrail(t.Context(), uscc)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, fmt.Sprint(e["action"]))
	}
	return all
}

func loaded(t *testing.T, a *accounts.Accounts, id string) realname.Account {
	t.Helper()
	view, err := a.Store.LoadAccount(t.Context(), realname.AccountQuery{AccountID: id})
	if err != nil {
		t.Fatal(err)
	}
	return view.Account
}

func TestARequestForErasureIsAskedRefusedAndDone(t *testing.T) {
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // of the use cases, so that their counters live
	a, admin := accountsOn(t, memory.New(func() time.Time { return day }))
	st := a.Directory.(*store.Store)
	e := &accounts.Erasure{Accounts: a, Values: st}
	_, err := a.RequestErasure(t.Context(), asks(admin, "wrong"))
	if realname.CodeOf(err) != realname.CodeCurrentPassword {
		t.Errorf("a stolen token: %v", err)
	}
	if err := e.Refuse(t.Context(), admin.AccountID, "nothing was asked"); realname.CodeOf(err) != realname.CodeNotFound {
		t.Error(err)
	}
	for n := 1; n <= 3; n++ {
		first, err := a.RequestErasure(t.Context(), asks(admin, "right"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := a.RequestErasure(t.Context(), asks(admin, "right"))
		if err != nil || string(again.Body) != string(first.Body) {
			t.Errorf("%s, then %s %v", first.Body, again.Body, err)
		}
		open, err := st.ErasureRequests(t.Context())
		if err != nil || len(open) != 1 || open[0].ID != admin.AccountID ||
			open[0].Erasure.DueAt.Sub(open[0].Erasure.AskedAt) != a.Limits.ErasureAnswer {
			t.Fatalf("%+v %v", open, err)
		}
		for _, reason := range []string{"", " ", "two\nlines", strings.Repeat("长", 501)} {
			if err := e.Refuse(t.Context(), admin.AccountID, reason); !errors.Is(err, accounts.ErrReason) {
				t.Errorf("%q: %v", reason, err)
			}
		}
		if n == 3 {
			break
		}
		if err := e.Refuse(t.Context(), admin.AccountID, " 报关单仍在查验期内 "); err != nil {
			t.Fatal(err)
		}
		is := loaded(t, a, admin.AccountID).Erasure
		reason, err := a.Sealer.Open(is.Reason, realname.AccountItem(admin.AccountID), realname.FieldErasureReason)
		if err != nil || string(reason) != "报关单仍在查验期内" || is.Open() || is.RefusedAt.IsZero() {
			t.Errorf("%+v %q %v", is, reason, err)
		}
		if open, err := st.ErasureRequests(t.Context()); err != nil || len(open) != 0 {
			t.Errorf("a refused request is listed: %+v %v", open, err)
		}
	}
	if err := e.Refuse(t.Context(), admin.AccountID, strings.Repeat("长", 500)); err != nil {
		t.Fatal(err)
	}
	_, err = a.RequestErasure(t.Context(), asks(admin, "right"))
	var limited *realname.Error
	if !errors.As(err, &limited) || limited.Code != realname.CodeErasureLimit || limited.RetryAfter <= 0 {
		t.Errorf("the fourth of the day: %v", err)
	}
	want := []string{
		"erasure_requested", "erasure_refused", "erasure_requested", "erasure_refused", "erasure_requested",
		"erasure_refused",
	}
	if got := actions(t, st, admin.USCC); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if err := e.Erase(t.Context(), admin.AccountID); err != nil {
		t.Fatal(err)
	}
	if gone := loaded(t, a, admin.AccountID); gone.Erasure != (realname.ErasureRequest{}) || gone.Erased.IsZero() {
		t.Errorf("%+v", gone)
	}
	if _, err := a.RequestErasure(t.Context(), asks(admin, "right")); realname.CodeOf(err) != realname.CodeTokenRevoked {
		t.Errorf("an erased account asks: %v", err)
	}
}

func TestAnErasureEndsAnOpenRequest(t *testing.T) {
	a, admin := accountsOn(t, memory.New(time.Now))
	st := a.Directory.(*store.Store)
	if _, err := a.RequestErasure(t.Context(), asks(admin, "right")); err != nil {
		t.Fatal(err)
	}
	if err := (&accounts.Erasure{Accounts: a, Values: st}).Erase(t.Context(), admin.AccountID); err != nil {
		t.Fatal(err)
	}
	if open, err := st.ErasureRequests(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("%+v %v", open, err)
	}
}

func TestRequestsForErasureAtOnceAreOneRequest(t *testing.T) {
	a, admin := accountsOn(t, memory.New(time.Now))
	bodies := make([]string, 6)
	var wg sync.WaitGroup
	for i := range bodies {
		wg.Go(func() {
			reply, err := a.RequestErasure(t.Context(), asks(admin, "right"))
			if err != nil && realname.CodeOf(err) != realname.CodeConflict {
				t.Error(err)
			}
			bodies[i] = string(reply.Body)
		})
	}
	wg.Wait()
	if got := actions(t, a.Directory.(*store.Store), admin.USCC); !slices.Equal(got, []string{"erasure_requested"}) {
		t.Errorf("%v", got)
	}
	bodies = slices.DeleteFunc(bodies, func(b string) bool { return b == "" })
	if slices.Sort(bodies); len(slices.Compact(bodies)) != 1 {
		t.Errorf("%q", bodies)
	}
}

func TestARequestIsOverdueWhenItsTimeIsUp(t *testing.T) {
	asked := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	r := realname.ErasureRequest{AskedAt: asked, DueAt: asked.Add(time.Hour)}
	if r.Overdue(asked.Add(time.Hour-1)) || !r.Overdue(asked.Add(time.Hour)) {
		t.Error("want overdue from the due time on")
	}
	r.RefusedAt = asked.Add(time.Minute)
	if r.Overdue(asked.Add(2 * time.Hour)) {
		t.Error("a refused request is overdue")
	}
}

// startedBy stores a live session of the account that begins now.
func startedBy(t *testing.T, a *accounts.Accounts, id string, m realname.Method) realname.Session {
	t.Helper()
	view, err := a.Store.LoadAccount(t.Context(), realname.AccountQuery{AccountID: id, Methods: realname.Methods()})
	if err != nil {
		t.Fatal(err)
	}
	account := view.Account
	e, err := a.Store.LoadEnterprise(t.Context(), account.USCC)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := realname.NewSession(a.NewID(), account, e, m, "2026-01", a.Limits, a.Now())
	if err := a.Store.Commit(t.Context(), realname.Writing(s, view.Latest[m].Followed(s))); err != nil {
		t.Fatal(err)
	}
	return s
}

// withdrawn is the rendered answer to a withdrawal of the consent.
type withdrawn struct {
	At       time.Time
	Canceled []string
}

func withdraws(t *testing.T, a *accounts.Accounts, c realname.Caller) (w withdrawn) {
	t.Helper()
	reply, err := a.WithdrawConsent(t.Context(), accounts.ConsentWithdrawal{
		Caller: c, Render: func(at time.Time, canceled []string) realname.Reply {
			w = withdrawn{at, canceled}
			return realname.Reply{Status: 200}
		},
	})
	if err != nil || reply.Status != 200 {
		t.Fatal(reply, err)
	}
	return w
}

func TestWithdrawingTheConsentCancelsEveryLiveSession(t *testing.T) {
	a, admin := accountsOn(t, memory.New(theDay))
	st := a.Directory.(*store.Store)
	if w := withdraws(t, a, admin); !w.At.IsZero() || w.Canceled != nil || len(actions(t, st, admin.USCC)) != 0 {
		t.Errorf("without a consent: %+v", w)
	}
	one := startedBy(t, a, admin.AccountID, realname.LegalRepresentative)
	two := startedBy(t, a, admin.AccountID, realname.BankUKey)
	w := withdraws(t, a, admin)
	if slices.Sort(w.Canceled); w.At.IsZero() || !slices.Equal(w.Canceled, []string{one.ID, two.ID}) {
		t.Errorf("%+v, want %s and %s", w, one.ID, two.ID)
	}
	for _, id := range w.Canceled {
		view, err := a.Store.LoadSession(t.Context(), realname.SessionQuery{SessionID: id})
		if s := view.Session; err != nil || s.Closed != realname.Canceled || s.LastError != nil || s.Signal == nil ||
			s.Signal.Kind != realname.SignalEnded {
			t.Errorf("%+v %v", s, err)
		}
	}
	if again := withdraws(t, a, admin); !again.At.Equal(w.At) || len(again.Canceled) != 0 {
		t.Errorf("again: %+v", again)
	}
	want := []string{"consent_withdrawn", "session_closed", "session_closed"}
	got := actions(t, st, admin.USCC)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	startedBy(t, a, admin.AccountID, realname.LegalRepresentative)
	next := withdraws(t, a, admin)
	if !next.At.After(w.At) || len(next.Canceled) != 1 {
		t.Errorf("a new consent: %+v", next)
	}
	ended := startedBy(t, a, admin.AccountID, realname.LegalRepresentative)
	if _, err := a.Sessions.Cancel(t.Context(), admin, ended.ID); err != nil {
		t.Fatal(err)
	}
	if last := withdraws(t, a, admin); !last.At.After(next.At) || len(last.Canceled) != 0 {
		t.Errorf("the consent of an ended session: %+v", last)
	}
}

// The requests of the holder's own step are the holder's; those of the other steps are
// about the legal representative.
func TestPersonalDataIsOfThePresentHolderAlone(t *testing.T) {
	a, admin := accountsOn(t, memory.New(time.Now))
	read := func() accounts.PersonalData {
		t.Helper()
		d, next, err := a.PersonalData(t.Context(), admin, 20, "")
		if err != nil || next != "" {
			t.Fatal(next, err)
		}
		return d
	}
	if d := read(); len(d.Records) != 0 || d.Consents {
		t.Errorf("%+v", d)
	}
	s := startedBy(t, a, admin.AccountID, realname.LegalRepresentative)
	at := a.Now()
	ask := func(id string, step realname.StepName, e realname.Evidence) realname.Asked {
		e.AskedAt = at
		return realname.Asked{SessionID: s.ID, ID: id, Attempt: realname.Attempt{Step: step, At: at, Evidence: e}}
	}
	err := a.Store.Commit(t.Context(), realname.Writing(
		ask("1", realname.StepEnterprise, realname.Evidence{Check: realname.RegistryCheck, Provider: "p"}),
		ask("2", realname.StepLegalRepresentative, realname.Evidence{Check: realname.SMSCheck, Provider: "p"}),
		ask("3", realname.StepAccountHolder, realname.Evidence{
			Check: realname.SMSCheck, Provider: "p", RequestID: "r",
			Others: []realname.Evidence{{Check: realname.SMSCheck, Provider: "q", AskedAt: at.Add(-time.Second)}},
		}),
		ask("4", realname.StepAccountHolder, realname.Evidence{Check: realname.BankCardCheck, Provider: "p", Repeated: true}),
		ask("5", realname.StepAccountHolder, realname.Evidence{}), // refused without a question
		ask("6", realname.StepAccountHolder, realname.Evidence{Check: realname.BankCardCheck, Provider: "r", NotAsked: true}),
	))
	if err != nil {
		t.Fatal(err)
	}
	d := read()
	want := []accounts.Disclosure{
		{At: at.Add(-time.Second), Provider: "q", Check: realname.SMSCheck},
		{At: at, Provider: "p", Check: realname.SMSCheck, RequestID: "r"},
	}
	if !d.Consents || len(d.Records) != 1 || !slices.EqualFunc(d.Records[0].Disclosures, want,
		func(x, y accounts.Disclosure) bool {
			return x.At.Equal(y.At) && x.Provider == y.Provider && x.RequestID == y.RequestID && x.Check == y.Check
		}) {
		t.Fatalf("%+v", d)
	}
	password := "right"
	change := func(to realname.Identity) {
		t.Helper()
		_, err := a.ChangeAdministrator(t.Context(), accounts.ChangeRequest{
			Caller: admin, IfMatch: &accounts.Precondition{Any: true}, CurrentPassword: &password, ConfirmWithdrawal: true,
		}, to)
		if err != nil {
			t.Fatal(err)
		}
		admin.IssuedAt = a.Now()
	}
	if _, err := a.RequestErasure(t.Context(), asks(admin, "right")); err != nil {
		t.Fatal(err)
	}
	corrected := holder(1000)
	corrected.Name = "持有仁"
	change(corrected)
	if d := read(); len(d.Records) != 1 || !d.Account.Erasure.Open() {
		t.Errorf("a corrected name hides the holder's own records: %+v", d)
	}
	change(holder(7))
	if d := read(); len(d.Records) != 0 || d.Consents || d.Account.Erasure.Open() {
		t.Errorf("another person sees the records of the earlier holder: %+v", d)
	}
	startedBy(t, a, admin.AccountID, realname.BankUKey)
	if d := read(); len(d.Records) != 1 || !d.Consents {
		t.Errorf("%+v", d)
	}
}

// Version 1.0.0 counted changes of the holder without their times.
func TestSessionsOfAHolderWhoseStartIsUnknown(t *testing.T) {
	changed := realname.Account{HolderChanges: 2}
	for passed, want := range map[int64]bool{0: false, 1: false, 2: true} {
		if got := (realname.Session{Ground: realname.Ground{Holder: passed}}).IsOfHolder(changed); got != want {
			t.Errorf("passed by holder %d: %t", passed, got)
		}
	}
}

func TestLivesOfDataFollowTheSettings(t *testing.T) {
	a, _ := accountsOn(t, memory.New(time.Now))
	a.Limits.Retention, a.Limits.SMSCodeLife, a.Limits.SessionTimeout = 5*time.Hour, 7*time.Minute, 9*time.Hour
	lives := map[string]time.Duration{}
	for _, k := range a.Keepings() {
		if lives[k.Kind] = k.Life; (k.Life == 0) != (k.From == accounts.NotStored || k.From == accounts.Always) {
			t.Errorf("%+v", k)
		}
	}
	for kind, want := range map[string]time.Duration{
		"identity": 5 * time.Hour, "contacts": 5 * time.Hour, "sign_in": 5 * time.Hour, "card": 5 * time.Hour,
		"sms_code": 7 * time.Minute, "open_check": 9 * time.Hour, "devices": realname.DeviceLife,
	} {
		if lives[kind] != want {
			t.Errorf("%s: got %v, want %v", kind, lives[kind], want)
		}
	}
}
