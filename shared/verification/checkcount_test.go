package verification_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/verification"
)

// question returns the n-th answer to the enterprise step, each another question.
func question(n int) verification.EnterpriseAnswer {
	a := domaintest.EnterpriseAnswer
	a.Name = fmt.Sprintf("河北第%d贸易有限公司", n)
	return a
}

// exhausted returns the refusal of a question beyond the day's limit, or nil.
func exhausted(err error) *realname.Error {
	var e *realname.Error
	if errors.As(err, &e) && e.Code == realname.CodeChecksExhausted {
		return e
	}
	return nil
}

func TestEveryQuestionCountsWhateverItsOutcome(t *testing.T) {
	for name, c := range map[string]struct {
		result realname.CheckResult
		err    error
	}{
		"not covered": {realname.CheckResult{Outcome: realname.NotCovered}, nil},
		"mismatch":    {realname.CheckResult{Outcome: realname.Mismatch}, nil},
		"limited":     {realname.CheckResult{Outcome: realname.Limited}, nil},
		"unavailable": {realname.CheckResult{Outcome: realname.Unavailable}, errors.New("down")},
		"timed out":   {realname.CheckResult{}, context.DeadlineExceeded},
		"invalid":     {realname.CheckResult{Outcome: realname.InvalidInput}, nil},
	} {
		for limit, most := range map[string]func(*realname.Limits) *int{
			"account":    func(l *realname.Limits) *int { return &l.ChecksPerDay },
			"enterprise": func(l *realname.Limits) *int { return &l.EnterpriseChecksPerDay },
		} {
			t.Run(name+", "+limit, func(t *testing.T) {
				b := newBench(t)
				*most(&b.Limits) = 3
				asked := 0
				b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
					asked++
					return c.result, c.err
				}
				id := b.Begin(realname.LegalRepresentative)
				ask := func(n int) error {
					_, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(n))
					return err
				}
				for n := range 5 {
					refused := exhausted(ask(n))
					if (refused != nil) != (n >= 3) {
						t.Errorf("question %d: refused %v", n+1, refused)
					}
					if refused != nil && (refused.RetryAfter != 7*time.Hour || len(refused.Alternatives) != 2) {
						t.Errorf("%+v", refused) // 09:00 UTC is seven hours before midnight in China
					}
				}
				if asked != 3 {
					t.Errorf("%d questions were put, want 3", asked)
				}
				if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
					t.Fatal(err)
				}
				b.Advance(7 * time.Hour)
				id = b.Begin(realname.LegalRepresentative)
				if err := ask(9); exhausted(err) != nil || asked != 4 {
					t.Errorf("the next day: %v after %d questions", err, asked)
				}
			})
		}
	}
}

func TestAQuestionThatIsNotPutDoesNotCount(t *testing.T) {
	b := newBench(t)
	b.Limits.ChecksPerDay, b.Limits.EnterpriseChecksPerDay = 2, 2
	spared := realname.CheckResult{Outcome: realname.Limited, Provider: "tencent", Code: "rate_limit", NotAsked: true}
	answer := spared
	asked := 0
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		asked++
		if answer.NotAsked {
			return answer, errors.New("rate")
		}
		return answer, nil
	}
	id := b.Begin(realname.LegalRepresentative)
	for n := range 5 {
		_, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(n))
		if realname.CodeOf(err) != realname.CodeUnavailable {
			t.Errorf("%v", err)
		}
	}
	answer = realname.CheckResult{Outcome: realname.NotCovered}
	r := b.Request(id)
	r.Idempotency = &realname.Idempotency{Key: "k", Fingerprint: "f"}
	for range 5 { // the kept answer is not another question
		if _, err := b.SubmitEnterprise(t.Context(), r, question(9)); err != nil {
			t.Error(err)
		}
	}
	for range 5 { // the same question, asked again, gets the same answer
		if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(9)); err != nil {
			t.Error(err)
		}
	}
	foreign := question(10)
	foreign.USCC, foreign.OrgCode = "91130100MA0R02NM3R", "MA0R02NM3"
	_, _ = b.SubmitEnterprise(t.Context(), b.Request(id), foreign) // refused before any question
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(11)); err != nil || asked != 7 {
		t.Errorf("%v after %d calls", err, asked)
	}
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(12)); exhausted(err) == nil {
		t.Errorf("a third question: %v", err)
	}
}

// A count that cannot be taken back stays: the limit errs on the side of fewer questions.
func TestACountThatCannotBeTakenBackStays(t *testing.T) {
	b := newBench(t)
	b.Limits.ChecksPerDay = 1
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		return realname.CheckResult{Outcome: realname.Limited, NotAsked: true}, errors.New("rate")
	}
	id := b.Begin(realname.LegalRepresentative)
	whole := b.Store
	b.Store = &second{Store: whole, err: errors.New("no store")}
	_, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(1))
	if realname.CodeOf(err) != realname.CodeUnavailable {
		t.Errorf("%v", err)
	}
	b.Limits.ChecksPerDay = 2
	b.Store = &lost{second{Store: whole, nth: 3, err: realname.ErrStale}} // after a count that came too late
	_, err = b.SubmitEnterprise(t.Context(), b.Request(id), question(2))
	if realname.CodeOf(err) != realname.CodeUnavailable {
		t.Errorf("%v", err)
	}
	b.Store = whole
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(3)); exhausted(err) == nil {
		t.Errorf("%v", err)
	}
}

func TestACountIsTakenBackAfterALostRace(t *testing.T) {
	b := newBench(t)
	b.Limits.ChecksPerDay = 1
	spared := true
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		if spared {
			return realname.CheckResult{Outcome: realname.Limited, NotAsked: true}, errors.New("rate")
		}
		return realname.CheckResult{Outcome: realname.NotCovered}, nil
	}
	id := b.Begin(realname.LegalRepresentative)
	whole := b.Store
	b.Store = &second{Store: whole, err: realname.ErrStale}
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(1)); realname.CodeOf(err) !=
		realname.CodeUnavailable {
		t.Errorf("%v", err)
	}
	b.Store, spared = whole, false
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(2)); err != nil {
		t.Errorf("the only question of the day: %v", err)
	}
}

// A token that is revoked while its request asks a provider decides nothing more if the
// session has changed as well.
func TestATokenRevokedDuringAQuestion(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		b.rewrite(id, func(*realname.Session) {})
		b.account(func(a *realname.Account) { a.TokensFrom = b.Clock().Add(2 * time.Hour) })
		return realname.CheckResult{Outcome: realname.Match}, nil
	}
	_, err := b.SubmitEnterprise(t.Context(), b.Request(id), domaintest.EnterpriseAnswer)
	if realname.CodeOf(err) != realname.CodeTokenRevoked {
		t.Errorf("%v", err)
	}
}

// lost is a store of which nothing can be read once a commit has lost to another.
type lost struct{ second }

// LoadSession implements realname.Store.
func (l *lost) LoadSession(ctx context.Context, q realname.SessionQuery) (realname.SessionView, error) {
	if l.commits >= l.nth {
		return realname.SessionView{}, errors.New("no store")
	}
	return l.second.LoadSession(ctx, q)
}

// Every instance of a function reads and writes for itself. However many requests
// arrive at once, their questions stay within the limit.
func TestQuestionsAtOnceStayWithinTheLimit(t *testing.T) {
	for name, limit := range map[string]int{
		"all counted on the enterprise's day": 30, "some on the account's own, for lack of room": 100,
	} {
		t.Run(name, func(t *testing.T) { questionsAtOnce(t, limit) })
	}
}

func questionsAtOnce(t *testing.T, limit int) {
	const instances, requests = 20, 200
	b := newBench(t)
	b.Limits.ChecksPerDay = limit
	var asked atomic.Int64
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		asked.Add(1)
		runtime.Gosched() // lets the others run meanwhile
		return realname.CheckResult{Outcome: realname.NotCovered}, nil
	}
	id := b.Begin(realname.LegalRepresentative)
	fleet := make([]*verification.Verification, instances)
	for i := range fleet {
		ports, v := *b.Ports, *b.Verification
		ports.Store = store.New(b.Table)
		v.Ports = &ports
		fleet[i] = &v
	}
	var all sync.WaitGroup
	var refused atomic.Int64
	for i := range requests {
		all.Go(func() {
			r := b.Request(id)
			r.Idempotency = &realname.Idempotency{Key: fmt.Sprint("key-", i), Fingerprint: "f"}
			_, err := fleet[i%instances].SubmitEnterprise(t.Context(), r, question(i))
			switch code := realname.CodeOf(err); code {
			case realname.CodeChecksExhausted:
				refused.Add(1)
			case "", realname.CodeConflict:
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range requests { // one at a time, until the limit is reached
		r := b.Request(id)
		r.Idempotency = &realname.Idempotency{Key: fmt.Sprint("later-", i), Fingerprint: "f"}
		if _, err := b.SubmitEnterprise(t.Context(), r, question(requests+i)); exhausted(err) != nil {
			refused.Add(1)
		}
	}
	if asked.Load() != int64(limit) || refused.Load() < int64(requests-limit) {
		t.Errorf("%d questions were put, want %d; %d requests were refused", asked.Load(), limit, refused.Load())
	}
	view, err := b.Store.LoadSession(t.Context(), realname.SessionQuery{
		AccountID: domaintest.AccountID, SessionID: id, Day: realname.Day(b.Now()),
		USCC: domaintest.EnterpriseAnswer.USCC, Checks: true,
	})
	own := view.Day.Checks > 0
	if err != nil || view.Checks() != limit || view.EnterpriseDay.Checks != limit || own != (limit > 64) {
		t.Errorf("%+v %+v %v", view.Day, view.EnterpriseDay, err)
	}
}

// Colleagues who ask at the same time move the enterprise's counter, but do not
// disturb each other.
func TestColleaguesCountTogether(t *testing.T) {
	b := newBench(t)
	b.registrySays(realname.CheckResult{Outcome: realname.NotCovered})
	id := b.Begin(realname.LegalRepresentative)
	whole := b.Store
	b.Store = &domaintest.Racing{Store: whole, Meanwhile: func() {
		day := realname.EnterpriseDay{Day: realname.Day(b.Now()), Checks: 7}
		uscc := domaintest.EnterpriseAnswer.USCC
		other := realname.Writing(realname.CountedEnterprise{USCC: uscc, EnterpriseDay: day})
		if err := whole.Commit(t.Context(), other); err != nil {
			t.Error(err)
		}
	}}
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(1)); err != nil {
		t.Fatal(err)
	}
	view, err := whole.LoadSession(t.Context(), realname.SessionQuery{
		AccountID: domaintest.AccountID, SessionID: id, Day: realname.Day(b.Now()),
		USCC: domaintest.EnterpriseAnswer.USCC, Checks: true,
	})
	if err != nil || view.Checks() != 1 || view.EnterpriseDay.Checks != 8 {
		t.Errorf("%+v %+v %v", view.Day, view.EnterpriseDay, err)
	}
}

// A request that was decided while its repetition counted the question answers both.
func TestARepetitionDoesNotAskWhatWasDecidedMeanwhile(t *testing.T) {
	b := newBench(t)
	asked := b.registrySays(realname.CheckResult{Outcome: realname.NotCovered})
	id := b.Begin(realname.LegalRepresentative)
	r := b.Request(id)
	r.Idempotency = &realname.Idempotency{Key: "k", Fingerprint: "f"}
	whole, first := b.Store, realname.Reply{}
	b.Store = &domaintest.Racing{Store: whole, Meanwhile: func() {
		var err error
		b.Store = whole
		if first, err = b.SubmitEnterprise(t.Context(), r, question(1)); err != nil {
			t.Error(err)
		}
	}}
	again, err := b.SubmitEnterprise(t.Context(), r, question(1))
	if err != nil || again.Status != first.Status || *asked != 1 {
		t.Errorf("%+v, first %+v: %v after %d questions", again, first, err, *asked)
	}
}

func TestAnotherEnterpriseDoesNotResetTheAccountsCount(t *testing.T) {
	b := newBench(t)
	b.Limits.ChecksPerDay = 1
	b.registrySays(realname.CheckResult{Outcome: realname.NotCovered})
	id := b.Begin(realname.LegalRepresentative)
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
		t.Fatal(err)
	}
	view, err := b.Store.LoadAccount(t.Context(), realname.AccountQuery{AccountID: domaintest.AccountID})
	if err != nil {
		t.Fatal(err)
	}
	moved := question(2)
	moved.USCC, moved.OrgCode = "91130100MA0R02NM3R", "MA0R02NM3"
	view.Account.USCC = moved.USCC
	from := domaintest.EnterpriseAnswer.USCC
	counters, _, err := store.New(b.Table).LoadEnterpriseDays(t.Context(), realname.Day(b.Now()), from, moved.USCC)
	if err != nil {
		t.Fatal(err)
	}
	day := realname.MovedDay{From: from, To: moved.USCC, Day: counters}
	if err := b.Store.Commit(t.Context(), realname.Writing(view.Account, day)); err != nil {
		t.Fatal(err)
	}
	id = b.Begin(realname.LegalRepresentative)
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), moved); exhausted(err) == nil {
		t.Errorf("%v", err)
	}
}

// Up to version 1.0.0, the account's day held its own count and the notes of begun
// questions, and the enterprise's day the sum.
func TestCountersOfTheFormerShapeGoOnCounting(t *testing.T) {
	b := newBench(t)
	b.Limits.ChecksPerDay = 3
	asked := b.registrySays(realname.CheckResult{Outcome: realname.NotCovered})
	id := b.Begin(realname.LegalRepresentative)
	r := b.Request(id)
	r.Idempotency = &realname.Idempotency{Key: "k", Fingerprint: "f"}
	before := b.Now().Add(-time.Minute).Format(time.RFC3339Nano)
	begun := map[string]any{r.Idempotency.Question("registry", "0", ""): before}
	day := realname.Day(b.Now())
	for pk, body := range map[string]map[string]any{
		"ACCOUNT#" + domaintest.AccountID:                {"day": day, "checks": json.Number("1"), "begun": begun},
		"ENTERPRISE#" + domaintest.EnterpriseAnswer.USCC: {"day": day, "checks": json.Number("9")},
	} {
		it := table.Item{Key: table.Key{PK: pk, SK: "DAY#" + day}, Version: 4, Body: body}
		if err := b.Table.Transact(t.Context(), table.Put(it, table.Always())); err != nil {
			t.Fatal(err)
		}
	}
	_, err := b.SubmitEnterprise(t.Context(), r, question(1))
	if realname.CodeOf(err) != realname.CodeUnavailable || *asked != 0 {
		t.Errorf("a question that has begun: %v after %d questions", err, *asked)
	}
	for n := range 3 {
		_, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(n))
		if (exhausted(err) != nil) != (n == 2) {
			t.Errorf("question %d: %v", n+2, err)
		}
	}
	view, err := b.Store.LoadSession(t.Context(), realname.SessionQuery{
		AccountID: domaintest.AccountID, SessionID: id, Day: day, USCC: domaintest.EnterpriseAnswer.USCC, Checks: true,
	})
	if err != nil || view.Checks() != 3 || view.EnterpriseDay.Checks != 11 || view.Day.Version != 4 {
		t.Errorf("%+v %+v %v", view.Day, view.EnterpriseDay, err)
	}
}

// Two counts are never the same item, so that the table can tell a lost answer to one from
// the other's success.
func TestNoTwoCountsAreTheSameItem(t *testing.T) {
	seen := map[string]bool{}
	for range 2 {
		b := newBench(t)
		b.registrySays(realname.CheckResult{Outcome: realname.NotCovered})
		id := b.Begin(realname.LegalRepresentative)
		b.NewID = func() string { return fmt.Sprint("request-", len(seen)) }
		if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), question(1)); err != nil {
			t.Fatal(err)
		}
		for _, day := range b.stored("ENTERPRISE#"+domaintest.EnterpriseAnswer.USCC, "DAY#") {
			seen[fmt.Sprint(day)] = true
		}
	}
	if len(seen) != 2 {
		t.Errorf("%v", seen)
	}
}
