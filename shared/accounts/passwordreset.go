package accounts

import (
	"context"
	"errors"
	"strings"
	"time"

	"realname/shared/realname"
	"realname/shared/verification"
)

// Purposes of the keyed indexes of a password reset.
const (
	resetPurpose       = "password-reset"
	resetNumberPurpose = "password-reset-mobile"
)

// ResetCodeRequest asks for a code to the mobile number bound to an account.
type ResetCodeRequest struct {
	LoginName   string
	Mobile      string
	Idempotency *realname.Idempotency
	Render      func(resendAfter time.Duration, expiresAt time.Time) realname.Reply
}

func (a *Accounts) resetQuery(loginName, mobile string, now time.Time) (CodeQuery, error) {
	reset, err := a.Sealer.Index(resetPurpose, foldName(loginName)+"|"+mobile)
	if err != nil {
		return CodeQuery{}, err
	}
	number, err := a.Sealer.Index(resetNumberPurpose, mobile)
	return CodeQuery{
		For: realname.SMSCode{ResetIndex: reset, Step: CodeForReset},
		Day: realname.Day(now), NumberIndex: number, RequestsIndex: reset,
	}, err
}

func foldName(loginName string) string { return strings.ToLower(strings.TrimSpace(loginName)) }

// SendResetCode orders a code to the number if it is bound to the account (找回密码). To
// keep secret whether the account exists and has this number, SendResetCode does not read
// the account: it makes a code and orders its message in every case, counts the request
// under login name and number, and applies the same limits to that count. SendResetMessage
// decides afterwards whether the message is sent.
// Errors: CodeInvalidRequest with fields, CodeSMSLimit with RetryAfter,
// CodeKeyReused, CodeConflict.
func (a *Accounts) SendResetCode(ctx context.Context, r ResetCodeRequest) (realname.Reply, error) {
	var f realname.Fields
	r.Mobile = f.Mobile("/mobile", r.Mobile)
	if err := f.Err(); err != nil {
		return realname.Reply{}, err
	}
	now := a.Now()
	q, err := a.resetQuery(r.LoginName, r.Mobile, now)
	if err != nil {
		return realname.Reply{}, err
	}
	q.Idempotency = r.Idempotency
	view, err := a.Directory.LoadCode(ctx, q)
	if err != nil {
		return realname.Reply{}, err
	}
	if view.Reply != nil {
		return a.Replay(view.Reply, r.Idempotency)
	}
	requests := realname.SessionView{Code: view.Code, Number: view.Requests}
	if wait := a.Limits.SMSWait(requests, now); wait > 0 {
		return realname.Reply{}, &realname.Error{Code: realname.CodeSMSLimit, RetryAfter: realname.CeilSecond(wait)}
	}
	order := verification.CodeOrder{For: q.For, To: r.Mobile, NumberIndex: q.NumberIndex, View: view}
	code, digits, err := a.Sessions.Codes().Make(order, now)
	if err != nil {
		return realname.Reply{}, err
	}
	message, err := a.resetMessage(r, digits, now, code.ExpiresAt)
	if err != nil {
		return realname.Reply{}, err
	}
	reply := r.Render(a.Limits.SMSInterval, code.ExpiresAt)
	kept, err := a.Keep(reply, r.Idempotency)
	if err != nil {
		return realname.Reply{}, err
	}
	err = a.Store.Commit(ctx, realname.Writing(
		code, realname.CountedNumber{NumberIndex: q.RequestsIndex, NumberDay: view.Requests.Another(now)}, message,
		realname.Optional(kept),
	))
	if errors.Is(err, realname.ErrStale) {
		return realname.Reply{}, &realname.Error{Code: realname.CodeConflict}
	}
	return reply, err
}

// boundTo reads the account of a login name and reports whether the number is bound to
// it.
func (a *Accounts) boundTo(
	ctx context.Context, loginName, mobile string,
) (account realname.Account, bound bool, err error) {
	if account, err = a.Directory.FindLogin(ctx, loginName); err != nil {
		return account, false, err
	}
	if account.ID == "" || !account.Disabled.IsZero() {
		return account, false, nil
	}
	is, err := a.openText(account, account.Mobile, realname.FieldMobile)
	return account, is == mobile && mobile != "", err
}

// ResetRequest sets a new password with the code of SendResetCode.
type ResetRequest struct {
	LoginName   string
	Mobile      string
	SMSCode     string
	NewPassword string
	Idempotency *realname.Idempotency
}

// ResetPassword sets a new password, unlocks the login name and revokes all previously
// issued tokens. If the login name and the number do not belong together, the answer is
// the same as for a wrong code.
// Errors: CodeInvalidRequest with fields, CodeSMSCodeWrong, CodeSMSCodeExpired,
// CodeKeyReused, CodeConflict.
func (a *Accounts) ResetPassword(ctx context.Context, r ResetRequest) error {
	begun := a.Now()
	return a.unhurried(ctx, begun, a.resetPassword(ctx, r))
}

// validReset returns the request with its values in their stored form.
// Errors: CodeInvalidRequest with fields.
func (a *Accounts) validReset(ctx context.Context, r ResetRequest) (ResetRequest, error) {
	var f realname.Fields
	r.Mobile = f.Mobile("/mobile", r.Mobile)
	r.SMSCode = f.SMSCode("/smsCode", r.SMSCode)
	rule, err := a.Strength(ctx, r.NewPassword, []string{r.LoginName})
	if err != nil {
		return r, err
	}
	if rule != "" {
		f.Add("/newPassword", "password", rule)
	}
	return r, f.Err()
}

func (a *Accounts) resetPassword(ctx context.Context, r ResetRequest) error {
	r, err := a.validReset(ctx, r)
	if err != nil {
		return err
	}
	hash := ""
	for range realname.CommitTries {
		if done, err := a.repeated(ctx, r.Idempotency); done || err != nil {
			return err
		}
		account, bound, err := a.boundTo(ctx, r.LoginName, r.Mobile)
		if err != nil {
			return err
		}
		q, err := a.resetQuery(r.LoginName, r.Mobile, a.Now())
		if err != nil {
			return err
		}
		view, err := a.Directory.LoadCode(ctx, q)
		if err != nil {
			return err
		}
		if err := a.Sessions.Codes().Guess(ctx, view.Code, q.NumberIndex, r.Mobile, r.SMSCode); err != nil {
			return err
		}
		if !bound {
			return &realname.Error{Code: realname.CodeSMSCodeWrong}
		}
		if hash == "" {
			if hash, err = a.Credentials.Hash(r.NewPassword); err != nil {
				return err
			}
		}
		done, err := a.done(r.Idempotency)
		if err != nil {
			return err
		}
		now := a.Now()
		account.PasswordHash, account.Activation, account.TokensFrom, account.Devices = hash, nil, now, nil
		c := realname.Writing(account, realname.Unlock(account.LoginName), realname.DropCode(*view.Code),
			realname.Optional(done))
		c.Audit = []realname.AuditEntry{{
			ID: a.NewID(), At: now, USCC: account.USCC, AccountID: account.ID, Action: realname.AuditPasswordReset,
		}}
		err = a.Store.Commit(ctx, c)
		if !errors.Is(err, realname.ErrStale) {
			return err
		}
	}
	return &realname.Error{Code: realname.CodeConflict}
}
