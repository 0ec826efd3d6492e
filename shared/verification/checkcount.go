package verification

import (
	"context"
	"errors"
	"log/slog"

	"realname/shared/realname"
)

// countCheck counts a question to a provider on the day of the account and of its
// enterprise before the question is put. Its transaction is guarded by the versions of
// both counters, so that requests at the same time cannot exceed the limits together,
// whichever instance they run in.
// Errors: CodeChecksExhausted with RetryAfter, CodeConflict, CodeTokenRevoked.
func (v *Verification) countCheck(ctx context.Context, sub *submission, step realname.StepName) error {
	sub.query.USCC = sub.view.Account.USCC // a token need not name it
	for range realname.CommitTries {
		if wait := v.Limits.CheckWait(sub.view, v.Now()); wait > 0 {
			refusal := &realname.Error{Code: realname.CodeChecksExhausted, RetryAfter: wait}
			if step != realname.StepAccountHolder {
				refusal.Alternatives = Alternatives(refusal.Code)
			}
			return refusal
		}
		err := v.addChecks(ctx, sub, 1)
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
func (v *Verification) uncountCheck(ctx context.Context, sub *submission) {
	var err error
	for range realname.CommitTries {
		if err = v.addChecks(ctx, sub, -1); !errors.Is(err, realname.ErrStale) {
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

// addChecks adds n to both counters.
func (v *Verification) addChecks(ctx context.Context, sub *submission, n int) error {
	day, enterprise := sub.view.Day, sub.view.EnterpriseDay
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
