package accounts

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"realname/shared/realname"
)

// ErasureRequest asks for the erasure of the caller's personal data.
type ErasureRequest struct {
	Caller realname.Caller
	// CurrentPassword is required, because a stolen token must not lead to an erasure.
	CurrentPassword string
	Idempotency     *realname.Idempotency
	// Render returns the answer, which repeated requests also get.
	Render func(realname.ErasureRequest) realname.Reply
}

// RequestErasure records the account holder's request for erasure (PIPL Art. 47), which
// staff answer until it is due. An account has one open request: another request gets it
// again.
// Errors: CodeTokenRevoked, CodeCurrentPassword, CodeLoginLocked, CodeErasureLimit with
// RetryAfter, CodeKeyReused, CodeConflict.
func (a *Accounts) RequestErasure(ctx context.Context, r ErasureRequest) (realname.Reply, error) {
	judged := false
	q := realname.AccountQuery{Day: realname.Day(a.Now()), Idempotency: r.Idempotency}
	return a.own(ctx, r.Caller, q, func(view realname.AccountView) (realname.Reply, error) {
		if !judged {
			if err := a.checkPassword(ctx, view.Account, r.CurrentPassword, r.Caller.SignInID); err != nil {
				return realname.Reply{}, err
			}
			judged = true
			return realname.Reply{}, realname.ErrStale // the check may have written the account
		}
		return a.requestErasure(ctx, view, r)
	})
}

// own reads the caller's account, lets decide answer a request about it, and answers a
// repeated request as before. After a concurrent write, it starts again.
// Errors: CodeTokenRevoked, CodeKeyReused, CodeConflict; those of decide.
func (a *Accounts) own(
	ctx context.Context, c realname.Caller, q realname.AccountQuery,
	decide func(realname.AccountView) (realname.Reply, error),
) (realname.Reply, error) {
	q.AccountID, q.USCC = c.AccountID, c.USCC
	for range realname.CommitTries {
		view, err := a.Store.LoadAccount(ctx, q)
		if err != nil {
			return realname.Reply{}, err
		}
		if err := realname.Admit(c, view.Account); err != nil {
			return realname.Reply{}, err
		}
		if view.Reply != nil {
			return a.Replay(view.Reply, q.Idempotency)
		}
		reply, err := decide(view)
		if !errors.Is(err, realname.ErrStale) {
			return reply, err
		}
	}
	return realname.Reply{}, &realname.Error{Code: realname.CodeConflict}
}

func (a *Accounts) requestErasure(
	ctx context.Context, view realname.AccountView, r ErasureRequest,
) (realname.Reply, error) {
	account, day, now := view.Account, view.Day, a.Now()
	if account.Erasure.Open() {
		return r.Render(account.Erasure), nil
	}
	if day.ErasureRequests >= a.Limits.ErasureRequestsPerDay {
		return realname.Reply{}, &realname.Error{
			Code: realname.CodeErasureLimit, RetryAfter: realname.UntilTomorrow(now),
		}
	}
	day.ErasureRequests++
	account.Erasure = realname.ErasureRequest{AskedAt: now, DueAt: now.Add(a.Limits.ErasureAnswer)}
	reply := r.Render(account.Erasure)
	kept, err := a.Keep(reply, r.Idempotency)
	if err != nil {
		return realname.Reply{}, err
	}
	c := realname.Writing(
		account, realname.CountedDay{AccountID: account.ID, AccountDay: day}, realname.Optional(kept),
	)
	c.Trail = view.Trail
	c.Audit = []realname.AuditEntry{{
		ID: a.NewID(), At: now, USCC: account.USCC, AccountID: account.ID, Action: realname.AuditErasureRequested,
	}}
	return reply, a.Store.Commit(ctx, c)
}

// maxReason limits the characters of the reason for refusing a request for erasure.
const maxReason = 500

// ErrReason means that the reason for refusing a request for erasure is missing, too
// long, or holds control characters.
var ErrReason = errors.New("the reason: want 1 to 500 characters on one line")

// Refuse refuses the open request for erasure of an account. The account holder sees the
// reason.
// Errors: ErrReason; CodeNotFound if the account has no open request; CodeConflict.
func (e *Erasure) Refuse(ctx context.Context, accountID, reason string) error {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > maxReason || !utf8.ValidString(reason) ||
		strings.ContainsFunc(reason, unicode.IsControl) {
		return ErrReason
	}
	a := e.Accounts
	for range realname.CommitTries {
		view, err := a.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: accountID})
		if err != nil {
			return err
		}
		account := view.Account
		if !account.Erasure.Open() {
			return &realname.Error{Code: realname.CodeNotFound}
		}
		account.Erasure.RefusedAt = a.Now()
		account.Erasure.Reason, err = a.Sealer.Seal(
			[]byte(reason), realname.AccountItem(account.ID), realname.FieldErasureReason,
		)
		if err != nil {
			return err
		}
		c := realname.Writing(account)
		c.Audit = []realname.AuditEntry{{
			ID: a.NewID(), At: account.Erasure.RefusedAt, USCC: account.USCC, AccountID: account.ID,
			Action: realname.AuditErasureRefused, Actor: a.Actor,
		}}
		if err = a.Store.Commit(ctx, c); !errors.Is(err, realname.ErrStale) {
			return err
		}
	}
	return &realname.Error{Code: realname.CodeConflict}
}

// ConsentWithdrawal withdraws the caller's consent.
type ConsentWithdrawal struct {
	Caller      realname.Caller
	Idempotency *realname.Idempotency
	// Render returns the answer, which repeated requests also get: when the consent was
	// withdrawn, zero if there is none, and the sessions that this ended.
	Render func(at time.Time, canceled []string) realname.Reply
}

// WithdrawConsent withdraws the consent to the processing of personal data (PIPL
// Art. 15): it cancels every live session of the account. What was processed before
// stays lawful, so passed verifications stay. A new session asks for consent again. If
// there is no consent to withdraw, WithdrawConsent changes nothing.
// Errors: CodeTokenRevoked, CodeKeyReused, CodeConflict.
func (a *Accounts) WithdrawConsent(ctx context.Context, r ConsentWithdrawal) (realname.Reply, error) {
	q := realname.AccountQuery{Methods: realname.Methods(), Idempotency: r.Idempotency}
	return a.own(ctx, r.Caller, q, func(view realname.AccountView) (realname.Reply, error) {
		return a.withdrawConsent(ctx, view, r)
	})
}

func (a *Accounts) withdrawConsent(
	ctx context.Context, view realname.AccountView, r ConsentWithdrawal,
) (realname.Reply, error) {
	account, now := view.Account, a.Now()
	every := func(realname.Method) bool { return true }
	ended, c, err := a.Sessions.CancelLive(ctx, view.Latest, every, realname.CanceledByUser{}, now)
	if err != nil {
		return realname.Reply{}, err
	}
	if len(ended) == 0 {
		given, err := a.consents(ctx, account)
		if err != nil || !given {
			return r.Render(account.ConsentWithdrawn, nil), err
		}
	}
	account.ConsentWithdrawn = now
	reply := r.Render(now, ended.SessionIDs())
	kept, err := a.Keep(reply, r.Idempotency)
	if err != nil {
		return realname.Reply{}, err
	}
	c.Add(account, realname.Optional(kept))
	c.Trail = view.Trail
	c.Audit = append(c.Audit, realname.AuditEntry{
		ID: a.NewID(), At: now, USCC: account.USCC, AccountID: account.ID, Action: realname.AuditConsentWithdrawn,
	})
	if err := a.Store.Commit(ctx, c); err != nil {
		return realname.Reply{}, err
	}
	a.Sessions.TellEnded(ctx, ended)
	return reply, nil
}

// consents reports whether the holder gave a consent, with the latest session, and has
// not withdrawn it since.
func (a *Accounts) consents(ctx context.Context, account realname.Account) (bool, error) {
	latest, _, err := a.Store.ListSessions(ctx, account.ID, 1, "")
	if err != nil || len(latest) == 0 {
		return false, err
	}
	return latest[0].IsOfHolder(account) && latest[0].Consent.AcceptedAt.After(account.ConsentWithdrawn), nil
}
