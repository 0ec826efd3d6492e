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
// Errors: CodeSMSLimit with RetryAfter, CodeUnavailable, CodeConflict.
func (c Codes) Send(ctx context.Context, o CodeOrder) (realname.Reply, error) {
	now := c.Now()
	if wait := c.Limits.SMSWait(o.View, now); wait > 0 {
		return realname.Reply{}, &realname.Error{Code: realname.CodeSMSLimit, RetryAfter: realname.CeilSecond(wait)}
	}
	code, digits, err := c.Make(o, now)
	if err != nil {
		return realname.Reply{}, err
	}
	count := o.counted(now)
	running := c.Running(o.Idempotency)
	err = c.Store.Commit(ctx, realname.Writing(code, count.day, count.number, realname.Optional(running)))
	if errors.Is(err, realname.ErrStale) {
		return c.lost(ctx, o)
	}
	if err != nil {
		return realname.Reply{}, err
	}
	if running != nil {
		running.Version++
	}
	m := o.Message
	m.Mobile, m.Code, m.Minutes = o.To, digits, int(c.Limits.SMSCodeLife/time.Minute)
	sent, err := c.SMS.SendCode(ctx, m)
	if err != nil || sent.Outcome != realname.Match {
		return realname.Reply{}, c.giveBack(ctx, code, count, running, sent, err)
	}
	c.LogSent(ctx, m, sent)
	reply := o.Render(c.Limits.SMSInterval, code.ExpiresAt)
	attempt := smsAttempt(code, sent, c.Now())
	kept, err := c.Keep(reply, o.Idempotency)
	if err != nil {
		return realname.Reply{}, err
	}
	if kept == nil {
		keepAsked(ctx, c.Ports, code.SessionID, sent, attempt)
		return reply, nil
	}
	kept.Version = running.Version
	// The message has been sent. If its answer is not stored, a repeated request is
	// refused as in progress.
	err = c.Store.Commit(ctx, realname.Writing(*kept, realname.Optional(asked(c.Ports, code.SessionID, sent, attempt))))
	if err != nil && !errors.Is(err, realname.ErrStale) {
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

// messageCount is the counters of an account and a number, including one message.
type messageCount struct {
	day    realname.CountedDay
	number realname.CountedNumber
	lastAt time.Time // of the previous message
}

func (o CodeOrder) counted(now time.Time) messageCount {
	c := messageCount{
		day:    realname.CountedDay{AccountID: o.View.Account.ID, AccountDay: o.View.Day},
		number: realname.CountedNumber{NumberIndex: o.NumberIndex, NumberDay: o.View.Number.Another(now)},
		lastAt: o.View.Number.LastAt,
	}
	c.day.SMS++
	return c
}

// undone returns the counters without the message, in the versions stored by now.
func (c messageCount) undone() (realname.CountedDay, realname.CountedNumber) {
	c.day.SMS--
	c.day.Version++
	c.number.SMS--
	c.number.Version++
	c.number.LastAt = c.lastAt
	return c.day, c.number
}

// giveBack restores the counters after a message was not sent and deletes the mark
// of the running request, so that the request can be repeated.
func (c Codes) giveBack(
	ctx context.Context, code realname.SMSCode, count messageCount, running *realname.Reply,
	sent realname.CheckResult, cause error,
) error {
	code.Version++
	day, number := count.undone()
	change := realname.Writing(realname.DropCode(code), day, number)
	if running != nil {
		change.Add(realname.DropReply(*running))
	}
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
	if !right {
		code.WrongTries++
	}
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
