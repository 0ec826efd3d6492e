package verification_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
)

// rewrite changes the stored session as if its history were another.
func (b *bench) rewrite(session string, change func(s *realname.Session)) {
	b.Helper()
	s := b.SessionOf(session)
	change(&s)
	if err := b.Store.Commit(b.Context(), realname.Writing(s)); err != nil {
		b.Fatal(err)
	}
}

func TestASignalIsSentToTheStepThatItIsFor(t *testing.T) {
	const first, second, third = realname.StepEnterprise, realname.StepLegalRepresentative, realname.StepAccountHolder
	for name, c := range map[string]struct {
		kind       realname.SignalKind
		step, open realname.StepName
		heard      string
		delivered  bool
	}{
		"passed, where it waits":   {realname.SignalPassed, second, second, "passed", true},
		"passed, and moved on":     {realname.SignalPassed, second, third, "", true},
		"passed, not yet there":    {realname.SignalPassed, second, first, "", false},
		"ended, where it waits":    {realname.SignalEnded, second, second, "ended", true},
		"ended, and moved on":      {realname.SignalEnded, second, third, "", true},
		"ended, not yet there":     {realname.SignalEnded, second, first, "ended", false},
		"passed, and no step open": {realname.SignalPassed, second, "", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.Lost = c.open == ""
			id := b.Begin(realname.LegalRepresentative)
			b.Lost = false
			b.Signals = nil
			if c.open != "" {
				b.opens(id, c.open)
			}
			b.rewrite(id, func(s *realname.Session) {
				s.Signal = &realname.Signal{Kind: c.kind, Step: c.step, Since: b.Clock()}
				if c.kind == realname.SignalEnded {
					s.Closed = realname.Canceled
				}
			})
			b.Advance(2 * time.Second)
			done, err := b.Repair(t.Context())
			heard := strings.Join(b.Signals, " ")
			counts := map[bool]string{true: "{1 1 0 0}", false: "{1 0 0 0}"}[c.delivered] // looked, signaled, expired, finished
			if err != nil || fmt.Sprint(done) != counts || heard != c.heard {
				t.Errorf("%+v, %v, heard %q", done, err, heard)
			}
			if signal := b.SessionOf(id).Signal; (signal == nil) != c.delivered {
				t.Errorf("the signal is %+v", signal)
			}
		})
	}
}

// reopening is a workflow whose answer to the opening of a step was lost: it does not know
// the token of the open step, and opens the step again with another.
type reopening struct {
	realname.Workflow
	token string
}

// Passed implements realname.Workflow.
func (w reopening) Passed(ctx context.Context, token string) error {
	if token != w.token {
		return realname.ErrNotWaiting
	}
	return w.Workflow.Passed(ctx, token)
}

func TestASignalWaitsUntilItsStepIsOpenedAgain(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	waiting := b.Workflow
	b.Workflow = reopening{waiting, "another"}
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	b.Advance(2 * time.Second)
	done, err := b.Repair(t.Context())
	if err != nil || fmt.Sprint(done) != "{1 0 0 0}" || b.SessionOf(id).Signal == nil {
		t.Errorf("before: %+v, %v, signal %+v", done, err, b.SessionOf(id).Signal)
	}
	b.Workflow = reopening{waiting, id}
	done, err = b.Repair(t.Context())
	if err != nil || fmt.Sprint(done) != "{1 1 0 0}" || b.SessionOf(id).Signal != nil {
		t.Errorf("after: %+v, %v, signal %+v", done, err, b.SessionOf(id).Signal)
	}
	if _, err := b.legal(id, byIDCard("1", "")); realname.CodeOf(err) != realname.CodeInvalidRequest {
		t.Errorf("the next step: %v", err)
	}
}

// The oldest signals come first in a run of Repair, so one that nobody can hear must not
// stay among them.
func TestTheEndOfASessionThatNeverBeganIsHeard(t *testing.T) {
	b := newBench(t)
	b.Lost = true
	id := b.Begin(realname.LegalRepresentative)
	if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
		t.Fatal(err)
	}
	b.Advance(2 * time.Second)
	if done, err := b.Repair(t.Context()); err == nil || fmt.Sprint(done) != "{1 0 0 0}" {
		t.Errorf("without the workflow: %+v, %v", done, err)
	}
	b.Lost = false
	for i, want := range []string{"{1 0 0 0} [start]", "{1 1 0 0} [start ended]", "{0 0 0 0} [start ended]"} {
		done, err := b.Repair(t.Context())
		if got := fmt.Sprint(done, b.Signals); err != nil || got != want {
			t.Errorf("run %d: %s, %v, want %s", i+1, got, err, want)
		}
	}
}

func TestASignalIsRepairedFromItsAgeOn(t *testing.T) {
	for age, want := range map[time.Duration]int{900 * time.Millisecond: 0, time.Second: 1, 1100 * time.Millisecond: 1} {
		b := newBench(t)
		b.Lost = true
		b.Begin(realname.LegalRepresentative)
		b.Lost = false
		b.Advance(age)
		// The index tells whole seconds, so that a session may be looked at too early.
		b.Store = due{b.Store, b.Clock}
		done, err := b.Repair(t.Context())
		if err != nil || fmt.Sprint(done) != fmt.Sprintf("{1 %d 0 0}", want) || len(b.Signals) != want {
			t.Errorf("%v old: %+v, %v, heard %v", age, done, err, b.Signals)
		}
	}
}

// A look that finds nothing to do lists the session by its own time, so that it is not
// looked at again before, and no other waits behind it.
func TestALookAheadOfTimeIsTheOnlyOne(t *testing.T) {
	for name, signal := range map[string]bool{"a young signal": true, "an open step": false} {
		b := newBench(t)
		id := b.Begin(realname.LegalRepresentative)
		listed := b.Clock()
		b.Advance(time.Minute)
		b.rewrite(id, func(s *realname.Session) {
			s.Signal, s.LookAt = nil, listed
			if signal {
				s.Signal = &realname.Signal{Kind: realname.SignalPassed, Step: realname.StepEnterprise, Since: b.Clock()}
			}
		})
		for i, want := range []string{"{1 0 0 0}", "{0 0 0 0}"} {
			done, err := b.Repair(t.Context())
			if err != nil || fmt.Sprint(done) != want {
				t.Errorf("%s, run %d: %+v, %v, want %s", name, i+1, done, err, want)
			}
		}
	}
}

// due is a store that finds every session that will be due in a minute.
type due struct {
	realname.Store
	now func() time.Time
}

func (d due) DueSessions(ctx context.Context, _ time.Time) ([]string, error) {
	return d.Store.DueSessions(ctx, d.now().Add(time.Minute))
}

func TestAPassedSessionIsLeftToItsWorkflowForFourRepairs(t *testing.T) {
	for age, want := range map[time.Duration]realname.Status{
		3900 * time.Millisecond: "", 4 * time.Second: realname.Verified, time.Minute: realname.Verified,
	} {
		b := newBench(t)
		id := b.Begin(realname.BankUKey)
		b.PassAll(id)
		b.rewrite(id, func(s *realname.Session) {
			s.Signal = &realname.Signal{Kind: realname.SignalPassed, Step: realname.StepBank, Since: b.Clock()}
		})
		b.Advance(age)
		done, err := b.Repair(t.Context())
		counts := "{1 1 0 0}" // looked, signaled, expired, finished
		if want != "" {
			counts = "{1 0 0 1}"
		}
		s := b.SessionOf(id)
		if err != nil || s.Closed != want || fmt.Sprint(done) != counts || (s.Signal == nil) != (want != "") {
			t.Errorf("%v old: %+v, %v, session %q, signal %+v", age, done, err, s.Closed, s.Signal)
		}
		if slices.Contains(b.Signals, "ended") != (want != "") {
			t.Errorf("%v old: the workflow heard %v", age, b.Signals)
		}
	}
}

func TestAnUndeliveredSignalIsDroppedAnHourAfterTheSession(t *testing.T) {
	for after, want := range map[time.Duration]int{time.Hour - 1: 0, time.Hour: 1} {
		b := newBench(t)
		b.Lost = true
		id := b.Begin(realname.LegalRepresentative)
		b.Lost = false
		b.rewrite(id, func(s *realname.Session) {
			s.Closed = realname.Canceled
			s.Signal = &realname.Signal{Kind: realname.SignalEnded, Step: realname.StepEnterprise, Since: b.Clock()}
		})
		b.Advance(b.SessionOf(id).ExpiresAt.Add(after).Sub(b.Clock()))
		done, err := b.Repair(t.Context())
		dropped := b.SessionOf(id).Signal == nil
		if err != nil || fmt.Sprint(done) != fmt.Sprintf("{1 %d 0 0}", want) || dropped != (want == 1) {
			t.Errorf("%v after: %+v, %v", after, done, err)
		}
	}
}

func TestASignalThatCannotBeDroppedIsAnError(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	b.rewrite(id, func(s *realname.Session) {
		s.Closed = realname.Canceled
		s.Signal = &realname.Signal{Kind: realname.SignalEnded, Step: realname.StepEnterprise, Since: b.Clock()}
	})
	b.Advance(b.SessionOf(id).ExpiresAt.Add(time.Hour).Sub(b.Clock()))
	trouble := errors.New("no store")
	b.Store = &second{Store: b.Store, nth: 1, err: trouble}
	if _, err := b.Repair(t.Context()); !errors.Is(err, trouble) || b.SessionOf(id).Signal == nil {
		t.Errorf("%v", err)
	}
}

func TestFinishNamesTheSessionThatItCannotClose(t *testing.T) {
	b := newBench(t)
	if _, err := b.Finish(t.Context(), "none"); realname.CodeOf(err) != realname.CodeNotFound {
		t.Errorf("no session: %v", err)
	}
	id := b.Begin(realname.ICCard)
	broken := errors.New("no network")
	for err, want := range map[error]realname.Code{realname.ErrStale: realname.CodeConflict, broken: ""} {
		failing := &refusing{Store: b.Store, err: err, times: 5}
		b.Store = failing
		_, got := b.Finish(t.Context(), id)
		if realname.CodeOf(got) != want || want == "" && !errors.Is(got, err) {
			t.Errorf("%v: %v", err, got)
		}
		b.Store = failing.Store
	}
	b.Store = &refusing{Store: b.Store, err: realname.ErrStale, times: 4}
	if status, err := b.Finish(t.Context(), id); err != nil || status != realname.Expired {
		t.Errorf("after four conflicts: %s, %v", status, err)
	}
}

// refusing is a store that refuses a number of commits.
type refusing struct {
	realname.Store
	err   error
	times int
}

func (r *refusing) Commit(ctx context.Context, c realname.Change) error {
	if r.times--; r.times >= 0 {
		return r.err
	}
	return r.Store.Commit(ctx, c)
}

func TestConflictsAreTriedAgainFourTimes(t *testing.T) {
	for times, want := range map[int]realname.Code{4: "", 5: realname.CodeConflict} {
		for name, act := range map[string]func(b *bench, session string) error{
			"cancel": func(b *bench, session string) error {
				_, err := b.Cancel(t.Context(), b.Caller(), session)
				return err
			},
			"cancel by staff": func(b *bench, session string) error {
				_, err := b.CancelByOperator(t.Context(), session)
				return err
			},
			"choose a bank": func(b *bench, session string) error { _, err := b.choose(session, "CCB"); return err },
		} {
			b := newBench(t)
			session := b.Begin(realname.BankUKey)
			b.Store = &refusing{Store: b.Store, err: realname.ErrStale, times: times}
			if err := act(b, session); realname.CodeOf(err) != want {
				t.Errorf("%s, %d conflicts: %v", name, times, err)
			}
		}
	}
}

func TestAnAdoptedRecordChangesTheGroundOfOthers(t *testing.T) {
	confirmed := domaintest.EnterpriseAnswer.LegalRepresentative
	for name, c := range map[string]struct {
		legal   *realname.Identity // known before
		company string             // the name known before
		changes int64              // counted by the adoption
		country string             // what is known of the document afterwards
	}{
		"the same person and name": {&realname.Identity{Person: confirmed, IssuingCountry: "CHN"}, "", 0, "CHN"},
		"another person":           {&realname.Identity{Person: holder, IssuingCountry: "CHN"}, "", 1, ""},
		"nobody":                   {nil, "", 0, ""},
		"another name":             {nil, "另一家贸易有限公司", 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			e, err := b.Store.LoadEnterprise(t.Context(), domaintest.EnterpriseAnswer.USCC)
			if err != nil {
				t.Fatal(err)
			}
			item := realname.EnterpriseItem(e.USCC)
			e.LegalRepresentative = ""
			if c.legal != nil {
				e.LegalRepresentative, err = realname.SealIdentity(b.Sealer, *c.legal, item, realname.FieldLegalRepresentative)
				if err != nil {
					t.Fatal(err)
				}
			}
			if c.company != "" {
				e.Name = c.company
			}
			e.Aspect = e.Aspect.Pass(realname.BankUKey, "before", b.Clock())
			if err := b.Store.Commit(t.Context(), realname.Writing(e)); err != nil {
				t.Fatal(err)
			}
			id := b.Begin(realname.LegalRepresentative)
			if err := b.Submit(id); err != nil {
				t.Fatal(err)
			}
			b.PassAll(id)
			b.rewrite(id, func(s *realname.Session) { s.Enterprise.Name = domaintest.EnterpriseAnswer.Name })
			if status, err := b.Finish(t.Context(), id); err != nil || status != realname.Verified {
				t.Fatalf("%s, %v", status, err)
			}
			after, err := b.Store.LoadEnterprise(t.Context(), e.USCC)
			if err != nil {
				t.Fatal(err)
			}
			is, err := realname.OpenIdentity(b.Sealer, after.LegalRepresentative, item, realname.FieldLegalRepresentative)
			if err != nil || is.Person != confirmed || is.IssuingCountry != c.country {
				t.Errorf("%+v, %v", is, err)
			}
			if after.Changes-e.Changes != c.changes || after.Name != domaintest.EnterpriseAnswer.Name {
				t.Errorf("%d changes, name %s", after.Changes-e.Changes, after.Name)
			}
			if kept := after.Aspect.PassedBy(realname.BankUKey); kept != (c.changes == 0) {
				t.Errorf("the verification before is kept %v", kept)
			}
		})
	}
}

func TestAnOperatorsIdentityIsNotTheEnterprises(t *testing.T) {
	for _, role := range []realname.Role{realname.RoleAdministrator, realname.RoleOperator} {
		b := newBench(t)
		b.Pass(realname.BankUKey)
		b.account(func(a *realname.Account) { a.Role = role })
		b.Pass(realname.AccountHolder)
		e, err := b.Store.LoadEnterprise(t.Context(), domaintest.EnterpriseAnswer.USCC)
		if err != nil || e.Holder().Passed() != (role == realname.RoleAdministrator) {
			t.Errorf("%s: %+v, %v", role, e.Holders, err)
		}
	}
}

func TestLogLinesTellDecisionsAndEndsOnce(t *testing.T) {
	b := newBench(t)
	var log bytes.Buffer
	b.Verification.Log = slog.New(slog.NewJSONHandler(&log, nil))
	id := b.toLegal()
	if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Finish(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(log.String()) {
		for _, message := range []string{"step decided", "session closed", "signal not delivered"} {
			if strings.Contains(line, message) {
				lines = append(lines, message)
			}
		}
	}
	if !slices.Equal(lines, []string{"step decided", "session closed"}) {
		t.Errorf("got %v", lines)
	}
}
