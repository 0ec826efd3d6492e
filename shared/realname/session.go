package realname

import (
	"time"
)

// Answered is a provider's answer to a check of a session. Who asks the same
// within Limits.CheckReuse gets it again: the provider is not paid twice. It is
// erased when the session closes.
type Answered struct {
	Index    string   `json:"index"` // keyed index of what was asked
	Evidence Evidence `json:"evidence"`
}

// answersKept bounds the answers that a session carries.
const answersKept = 10

// withAnswer is the session that knows one more answer, the latest of them.
func (s Session) withAnswer(a *Answered) Session {
	if a == nil {
		return s
	}
	known := append(append([]Answered{}, s.Answers...), *a)
	s.Answers = known[max(0, len(known)-answersKept):]
	return s
}

// Status is where a session stands. The names follow Stripe Identity's
// VerificationSession.
type Status string

// A session waits for input, is being decided, or is closed one of four ways.
const (
	RequiresInput Status = "requires_input" // its step waits for the user, the bank or the card
	Processing    Status = "processing"     // every step passed; the workflow is about to close it
	Verified      Status = "verified"
	Failed        Status = "failed" // a step used up its tries
	Canceled      Status = "canceled"
	Expired       Status = "expired"
)

// StepOutcome is what became of a step.
type StepOutcome string

// A step passes once, fails for good once, and waits until then.
const (
	StepPending StepOutcome = "pending"
	StepPassed  StepOutcome = "passed"
	StepFailed  StepOutcome = "failed"
)

// By is the way in which somebody's identity was checked.
type By string

// The two ways of R4's steps 2 and 3.
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
}

// LastError is the latest refusal of a session, kept so that another device can
// show it. It names a problem code and nothing of what was typed.
type LastError struct {
	Code   Code       `json:"code"`
	Reason BankReason `json:"reason,omitempty"` // with CodeBankRefused
	Step   StepName   `json:"step,omitempty"`
	At     time.Time  `json:"at"`
}

// SignalKind is what the workflow has to be told.
type SignalKind string

// What a session's Signal can say.
const (
	SignalStart  SignalKind = "start"  // begin the execution
	SignalPassed SignalKind = "passed" // the step passed: move on
	SignalEnded  SignalKind = "ended"  // the session closed while the step was open: finish
)

// Signal is the marker of the transactional outbox between a session and its
// workflow: it is committed with the decision and stays until the workflow is
// known to have it, so that a process may die in between.
type Signal struct {
	Kind  SignalKind `json:"kind"`
	Step  StepName   `json:"step,omitempty"`
	Since time.Time  `json:"since"`
}

// SessionEnterprise is the enterprise a session is about. Names and codes of
// companies are public, so they are kept in clear.
type SessionEnterprise struct {
	Name string `json:"name"`
	USCC string `json:"uscc"`
}

// Session is one try of an account to be verified by one method.
type Session struct {
	ID         string
	AccountID  string
	Method     Method
	Closed     Status // "" while it lives, else Verified, Failed, Canceled or Expired
	Steps      []Step
	LastError  *LastError
	Enterprise SessionEnterprise
	// Subject is the legal representative given in step 1, a sealed Person. It is
	// erased when the session closes.
	Subject Sealed
	Hints   []Hint
	// Answers are what providers said to tries that did not pass.
	Answers []Answered
	// BankRequests are the hand-overs to banks, in their order.
	BankRequests []BankRequest
	Consent      Consent
	Ground       Ground
	// TriesPerStep is the limit under which the session started.
	TriesPerStep int
	CreatedAt    time.Time
	ChangedAt    time.Time
	StepDue      time.Time // the open step is answered before this instant or not at all
	ExpiresAt    time.Time
	ClosedAt     time.Time
	ClosedBy     string // the operator of the service who closed it; "" when none did
	Signal       *Signal
	RequestID    string // of the request that started it, for the log lines of its workflow
	Version      int64
}

// Hint is advice to the user that refuses nothing.
type Hint string

// HintValidityUnusual says that the ID card's length of validity is not what the
// Resident Identity Card Law, Art. 5, gives for the holder's age at issue.
const HintValidityUnusual Hint = "validity_unusual_for_age"

// HintLoginAgain says that the card has proven the enterprise, and that it takes
// effect with the next login (R6).
const HintLoginAgain Hint = "login_again"

// Live reports whether the session can still change what is verified.
func (s Session) Live() bool { return s.Closed == "" }

// Current returns the first step that has not passed; ok is false when all have.
func (s Session) Current() (step Step, ok bool) {
	for _, st := range s.Steps {
		if st.Outcome != StepPassed {
			return st, true
		}
	}
	return Step{}, false
}

// Step returns the step of that name; ok is false when the method has none.
func (s Session) Step(name StepName) (step Step, ok bool) {
	for _, st := range s.Steps {
		if st.Name == name {
			return st, true
		}
	}
	return Step{}, false
}

// Deadline is the instant from which the session takes no answer any more.
func (s Session) Deadline() time.Time {
	if !s.StepDue.IsZero() && s.StepDue.Before(s.ExpiresAt) {
		return s.StepDue
	}
	return s.ExpiresAt
}

// Status returns where the session stands at the given time. A session past its
// deadline shows as expired even before the workflow has closed it; one whose
// steps all passed does not expire any more.
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

// TriesLeft returns how many failed tries the step still bears.
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
