package realname

import (
	"time"
)

// Answered is a provider's answer to a check of a session. An identical check within
// Limits.CheckReuse reuses it, so that the service does not pay the provider twice.
// It is erased when the session closes.
type Answered struct {
	Index    string   `json:"index"` // keyed index of the query
	Evidence Evidence `json:"evidence"`
}

// answersKept limits the answers that a session keeps.
const answersKept = 10

// withAnswer returns the session with the answer added as the latest one.
func (s Session) withAnswer(a *Answered) Session {
	if a == nil {
		return s
	}
	known := append(append([]Answered{}, s.Answers...), *a)
	s.Answers = known[max(0, len(known)-answersKept):]
	return s
}

// Status is the state of a session. The names follow Stripe Identity's
// VerificationSession.
type Status string

// A session waits for input, waits for its verdict, or is closed with one of four
// results.
const (
	RequiresInput Status = "requires_input" // its step waits for the user, the bank or the card
	Processing    Status = "processing"     // every step passed; the workflow is about to close it
	Verified      Status = "verified"
	Failed        Status = "failed" // a step used up its attempts
	Canceled      Status = "canceled"
	Expired       Status = "expired"
)

// StepOutcome is the outcome of a step.
type StepOutcome string

// A step is pending until it passes or finally fails.
const (
	StepPending StepOutcome = "pending"
	StepPassed  StepOutcome = "passed"
	StepFailed  StepOutcome = "failed"
)

// By is the check that proves a person's identity.
type By string

// The two checks of R4's steps 2 and 3: by ID card and by bank card.
const (
	ByIDCard   By = "id_card"
	ByBankCard By = "bank_card"
)

// Step is one step of a session.
type Step struct {
	Name        StepName    `json:"name"`
	Outcome     StepOutcome `json:"outcome"`
	By          By          `json:"by,omitempty"`
	DecidedAt   time.Time   `json:"decidedAt,omitzero"`
	FailedTries int         `json:"failedTries,omitempty"`
	// BankCardOnly means that the registry has compared three elements without the ID
	// number, so that only a bank card proves the person.
	BankCardOnly bool `json:"bankCardOnly,omitempty"`
}

// LastError is the latest refusal of a session, stored so that another device can
// show it. It holds a problem code and none of the user's input.
type LastError struct {
	Code   Code       `json:"code"`
	Reason BankReason `json:"reason,omitempty"` // with CodeBankRefused
	Step   StepName   `json:"step,omitempty"`
	At     time.Time  `json:"at"`
	// Differs and CurrentFrom are those of a registry's Evidence.
	Differs     []Element `json:"differs,omitempty"`
	CurrentFrom string    `json:"currentFrom,omitempty"`
}

// SignalKind is the message of a Signal to the workflow.
type SignalKind string

// Kinds of a session's Signal.
const (
	SignalStart  SignalKind = "start"  // begin the execution
	SignalPassed SignalKind = "passed" // the step passed: continue
	SignalEnded  SignalKind = "ended"  // the session closed while the step was open: finish
)

// Signal is the entry of the transactional outbox between a session and its
// workflow. It is committed with the decision and stays until the workflow has
// confirmed it, so that no signal is lost if a process dies in between.
type Signal struct {
	Kind  SignalKind `json:"kind"`
	Step  StepName   `json:"step,omitempty"`
	Since time.Time  `json:"since"`
}

// SessionEnterprise is the enterprise that a session verifies. Names and codes of
// companies are public, so they are stored in clear text.
type SessionEnterprise struct {
	Name string `json:"name"`
	USCC string `json:"uscc"`
}

// Session is one attempt of an account to be verified by one method.
type Session struct {
	ID         string
	AccountID  string
	Method     Method
	Closed     Status // "" while it is live, else Verified, Failed, Canceled or Expired
	Steps      []Step
	LastError  *LastError
	Enterprise SessionEnterprise
	// Subject is the legal representative given in step 1, a sealed Person. It is
	// erased when the session closes.
	Subject Sealed
	Hints   []Hint
	// Attempts are decided attempts, the latest last. Older ones can have moved out of the
	// session.
	Attempts []Attempt
	// DecidedBy is the Mark of the request that made the latest decision. Before the first
	// one, it is the Mark of the start, until the session is handed over to a bank.
	DecidedBy string
	// Answers are the providers' answers to attempts that did not pass.
	Answers []Answered
	// BankRequests are the hand-overs to banks, the latest last.
	BankRequests []BankRequest
	Consent      Consent
	Ground       Ground
	// TriesPerStep is the limit of attempts at the session's start.
	TriesPerStep int
	// NthOfDay numbers the sessions of the method that the account starts on a day, from 1.
	// It is 0 in a session of version 1.0.0.
	NthOfDay  int
	CreatedAt time.Time
	ChangedAt time.Time
	StepDue   time.Time // the open step accepts an answer only before this instant
	ExpiresAt time.Time
	ClosedAt  time.Time
	ClosedBy  string // the member of staff who closed it; "" for none
	Signal    *Signal
	RequestID string // of the request that started it, for the log lines of its workflow
	// LookAt is the time at which the stored session is listed for Repair, zero if it is
	// not. A write does not postpone it: moving in the list costs more than a look that
	// finds nothing to do. With zero, the next write lists the session again.
	LookAt  time.Time
	Version int64
}

// Hint is advice to the user that does not refuse anything.
type Hint string

// HintValidityUnusual means that the ID card's term of validity differs from the
// term that the Resident Identity Card Law, Art. 5, prescribes for the holder's age
// at issue.
const HintValidityUnusual Hint = "validity_unusual_for_age"

// HintLoginAgain means that the card has proven the enterprise and that the result
// takes effect with the next sign-in (R6).
const HintLoginAgain Hint = "login_again"

// Live reports whether the session is not closed yet.
func (s Session) Live() bool { return s.Closed == "" }

// Current returns the first step that has not passed; ok is false if all have
// passed.
func (s Session) Current() (step Step, ok bool) {
	for _, st := range s.Steps {
		if st.Outcome != StepPassed {
			return st, true
		}
	}
	return Step{}, false
}

// Step returns the step with that name; ok is false if the method has no such step.
func (s Session) Step(name StepName) (step Step, ok bool) {
	for _, st := range s.Steps {
		if st.Name == name {
			return st, true
		}
	}
	return Step{}, false
}

// Deadline returns the instant from which the session accepts no answer.
func (s Session) Deadline() time.Time {
	if !s.StepDue.IsZero() && s.StepDue.Before(s.ExpiresAt) {
		return s.StepDue
	}
	return s.ExpiresAt
}

// Status returns the state of the session at the given time. A session past its
// deadline counts as expired even before the workflow has closed it. A session whose
// steps have all passed does not expire.
func (s Session) Status(now time.Time) Status {
	if !s.Live() {
		return s.Closed
	}
	if _, open := s.Current(); !open {
		return Processing
	}
	if !now.Before(s.Deadline()) {
		return Expired
	}
	return RequiresInput
}

// TriesLeft returns how many failed attempts remain for the step.
func (s Session) TriesLeft(st Step) int { return max(0, s.TriesPerStep-st.FailedTries) }

func (s Session) withStep(changed Step) Session {
	steps := make([]Step, len(s.Steps))
	for i, st := range s.Steps {
		if st.Name == changed.Name {
			st = changed
		}
		steps[i] = st
	}
	s.Steps = steps
	return s
}

// LatestSession names an account's latest session of one method. Only a start writes
// it, so that an account never has two live sessions of a method. Whether the session is
// live, the session says itself; a closed one stays closed.
type LatestSession struct {
	AccountID string    `json:"-"`
	Method    Method    `json:"-"`
	SessionID string    `json:"sessionId"`
	ExpiresAt time.Time `json:"-"` // the session's
	Version   int64     `json:"-"`
}

// Followed returns the record after the start of another session.
func (l LatestSession) Followed(s Session) LatestSession {
	return LatestSession{
		AccountID: s.AccountID, Method: s.Method, SessionID: s.ID, ExpiresAt: s.ExpiresAt, Version: l.Version,
	}
}
