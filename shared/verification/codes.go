package verification

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"time"

	"realname/shared/realname"
	"realname/shared/telemetry/metric"
)

// NumberPurpose is the purpose of the blind index of a mobile number.
const NumberPurpose = "mobile"

// Codes sends SMS codes within the limits and checks the codes that users enter.
type Codes struct {
	*realname.Ports
	SMS     realname.SMS
	NewCode func() (string, error)
}

// Codes returns the SMS codes of the verification's ports.
func (v *Verification) Codes() Codes { return Codes{Ports: v.Ports, SMS: v.SMS, NewCode: v.NewCode} }

// CodeOrder is an order to send a code: its use, its receiver and its limits.
type CodeOrder struct {
	For         realname.SMSCode // the owner and the step of the code
	To          string           // the mobile number
	NumberIndex string           // the blind index of To
	View        realname.SessionView
	Again       func(context.Context) (realname.SessionView, error) // reads View again
	Message     realname.SMSMessage
	Idempotency *realname.Idempotency
	Render      func(resendAfter time.Duration, expiresAt time.Time) realname.Reply
}

// Send sends a code unless the caller has to wait because of a limit.
// Errors: CodeSMSLimit with RetryAfter, CodeUnavailable, CodeKeyReused, CodeKeyInProgress,
// CodeConflict.
func (c Codes) Send(ctx context.Context, o CodeOrder) (realname.Reply, error) {
	now := c.Now()
	if wait := c.Limits.SMSWait(o.View, now); wait > 0 {
		return realname.Reply{}, &realname.Error{Code: realname.CodeSMSLimit, RetryAfter: realname.CeilSecond(wait)}
	}
	code, digits, err := c.Make(o, now)
	if err != nil {
		return realname.Reply{}, err
	}
	b := o.booking(code, c.Running(o.Idempotency), c.NewID(), now)
	if err := b.book(ctx, c.Store); errors.Is(err, realname.ErrStale) {
		return c.lost(ctx, o)
	} else if err != nil {
		return realname.Reply{}, err
	}
	m := o.Message
	m.Mobile, m.Code, m.Minutes = o.To, digits, int(c.Limits.SMSCodeLife/time.Minute)
	sent, err := c.SMS.SendCode(ctx, m)
	if err != nil || sent.Outcome != realname.Match {
		return realname.Reply{}, c.giveBack(ctx, b, code, sent, err)
	}
	c.LogSent(ctx, m, sent)
	reply := o.Render(c.Limits.SMSInterval, code.ExpiresAt)
	keepAsked(ctx, c.Ports, code.SessionID, sent, smsAttempt(code, sent, c.Now()))
	kept, err := c.Keep(reply, o.Idempotency)
	if kept == nil || err != nil {
		return reply, err
	}
	kept.Version = b.running.Version
	// The message has been sent. If its answer is not stored, a repeated request is
	// refused as in progress.
	if err = c.Store.Commit(ctx, realname.Writing(*kept)); err != nil && !errors.Is(err, realname.ErrStale) {
		return realname.Reply{}, err
	}
	return reply, nil
}

// smsAttempt returns the evidence of a message.
func smsAttempt(code realname.SMSCode, sent realname.CheckResult, at time.Time) realname.Attempt {
	a := realname.Attempt{
		Step: code.Step, By: realname.ByBankCard, At: at, Evidence: sent.Evidence(realname.SMSCheck, code.SentAt),
	}
	if sent.Outcome != realname.Match {
		a.Code = realname.CodeUnavailable
	}
	return a
}

// Make generates a code. It returns the record, which replaces the previous code,
// and the digits.
func (c Codes) Make(o CodeOrder, now time.Time) (code realname.SMSCode, digits string, err error) {
	if digits, err = c.NewCode(); err != nil {
		return realname.SMSCode{}, "", err
	}
	code = o.For
	hashes, err := c.hashes(code, o.To, digits)
	if err != nil {
		return realname.SMSCode{}, "", err
	}
	code.Hash = hashes[0]
	code.NumberIndex = o.NumberIndex
	code.SentAt, code.ExpiresAt = now, now.Add(c.Limits.SMSCodeLife)
	if o.View.Code != nil {
		code.Version = o.View.Code.Version
	}
	return code, digits, nil
}

// lost answers a request whose counters another request changed first. If the other
// request was an identical one, both get the same answer, else this one gets
// CodeConflict.
func (c Codes) lost(ctx context.Context, o CodeOrder) (realname.Reply, error) {
	view, err := o.Again(ctx)
	if err != nil {
		return realname.Reply{}, err
	}
	if view.Reply != nil {
		return c.Replay(view.Reply, o.Idempotency)
	}
	return realname.Reply{}, &realname.Error{Code: realname.CodeConflict}
}

// booking is what is stored before a message is sent: the mark of the running request,
// the counters including the message, and the code. A record that is not stored is nil.
type booking struct {
	running *realname.Reply
	number  *realname.CountedNumber
	day     *realname.CountedDay
	code    *realname.SMSCode
	lastAt  time.Time // of the previous message
}

func (o CodeOrder) booking(code realname.SMSCode, running *realname.Reply, by string, now time.Time) *booking {
	day := o.View.Day.Counted(o.View.Account.ID, by)
	day.SMS++
	number := realname.CountedNumber{NumberIndex: o.NumberIndex, NumberDay: o.View.Number.Another(now)}
	return &booking{running, &number, &day, &code, o.View.Number.LastAt}
}

// book stores the records one after the other, because a transaction doubles the cost of
// each. The version of each guards its limit. If one is not stored, because another request
// was faster or the table fails, book takes back those before it. If the process dies in
// between, the message counts, although none was sent.
// Errors: ErrStale if another request was faster.
func (b *booking) book(ctx context.Context, store realname.Store) error {
	done := booking{lastAt: b.lastAt}
	for _, one := range []struct {
		write  realname.Write
		stored func()
	}{
		{realname.Optional(b.running), func() { done.running = b.running; b.running.Version++ }},
		{*b.number, func() { done.number = b.number; b.number.Version++ }},
		{*b.day, func() { done.day = b.day; b.day.Version++ }},
		{*b.code, func() { done.code = b.code; b.code.Version++ }},
	} {
		if one.write == nil {
			continue
		}
		err := store.Commit(ctx, realname.Writing(one.write))
		if err != nil {
			if undo := done.undone(); len(undo.Writes) > 0 {
				_ = store.Commit(ctx, undo) // if this fails, the message stays counted
			}
			return err
		}
		one.stored()
	}
	return nil
}

// undone returns the change that takes back what is stored.
func (b booking) undone() (c realname.Change) {
	if b.running != nil {
		c.Add(realname.DropReply(*b.running))
	}
	if b.number != nil {
		number := *b.number
		number.SMS--
		number.LastAt = b.lastAt
		c.Add(number)
	}
	if b.day != nil {
		day := *b.day
		day.SMS--
		c.Add(day)
	}
	if b.code != nil {
		c.Add(realname.DropCode(*b.code))
	}
	return c
}

// giveBack restores the counters after a message was not sent and deletes the mark
// of the running request, so that the request can be repeated.
func (c Codes) giveBack(
	ctx context.Context, b *booking, code realname.SMSCode, sent realname.CheckResult, cause error,
) error {
	change := b.undone()
	change.Add(realname.Optional(asked(c.Ports, code.SessionID, sent, smsAttempt(code, sent, c.Now()))))
	if err := c.Store.Commit(ctx, change); err != nil {
		cause = errors.Join(cause, err)
	}
	return realname.Unanswered(sent, cause)
}

// Guess compares the code that the user entered with the sent code. If the sent code
// is missing, used, expired or went to another number, the user must request a new
// one.
//
// Guess writes the code over the version that it read before it answers, for correct
// and wrong guesses alike. Of concurrent guesses only one is judged. The others
// reveal nothing, neither by effects nor by timing.
// Errors: CodeSMSCodeWrong, CodeSMSCodeExpired, CodeConflict.
func (c Codes) Guess(ctx context.Context, code *realname.SMSCode, numberIndex, mobile, typed string) error {
	if code == nil || code.WrongTries >= c.Limits.SMSCodeTries ||
		!c.Now().Before(code.ExpiresAt) || code.NumberIndex != numberIndex {
		return &realname.Error{Code: realname.CodeSMSCodeExpired}
	}
	given, err := c.hashes(*code, mobile, typed)
	if err != nil {
		return err
	}
	right := false
	for _, hash := range given { // a rotation may have changed the key since the code was sent
		right = subtle.ConstantTimeCompare([]byte(hash), []byte(code.Hash)) == 1 || right
	}
	*code = code.Guessed(right, c.NewID())
	if err = c.Store.Commit(ctx, realname.Writing(*code)); errors.Is(err, realname.ErrStale) {
		return &realname.Error{Code: realname.CodeConflict}
	} else if err != nil {
		return err
	}
	code.Version++
	if !right {
		left := c.Limits.SMSCodeTries - code.WrongTries
		return &realname.Error{Code: realname.CodeSMSCodeWrong, AttemptsLeft: &left}
	}
	return nil
}

func (c Codes) hashes(code realname.SMSCode, mobile, digits string) ([]string, error) {
	return c.Sealer.Indexes(realname.CodePurpose, code.Owner()+"|"+string(code.Step)+"|"+mobile+"|"+digits)
}

// LogSent writes the log line of a code that a provider accepted.
func (c Codes) LogSent(ctx context.Context, m realname.SMSMessage, sent realname.CheckResult) {
	c.Log.LogAttrs(ctx, slog.LevelInfo, "sms code sent", append(
		metric.Count(c.Now(), "SMSSent", 1, metric.By("Purpose", string(m.Purpose))),
		slog.String("provider", sent.Provider), slog.String("providerRequestId", sent.RequestID),
	)...)
}
