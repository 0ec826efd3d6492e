package verification

import (
	"context"
	"errors"
	"log/slog"

	"realname/shared/realname"
)

// errBegun says that an earlier request with the same key has begun a question and died.
var errBegun = errors.New("the question has begun before")

// countCheck counts a question to a provider on the day of the account and of its
// enterprise before the question is put. Its transaction is guarded by the versions of
// both counters, so that requests at the same time cannot exceed the limits together,
// whichever instance they run in. The transaction also notes that the question has begun:
// if the function dies, a repetition of its request does not put it to the same provider
// again (docs/decisions/0061).
// Errors: CodeChecksExhausted with RetryAfter, CodeConflict, CodeTokenRevoked,
// CodeKeyInProgress; errBegun if an earlier request has begun it.
func (v *Verification) countCheck(
	ctx context.Context, sub *submission, step realname.StepName, question string,
) error {
	sub.query.USCC = sub.view.Account.USCC // a token need not name it
	for range realname.CommitTries {
		if begun, err := sub.view.Day.HasBegun(question, v.Now()); err != nil {
			return err
		} else if begun {
			return errBegun
		}
		if wait := v.Limits.CheckWait(sub.view, v.Now()); wait > 0 {
			refusal := &realname.Error{Code: realname.CodeChecksExhausted, RetryAfter: wait}
			if step != realname.StepAccountHolder {
				refusal.Alternatives = Alternatives(refusal.Code)
			}
			return refusal
		}
		err := v.addChecks(ctx, sub, 1, sub.view.Day.Begins(question, v.Now()))
		if err == nil && question != "" {
			sub.begun = append(sub.begun, question)
		}
		if !errors.Is(err, realname.ErrStale) {
			return err
		}
		if err := v.refresh(ctx, sub); err != nil {
			return err
		}
	}
	return &realname.Error{Code: realname.CodeConflict}
}

// uncountCheck takes back the count of a question that a guard refused to put. If that
// fails, the question stays counted.
func (v *Verification) uncountCheck(ctx context.Context, sub *submission, question string) {
	var err error
	for range realname.CommitTries {
		if err = v.addChecks(ctx, sub, -1, sub.view.Day.Ends(question)); !errors.Is(err, realname.ErrStale) {
			break
		}
		fresh, lerr := v.Store.LoadSession(ctx, sub.query)
		if lerr != nil {
			err = lerr
			break
		}
		sub.view.Day, sub.view.EnterpriseDay = fresh.Day, fresh.EnterpriseDay
	}
	if err != nil {
		v.Log.LogAttrs(ctx, slog.LevelWarn, "a question that was not put stays counted",
			slog.String("session", sub.SessionID), slog.String("error", err.Error()))
	}
}

// endQuestions forgets the questions of a request that ended without a decision, so that
// its repetition may put them again. If that fails, a repetition does not.
func (v *Verification) endQuestions(ctx context.Context, sub *submission) {
	if len(sub.begun) == 0 {
		return
	}
	var err error
	for range realname.CommitTries {
		day := sub.view.Day.Ends(sub.begun...)
		if len(day.Begun) == len(sub.view.Day.Begun) {
			return
		}
		err = v.Store.Commit(ctx, realname.Writing(
			realname.CountedDay{AccountID: sub.view.Account.ID, AccountDay: day}))
		if !errors.Is(err, realname.ErrStale) {
			break
		}
		fresh, lerr := v.Store.LoadSession(ctx, sub.query)
		if lerr != nil {
			err = lerr
			break
		}
		sub.view.Day = fresh.Day
	}
	if err != nil {
		v.Log.LogAttrs(ctx, slog.LevelWarn, "a question that has ended stays noted as begun",
			slog.String("session", sub.SessionID), slog.String("error", err.Error()))
	}
}

// addChecks adds n to both counters, of the day as given.
func (v *Verification) addChecks(ctx context.Context, sub *submission, n int, day realname.AccountDay) error {
	enterprise := sub.view.EnterpriseDay
	day.Checks += n
	enterprise.Checks += n
	err := v.Store.Commit(ctx, realname.Writing(
		realname.CountedDay{AccountID: sub.view.Account.ID, AccountDay: day},
		realname.CountedEnterprise{USCC: sub.view.Account.USCC, EnterpriseDay: enterprise},
	))
	if err != nil {
		return err
	}
	day.Version++
	enterprise.Version++
	sub.view.Day, sub.view.EnterpriseDay = day, enterprise
	return nil
}
