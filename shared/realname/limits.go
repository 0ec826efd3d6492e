package realname

import "time"

// Limits bounds the attempts of a caller. Every refusal by a limit says when the
// caller can retry.
type Limits struct {
	TriesPerStep      int // failed attempts at one step of a session
	FailedTriesPerDay int // failed attempts of one account
	SessionsPerDay    int // sessions of one account and method
	ChecksPerDay      int // questions of one account to providers, whatever their outcome
	// EnterpriseChecksPerDay limits the questions of all accounts of one enterprise.
	EnterpriseChecksPerDay int
	StepTimeout            time.Duration // how long a step waits for its answer
	SessionTimeout         time.Duration // the whole life of a session
	CardChallengesPerDay   int           // challenges for the card of one account
	SMSInterval            time.Duration // between two codes to one number
	SMSPerNumberPerDay     int
	SMSPerAccountPerDay    int
	SMSCodeLife            time.Duration
	SMSCodeTries           int // wrong entries that one code allows
	// CheckReuse is how long an identical check of the same session reuses an answer.
	// It is short because a provider's data can change: a person who opens a CTID in
	// the meantime passes with the same dates (R4).
	CheckReuse time.Duration
	// Retention is how long the personal data of a closed account is kept. PIPL Art. 19 does
	// not allow a longer time than the purpose needs.
	Retention time.Duration
	// ErasureAnswer is how long staff may take to answer a request for erasure.
	ErasureAnswer         time.Duration
	ErasureRequestsPerDay int // of one account
}

// DefaultLimits returns the limits of a stage that configures none.
func DefaultLimits() Limits {
	return Limits{
		TriesPerStep:           5,
		FailedTriesPerDay:      10,
		SessionsPerDay:         5,
		ChecksPerDay:           30,
		EnterpriseChecksPerDay: 300,
		StepTimeout:            30 * time.Minute,
		SessionTimeout:         24 * time.Hour,
		CardChallengesPerDay:   50,
		SMSInterval:            time.Minute,
		SMSPerNumberPerDay:     5,
		SMSPerAccountPerDay:    10,
		SMSCodeLife:            5 * time.Minute,
		SMSCodeTries:           5,
		CheckReuse:             10 * time.Minute,
		// The three years in which customs can inspect a declaration (Customs Law, Art. 45).
		Retention:             3 * 365 * 24 * time.Hour,
		ErasureAnswer:         15 * 24 * time.Hour,
		ErasureRequestsPerDay: 3,
	}
}

// Lives of stored personal data that no setting changes.
const (
	// AuditValuesLife is the life of an audit entry's values: the three years in which
	// customs can inspect a declaration (Customs Law, Art. 45). The entry itself is kept.
	AuditValuesLife = 3 * 366 * 24 * time.Hour
	// CounterLife is the life of a day's counters from the start of the day in UTC: until
	// the day has ended in every time zone.
	CounterLife = 48 * time.Hour
	// ReplyLife is the life of the answer to a request, for repeated requests.
	ReplyLife = 24 * time.Hour
	// LinkLife is the life of the link that confirms an e-mail address.
	LinkLife = 24 * time.Hour
)

// SMSWait returns how long a caller must wait before the next SMS code. A value of
// zero or less means that a code can be sent now.
func (l Limits) SMSWait(view SessionView, now time.Time) time.Duration {
	if view.Day.SMS >= l.SMSPerAccountPerDay || view.Number.SMS >= l.SMSPerNumberPerDay {
		return UntilTomorrow(now)
	}
	last := view.Number.LastAt
	if view.Code != nil && view.Code.SentAt.After(last) {
		last = view.Code.SentAt
	}
	if last.IsZero() {
		return 0
	}
	return last.Add(l.SMSInterval).Sub(now)
}

// CheckWait returns how long a caller must wait before the next question to a
// provider. Zero means that it can be put now.
func (l Limits) CheckWait(view SessionView, now time.Time) time.Duration {
	if view.Checks() >= l.ChecksPerDay || view.EnterpriseDay.Checks >= l.EnterpriseChecksPerDay {
		return UntilTomorrow(now)
	}
	return 0
}

// CommitTries limits how often a decision is committed again after concurrent
// writes that did not change its ground.
const CommitTries = 5
