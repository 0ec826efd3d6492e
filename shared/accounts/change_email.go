package accounts

import (
	"context"
	"errors"
	"strings"
	"time"

	"realname/shared/mask"
	"realname/shared/realname"
)

// emailPurpose is the purpose of the blind index under which the messages to an address
// are counted.
const emailPurpose = "email"

// confirmationItem names the confirmation that its sealed address is bound to.
func confirmationItem(secretHash string) string { return "email-confirmation/" + secretHash }

// ChangeEmail sends a link to the new address. The account keeps its address until the
// user opens the link, which calls ConfirmEmail. The limits of SMS codes also apply to
// these messages.
// Errors: those of change; CodeInvalidRequest with fields, CodeSMSLimit with
// RetryAfter, CodeUnavailable.
func (a *Accounts) ChangeEmail(ctx context.Context, r ChangeRequest, address, language string) (Changed, error) {
	var f realname.Fields
	address = f.Email("/email", address)
	if err := f.Err(); err != nil {
		return Changed{}, err
	}
	var sent *realname.EmailConfirmation
	return a.change(ctx, r, realname.AuditEmailRequested, func(ctx context.Context, d *draft) error {
		is, err := a.openText(d.account, d.account.Email, realname.FieldEmail)
		if err != nil || is == address {
			return err
		}
		if sent == nil { // not again if the change starts again
			if sent, err = a.sendConfirmation(ctx, d, address, language); err != nil {
				return err
			}
		}
		d.note("email", mask.Email(is), mask.Email(address))
		d.change.Add(*sent)
		item := realname.AccountItem(d.account.ID)
		d.account.PendingEmail, err = a.Sealer.Seal([]byte(address), item, realname.FieldPendingEmail)
		return err
	})
}

func (a *Accounts) openText(account realname.Account, sealed realname.Sealed, field string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	plain, err := a.Sealer.Open(sealed, realname.AccountItem(account.ID), field)
	return string(plain), err
}

// sendConfirmation counts the message before it sends it. If sending fails, it restores
// the counters.
func (a *Accounts) sendConfirmation(
	ctx context.Context, d *draft, address, language string,
) (*realname.EmailConfirmation, error) {
	index, err := a.Sealer.Index(emailPurpose, strings.ToLower(address))
	if err != nil {
		return nil, err
	}
	view, err := a.Directory.LoadCode(ctx, CodeQuery{
		For:       realname.SMSCode{AccountID: d.account.ID, Step: "email"},
		AccountID: d.account.ID, Day: realname.Day(d.now), NumberIndex: index,
	})
	if err != nil {
		return nil, err
	}
	if wait := a.Limits.SMSWait(view, d.now); wait > 0 {
		return nil, &realname.Error{Code: realname.CodeSMSLimit, RetryAfter: realname.CeilSecond(wait)}
	}
	secret, err := a.NewSecret()
	if err != nil {
		return nil, err
	}
	c := &realname.EmailConfirmation{
		SecretHash: a.SecretHash(secret), AccountID: d.account.ID, ExpiresAt: d.now.Add(realname.LinkLife),
	}
	c.Email, err = a.Sealer.Seal([]byte(address), confirmationItem(c.SecretHash), realname.FieldPendingEmail)
	if err != nil {
		return nil, err
	}
	day, num := view.Day, view.Number
	day.SMS++
	num.SMS++
	num.LastAt = d.now
	counted := func() realname.Change {
		return realname.Writing(
			realname.CountedDay{AccountID: d.account.ID, AccountDay: day},
			realname.CountedNumber{NumberIndex: index, NumberDay: num},
		)
	}
	if err := a.Store.Commit(ctx, counted()); errors.Is(err, realname.ErrStale) {
		return nil, &realname.Error{Code: realname.CodeConflict}
	} else if err != nil {
		return nil, err
	}
	err = a.Mail.SendConfirmation(ctx, ConfirmationMail{
		To: address, Secret: secret, Language: language, Hours: int(realname.LinkLife / time.Hour),
	})
	if err == nil {
		return c, nil
	}
	day.SMS, day.Version = day.SMS-1, day.Version+1
	num.SMS, num.LastAt, num.Version = num.SMS-1, view.Number.LastAt, num.Version+1
	err = errors.Join(err, a.Store.Commit(ctx, counted()))
	return nil, realname.Unanswered(realname.CheckResult{Outcome: realname.Unavailable}, err)
}

// ConfirmEmail makes the address of a confirmation the account's address. A link works
// once.
// Errors: CodeLinkExpired, CodeKeyReused, CodeConflict.
func (a *Accounts) ConfirmEmail(ctx context.Context, secret string, idem *realname.Idempotency) error {
	expired := &realname.Error{Code: realname.CodeLinkExpired}
	for range realname.CommitTries {
		if done, err := a.repeated(ctx, idem); done || err != nil {
			return err
		}
		c, err := a.Directory.LoadConfirmation(ctx, a.SecretHash(secret))
		if err != nil {
			return err
		}
		if c.AccountID == "" {
			return expired
		}
		address, err := a.Sealer.Open(c.Email, confirmationItem(c.SecretHash), realname.FieldPendingEmail)
		if err != nil {
			return err
		}
		view, err := a.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: c.AccountID})
		if err != nil {
			return err
		}
		account := view.Account
		pending, err := a.openText(account, account.PendingEmail, realname.FieldPendingEmail)
		if err != nil {
			return err
		}
		if account.ID == "" || !account.Disabled.IsZero() || pending != string(address) {
			return expired // the user has entered another address since
		}
		done, err := a.done(idem)
		if err != nil {
			return err
		}
		err = a.confirmEmail(ctx, account, c, pending, done)
		if !errors.Is(err, realname.ErrStale) {
			return err
		}
	}
	return &realname.Error{Code: realname.CodeConflict}
}

func (a *Accounts) confirmEmail(
	ctx context.Context, account realname.Account, c realname.EmailConfirmation, address string,
	reply *realname.Reply,
) error {
	is, err := a.openText(account, account.Email, realname.FieldEmail)
	if err != nil {
		return err
	}
	account.Email, err = a.Sealer.Seal([]byte(address), realname.AccountItem(account.ID), realname.FieldEmail)
	if err != nil {
		return err
	}
	now := a.Now()
	account.PendingEmail, account.TokensFrom = "", now
	change := realname.Writing(account, realname.DropConfirmation(c), realname.Optional(reply))
	change.Audit = []realname.AuditEntry{{
		ID: a.NewID(), At: now, USCC: account.USCC, AccountID: account.ID, Action: realname.AuditEmailChanged,
		Fields: []realname.AuditField{{Field: "email", Before: mask.Email(is), After: mask.Email(address)}},
	}}
	return a.Store.Commit(ctx, change)
}
