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
// enterprise before the question is put. One record holds both counts, and its version
// guards the write, so that requests at the same time cannot exceed the limits together,
// whichever instance they run in. The record also notes that the question has begun: if
// the function dies, a repetition of its request does not put it to the same provider
// again (docs/decisions/0061).
// Errors: CodeChecksExhausted with RetryAfter, CodeConflict, CodeTokenRevoked,
// CodeKeyInProgress; errBegun if an earlier request has begun it.
func (v *Verification) countCheck(
	ctx context.Context, sub *submission, step realname.StepName, question string,
) error {
	sub.query.USCC = sub.view.Account.USCC // a token need not name it
	for range realname.CommitTries {
		if begun, err := sub.view.HasBegun(question, v.Now()); err != nil {
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
		err := v.writeCount(ctx, sub, sub.view.CountCheck(question, v.NewID(), v.Now()))
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
	err := v.recount(ctx, sub, func(view realname.SessionView) realname.CheckCount {
		return view.UncountCheck(question)
	})
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
	err := v.recount(ctx, sub, func(view realname.SessionView) realname.CheckCount {
		return view.EndChecks(sub.begun...)
	})
	if err != nil {
		v.Log.LogAttrs(ctx, slog.LevelWarn, "a question that has ended stays noted as begun",
			slog.String("session", sub.SessionID), slog.String("error", err.Error()))
	}
}

// recount writes a change of the counters, and reads them again if another request
// changed them first.
func (v *Verification) recount(
	ctx context.Context, sub *submission, change func(realname.SessionView) realname.CheckCount,
) (err error) {
	for range realname.CommitTries {
		if err = v.writeCount(ctx, sub, change(sub.view)); !errors.Is(err, realname.ErrStale) {
			return err
		}
		fresh, lerr := v.Store.LoadSession(ctx, sub.query)
		if lerr != nil {
			return lerr
		}
		sub.view.Day, sub.view.EnterpriseDay = fresh.Day, fresh.EnterpriseDay
	}
	return err
}

// writeCount writes the counters that a change sets.
func (v *Verification) writeCount(ctx context.Context, sub *submission, c realname.CheckCount) error {
	var change realname.Change
	if c.Day != nil {
		change.Add(realname.CountedDay{AccountID: sub.view.Account.ID, AccountDay: *c.Day})
	}
	if c.Enterprise != nil {
		change.Add(realname.CountedEnterprise{USCC: sub.view.Account.USCC, EnterpriseDay: *c.Enterprise})
	}
	if len(change.Writes) == 0 {
		return nil
	}
	if err := v.Store.Commit(ctx, change); err != nil {
		return err
	}
	if c.Day != nil {
		sub.view.Day = *c.Day
		sub.view.Day.Version++
	}
	if c.Enterprise != nil {
		sub.view.EnterpriseDay = *c.Enterprise
		sub.view.EnterpriseDay.Version++
	}
	return nil
}
