package accounts

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"realname/shared/realname"
)

// resetTries is how often a message is attempted at most, while its code is valid.
const resetTries = 3

// resetMessage orders the message with a code.
func (a *Accounts) resetMessage(
	r ResetCodeRequest, digits string, now, expires time.Time,
) (m realname.ResetMessage, err error) {
	m = realname.ResetMessage{ID: a.NewID(), At: now, ExpiresAt: expires, Due: now}
	for _, f := range []struct {
		into        *realname.Sealed
		text, field string
	}{
		{&m.LoginName, r.LoginName, realname.FieldLoginName},
		{&m.Mobile, r.Mobile, realname.FieldMobile},
		{&m.Code, digits, realname.FieldCode},
	} {
		if *f.into, err = a.Sealer.Seal([]byte(f.text), realname.ResetMessageItem(m.ID), f.field); err != nil {
			return m, err
		}
	}
	return m, nil
}

// SendDueResetMessages sends the messages that no invocation of the stream has dealt with,
// because it failed or ended early. It returns how many it looked at.
func (a *Accounts) SendDueResetMessages(ctx context.Context) (looked int, err error) {
	messages, err := a.Directory.ResetMessages(ctx)
	if err != nil {
		return 0, err
	}
	for _, m := range messages {
		if !m.Due.After(a.Now()) {
			looked++
			err = errors.Join(err, a.SendResetMessage(ctx, m.ID))
		}
	}
	return looked, err
}

// SendResetMessage sends an ordered message if its number is bound to the account, and
// deletes it. It does nothing if the message has been dealt with, or another run is
// sending it.
//
// Only a message counts against the number itself. Otherwise a stranger could use up the
// number's codes of the day under made-up login names. If another account of the number
// has used them up, no message is sent.
//
// An error means that the message could not be read or written. A provider's failure is
// not an error: the message stays, and a later run sends it.
func (a *Accounts) SendResetMessage(ctx context.Context, id string) error {
	for range realname.CommitTries {
		m, err := a.Directory.LoadResetMessage(ctx, id)
		if err != nil || m.ID == "" || m.Due.After(a.Now()) {
			return err
		}
		err = a.sendResetMessage(ctx, m)
		if !errors.Is(err, realname.ErrStale) {
			return err
		}
	}
	return realname.ErrStale
}

func (a *Accounts) sendResetMessage(ctx context.Context, m realname.ResetMessage) error {
	login, sms, err := a.openResetMessage(m)
	if err != nil {
		return err
	}
	account, bound, err := a.boundTo(ctx, login, sms.Mobile)
	if err != nil {
		return err
	}
	q, err := a.resetQuery(login, sms.Mobile, m.At)
	if err != nil {
		return err
	}
	view, err := a.Directory.LoadCode(ctx, q)
	if err != nil {
		return err
	}
	first := m.Tries == 0
	full := first && a.Limits.SMSWait(realname.SessionView{Number: view.Number}, m.At) > 0
	if !bound || full || !a.Now().Before(m.ExpiresAt) {
		return a.Store.Commit(ctx, realname.Writing(realname.DropResetMessage(m)))
	}
	// Count the attempt and set the next one before it begins: if the process dies,
	// nothing is lost, and no other process attempts the message at the same time.
	m.Tries++
	m.Due = a.Now().Add(a.ResetRetry)
	c := realname.Writing(m)
	if first { // at the time of the request, so that a request a minute later finds it a minute old
		c.Add(realname.CountedNumber{NumberIndex: q.NumberIndex, NumberDay: view.Number.Another(m.At)})
	}
	if err := a.Store.Commit(ctx, c); err != nil {
		return err
	}
	m.Version++
	sent, err := a.Sessions.SMS.SendCode(ctx, sms)
	if err != nil || sent.Outcome != realname.Match {
		a.Log.LogAttrs(ctx, slog.LevelWarn, "password reset code not sent", slog.String("accountId", account.ID),
			slog.Int("tries", m.Tries), slog.String("error", realname.Unanswered(sent, err).Error()))
		if m.Tries < resetTries {
			return nil
		}
	} else {
		a.Sessions.Codes().LogSent(ctx, sms, sent)
	}
	err = a.Store.Commit(ctx, realname.Writing(realname.DropResetMessage(m)))
	if errors.Is(err, realname.ErrStale) {
		return nil // another run followed, because this one took too long
	}
	return err
}

// openResetMessage opens a message and the login name for which it was ordered.
func (a *Accounts) openResetMessage(m realname.ResetMessage) (login string, sms realname.SMSMessage, err error) {
	sms = realname.SMSMessage{Purpose: realname.SMSResetPassword, Minutes: int(a.Limits.SMSCodeLife / time.Minute)}
	for _, f := range []struct {
		into   *string
		sealed realname.Sealed
		field  string
	}{
		{&login, m.LoginName, realname.FieldLoginName},
		{&sms.Mobile, m.Mobile, realname.FieldMobile},
		{&sms.Code, m.Code, realname.FieldCode},
	} {
		plain, err := a.Sealer.Open(f.sealed, realname.ResetMessageItem(m.ID), f.field)
		if err != nil {
			return "", sms, err
		}
		*f.into = string(plain)
	}
	return login, sms, nil
}
