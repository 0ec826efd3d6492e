package verification_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/verification"
)

var ccb = realname.BankName{Code: "CCB", Chinese: "中国建设银行", ShortChinese: "建设银行"}

// choose hands the session over to a bank and returns the request's ID.
func (b *bench) choose(session, code string) (id string, err error) {
	b.Helper()
	request := verification.SubmitRequest{Caller: b.Caller(), SessionID: session}
	_, err = b.ChooseBank(b.Context(), request, realname.BankName{Code: code},
		func(_ realname.Session, r realname.BankRequest) (realname.Reply, error) {
			id = r.ID
			return realname.Reply{Status: 200}, nil
		})
	return id, err
}

func (b *bench) handedOver() (session, request string) {
	b.Helper()
	session = b.Begin(realname.BankUKey)
	request, err := b.choose(session, "CCB")
	if err != nil {
		b.Fatal(err)
	}
	return session, request
}

// pass returns CCB's confirmation of the request, with that nonce.
func pass(request, nonce string) verification.BankCallback {
	return verification.BankCallback{
		Bank: "CCB",
		Nonce: realname.Nonce{
			Sender: "bank/CCB", Value: nonce, Digest: nonce, ExpiresAt: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
		},
		Answer: realname.BankAnswer{
			RequestID: request, Result: realname.BankPassed, Name: domaintest.EnterpriseAnswer.Name,
			USCC: domaintest.EnterpriseAnswer.USCC, OrgCode: domaintest.EnterpriseAnswer.OrgCode,
		},
	}
}

func fail(request, nonce string, reason realname.BankReason) verification.BankCallback {
	c := pass(request, nonce)
	c.Answer.Result, c.Answer.Reason = realname.BankFailed, reason
	return c
}

// stored returns the items of the table whose partition and sort key have the prefixes.
func (b *bench) stored(pk, sk string) (bodies []map[string]any) {
	for _, it := range b.Table.Dump() {
		if strings.HasPrefix(it.Key.PK, pk) && strings.HasPrefix(it.Key.SK, sk) {
			bodies = append(bodies, it.Body)
		}
	}
	return bodies
}

// audited returns the enterprise's audit entries.
func (b *bench) audited() []realname.AuditEntry {
	b.Helper()
	entries, err := store.New(b.Table).Trail(b.Context(), domaintest.EnterpriseAnswer.USCC)
	if err != nil {
		b.Fatal(err)
	}
	return entries
}

// trail lists action and code of the enterprise's audit entries about callbacks.
func (b *bench) trail() (entries []string) {
	for _, e := range b.audited() {
		if e.Bank != "" {
			entries = append(entries, fmt.Sprint(e.Action, " ", e.Code))
		}
	}
	return entries
}

func (b *bench) answers(c verification.BankCallback, code realname.Code) {
	b.Helper()
	err := b.AnswerBank(b.Context(), c)
	if got := realname.CodeOf(err); got != code || (err == nil) != (code == "") {
		b.Errorf("got %v, want %q", err, code)
	}
}

func TestABanksConfirmationPassesOnceHoweverOftenItIsSent(t *testing.T) {
	b := newBench(t)
	session, request := b.handedOver()
	b.answers(pass(request, "n1"), "")
	b.answers(pass(request, "n1"), "") // an identical message
	b.answers(pass(request, "n2"), "") // signed again
	if s := b.SessionOf(session); s.Status(b.Clock()) != realname.Processing {
		t.Errorf("session is %s", s.Status(b.Clock()))
	}
	attempts := b.Attempts(session)
	if len(attempts) != 1 || !attempts[0].Passed {
		t.Errorf("%v", attempts)
	}
	b.answers(fail(request, "n3", realname.BankUserCanceled), realname.CodeBankResultConflict)
	b.answers(fail(request, "n1", realname.BankUserCanceled), realname.CodeBankNonce)
	if got := b.trail(); !reflect.DeepEqual(got, []string{"bank_callback_refused bank_result_conflict"}) {
		t.Error(got)
	}
	if status, err := b.Finish(t.Context(), session); err != nil || status != realname.Verified {
		t.Errorf("%s %v", status, err)
	}
	b.answers(pass(request, "n4"), "") // at the last moment
}

func TestARefusalLeavesTheSessionOpenForAnotherTry(t *testing.T) {
	b := newBench(t)
	session, first := b.handedOver()
	b.answers(fail(first, "n1", realname.BankCertificateExpired), "")
	s := b.SessionOf(session)
	if s.Status(b.Clock()) != realname.RequiresInput || s.LastError == nil ||
		s.LastError.Code != realname.CodeBankRefused || s.LastError.Reason != realname.BankCertificateExpired ||
		s.TriesLeft(s.Steps[0]) != 4 {
		t.Fatalf("%+v", s)
	}
	b.answers(fail(first, "n2", realname.BankCertificateExpired), "")
	b.answers(pass(first, "n3"), realname.CodeBankResultConflict)
	second, err := b.choose(session, "CCB")
	if err != nil || second == first {
		t.Fatal(second, err)
	}
	if s = b.SessionOf(session); s.LastError != nil {
		t.Errorf("a new try begins with %+v", s.LastError)
	}
	b.answers(pass(second, "n4"), "")
	if s = b.SessionOf(session); s.Status(b.Clock()) != realname.Processing {
		t.Errorf("%+v", s)
	}
}

func TestWhatIsNotTheEnterprisesDoingCostsNoTry(t *testing.T) {
	for reason, left := range map[realname.BankReason]int{
		realname.BankUserCanceled: 5, realname.BankTimedOut: 5, realname.BankSystemError: 5,
		realname.BankPasswordLocked: 4, realname.BankUnspecified: 4,
	} {
		b := newBench(t)
		session, request := b.handedOver()
		b.answers(fail(request, "n1", reason), "")
		if s := b.SessionOf(session); s.TriesLeft(s.Steps[0]) != left || s.LastError.Reason != reason {
			t.Errorf("%s: %+v", reason, s)
		}
	}
}

func TestTheLastRefusalEndsTheSession(t *testing.T) {
	b := newBench(t)
	session, request := b.handedOver()
	for n := range 5 {
		b.answers(fail(request, fmt.Sprint("n", n), realname.BankNotCorporate), "")
		if n < 4 {
			request, _ = b.choose(session, "CCB")
		}
	}
	if s := b.SessionOf(session); s.Closed != realname.Failed {
		t.Fatalf("%+v", s)
	}
	if _, err := b.choose(session, "CCB"); realname.CodeOf(err) != realname.CodeAttemptsExhausted {
		t.Error(err)
	}
	b.answers(pass(request, "late"), realname.CodeBankResultConflict)
}

func TestOnlyTheLatestRequestCanBeAnswered(t *testing.T) {
	b := newBench(t)
	session, first := b.handedOver()
	if again, err := b.choose(session, "CCB"); err != nil || again != first {
		t.Errorf("a second tab got %s, %v", again, err)
	}
	second, err := b.choose(session, "ABC")
	if err != nil || second == first {
		t.Fatal(second, err)
	}
	before := b.stored("SESSION#"+session, "STATE")
	b.answers(pass(second, "n1"), realname.CodeBankOther)        // the request went to ABC
	b.answers(pass(first, "n2"), realname.CodeBankRequestClosed) // the request was abandoned
	if after := b.stored("SESSION#"+session, "STATE"); !reflect.DeepEqual(before, after) {
		t.Errorf("the session changed\nfrom %v\nto   %v", before, after)
	}
	c := pass(second, "n1") // each bank has its own nonces
	c.Bank, c.Nonce.Sender = "ABC", "bank/ABC"
	b.answers(c, "")
}

func TestTheEnterpriseMustBeTheSessions(t *testing.T) {
	same := func(name string) verification.BankCallback {
		c := pass("", "n1")
		c.Answer.Name = name
		return c
	}
	upper := pass("", "n1")
	upper.Answer.USCC = strings.ToLower(upper.Answer.USCC)
	code := pass("", "n1")
	code.Answer.OrgCode = "MA0R01NM-0"
	for name, v := range map[string]struct {
		c    verification.BankCallback
		code realname.Code
	}{
		"same":         {same(domaintest.EnterpriseAnswer.Name), ""},
		"spaces":       {same(" 河北安达 进出口贸易 有限公司 "), ""},
		"other":        {same("河北安达进出口贸易有限责任公司"), realname.CodeBankMismatch},
		"empty":        {same(""), realname.CodeBankMismatch},
		"code's case":  {upper, realname.CodeBankMismatch},
		"code's shape": {code, realname.CodeBankMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			session, request := b.handedOver()
			before := b.stored("SESSION#"+session, "STATE")
			b.Advance(time.Second)
			v.c.Answer.RequestID = request
			b.answers(v.c, v.code)
			if v.code == "" {
				return
			}
			if after := b.stored("SESSION#"+session, "STATE"); !reflect.DeepEqual(before, after) {
				t.Error("the session changed")
			}
			s := b.SessionOf(session)
			if s.LastError == nil || s.LastError.Code != realname.CodeBankMismatch || s.TriesLeft(s.Steps[0]) != 5 {
				t.Errorf("the user is not told: %+v", s.LastError)
			}
			b.Advance(time.Second)
			if _, err := b.choose(session, "CCB"); err != nil {
				t.Fatal(err)
			}
			if s = b.SessionOf(session); s.LastError != nil {
				t.Errorf("a new try begins with %+v", s.LastError)
			}
			b.answers(pass(request, "n2"), "")
		})
	}
}

func TestBracketsAndWidthOfANameDoNotMatter(t *testing.T) {
	e := realname.SessionEnterprise{Name: "(河北)ABC贸易有限公司", USCC: domaintest.EnterpriseAnswer.USCC}
	b := newBench(t)
	session, request := b.handedOver()
	view, err := b.Store.LoadSession(t.Context(), realname.SessionQuery{SessionID: session})
	if err != nil {
		t.Fatal(err)
	}
	view.Session.Enterprise = e
	if err := b.Store.Commit(t.Context(), realname.Writing(view.Session)); err != nil {
		t.Fatal(err)
	}
	c := pass(request, "n1")
	c.Answer.Name = "（河北）ＡＢＣ 贸易有限公司"
	b.answers(c, "")
}

func TestALateAnswerIsRecordedAndNotApplied(t *testing.T) {
	for name, end := range map[string]func(b *bench, session string) error{
		"canceled": func(b *bench, session string) error {
			_, err := b.Cancel(b.Context(), b.Caller(), session)
			return err
		},
		"past its deadline": func(b *bench, _ string) error { b.Advance(30 * time.Minute); return nil },
		"expired": func(b *bench, session string) error {
			b.Advance(30 * time.Minute)
			_, err := b.Finish(b.Context(), session)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			session, request := b.handedOver()
			if err := end(b, session); err != nil {
				t.Fatal(err)
			}
			before := b.stored("SESSION#"+session, "STATE")
			b.answers(pass(request, "n1"), realname.CodeBankRequestClosed)
			b.answers(pass(request, "n1"), realname.CodeBankNonce)
			if after := b.stored("SESSION#"+session, "STATE"); !reflect.DeepEqual(before, after) {
				t.Error("the session changed")
			}
			attempts := b.Attempts(session)
			if len(attempts) != 1 || attempts[0].Passed || attempts[0].Evidence.Code != "PASS" {
				t.Errorf("%v", attempts)
			}
			if got := b.trail(); !reflect.DeepEqual(got, []string{"bank_callback_late bank_request_closed"}) {
				t.Error(got)
			}
		})
	}
}

func TestRequestsThatDoNotExist(t *testing.T) {
	b := newBench(t)
	session, request := b.handedOver()
	for _, id := range []string{
		"", "x", session, session + ".", session + ".0", session + ".2", session + ".1.1", "other.1",
		request + " ", "../" + request, strings.Repeat("9", 70) + ".1",
	} {
		b.answers(pass(id, "n1"), realname.CodeBankRequestUnknown)
	}
	if got := b.trail(); got != nil {
		t.Error(got)
	}
	b.answers(pass(request, "n1"), "")
}

func TestOfManyAnswersAtOnceOneIsApplied(t *testing.T) {
	b := newBench(t)
	session, request := b.handedOver()
	var wg sync.WaitGroup
	results := make([]error, 32)
	for n := range results {
		wg.Go(func() {
			c := pass(request, fmt.Sprint("n", n))
			if n%2 == 1 {
				c = fail(request, fmt.Sprint("n", n), realname.BankNotCorporate)
			}
			for { // a bank sends an answer again after status 503
				if results[n] = b.AnswerBank(t.Context(), c); realname.CodeOf(results[n]) != realname.CodeServiceFailing {
					return
				}
			}
		})
	}
	wg.Wait()
	s := b.SessionOf(session)
	passed := s.Steps[0].Outcome == realname.StepPassed
	for n, err := range results {
		accepted := passed == (n%2 == 0)
		if (err == nil) != accepted || err != nil && realname.CodeOf(err) != realname.CodeBankResultConflict {
			t.Errorf("%d: %v", n, err)
		}
	}
	if attempts := b.Attempts(session); len(attempts) != 1 {
		t.Errorf("%d attempts", len(attempts))
	}
}

func TestRepairCompletesAnAnswerWhoseSignalWasLost(t *testing.T) {
	b := newBench(t)
	session, request := b.handedOver()
	b.Lost = true
	b.answers(pass(request, "n1"), "")
	b.Lost = false
	b.Signals = nil
	b.Advance(2 * time.Second)
	done, err := b.Repair(t.Context())
	signals := done.Signalled //nolint:misspell // see Repaired
	if err != nil || signals != 1 || !reflect.DeepEqual(b.Signals, []string{"passed"}) {
		t.Errorf("%+v %v %v", done, err, b.Signals)
	}
	if status, err := b.Finish(t.Context(), session); err != nil || status != realname.Verified {
		t.Errorf("%s %v", status, err)
	}
}

func TestARenderingThatFailsOpensNothing(t *testing.T) {
	b := newBench(t)
	session := b.Begin(realname.BankUKey)
	before := b.stored("SESSION#"+session, "STATE")
	broken := errors.New("no key")
	_, err := b.ChooseBank(t.Context(), verification.SubmitRequest{Caller: b.Caller(), SessionID: session}, ccb,
		func(realname.Session, realname.BankRequest) (realname.Reply, error) { return realname.Reply{}, broken })
	if !errors.Is(err, broken) || !reflect.DeepEqual(before, b.stored("SESSION#"+session, "STATE")) {
		t.Error(err)
	}
}

func TestHandOversOfASessionAreBounded(t *testing.T) {
	b := newBench(t)
	session := b.Begin(realname.BankUKey)
	for n := range 20 {
		if _, err := b.choose(session, fmt.Sprint("B", n)); err != nil {
			t.Fatal(n, err)
		}
	}
	_, err := b.choose(session, "CCB")
	var refused *realname.Error
	if !errors.As(err, &refused) || refused.Code != realname.CodeBankRequests {
		t.Fatalf("%+v", err)
	}
	if refused.RetryAfter != time.Second { // in a new session
		t.Errorf("%+v", err)
	}
	if _, err := b.choose(session, "B19"); err != nil { // the open request continues
		t.Error(err)
	}
}

func TestOnlySessionsOfTheMethodGoToABank(t *testing.T) {
	b := newBench(t)
	if _, err := b.choose(b.Begin(realname.LegalRepresentative), "CCB"); realname.CodeOf(err) != realname.CodeStepNotOpen {
		t.Error(err)
	}
}
