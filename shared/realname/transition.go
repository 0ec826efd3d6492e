package realname

import (
	"slices"
	"time"
)

// Event is something that happened to a session.
type Event interface{ event() }

// StepDecided is the answer to one try of one step.
type StepDecided struct {
	Step    StepName
	By      By
	Passed  bool
	Code    Code // why it did not pass
	Charged bool // whether a try that did not pass costs one
	// Enterprise and Subject are what step 1 established; zero for other steps.
	Enterprise SessionEnterprise
	Subject    Sealed
	Hints      []Hint
	Evidence   Evidence
	// HolderChanges is the account's, as it was when step 3 was judged.
	HolderChanges int64
	Answer        *Answered // the answer to know again, nil when it was known
}

// CanceledByUser is the user's wish to end the session.
type CanceledByUser struct{}

// WorkflowEnded is the workflow's last state, or its absence long after the
// session's deadline. It carries no verdict: the session's own steps decide.
type WorkflowEnded struct{}

// GroundChanged tells that what the session was to verify has changed since.
type GroundChanged struct{}

// SignalDelivered tells that the workflow has the signal that was pending.
type SignalDelivered struct{}

func (StepDecided) event()     {}
func (CanceledByUser) event()  {}
func (WorkflowEnded) event()   {}
func (GroundChanged) event()   {}
func (SignalDelivered) event() {}

// Effect is something that has to be stored in the same transaction as the
// session's new state.
type Effect interface{ effect() }

// RecordAttempt keeps a decided try and its evidence.
type RecordAttempt struct{ Attempt Attempt }

// CountFailedTry adds one to the account's failed tries of the day.
type CountFailedTry struct{}

// ReleaseLock lets the account start another session of the method.
type ReleaseLock struct{}

// PassAspect marks an aspect as verified by the session.
type PassAspect struct{ Aspect AspectName }

// AdoptEnterprise writes what the registry confirmed, the enterprise's name and
// its legal representative, into the enterprise's record, so that what is
// stored is what the verification rests on.
type AdoptEnterprise struct {
	Enterprise SessionEnterprise
	Subject    Sealed
}

// RevokeTokens refuses every token that the account has until now.
type RevokeTokens struct{}

// Announce tells the platform; Audit tells the enterprise's audit trail.
type (
	Announce struct{ Type AnnouncementType }
	Audit    struct{ Action AuditAction }
)

func (RecordAttempt) effect()   {}
func (CountFailedTry) effect()  {}
func (ReleaseLock) effect()     {}
func (PassAspect) effect()      {}
func (AdoptEnterprise) effect() {}
func (RevokeTokens) effect()    {}
func (Announce) effect()        {}
func (Audit) effect()           {}

// AnnouncementType is the detail-type of a platform event.
type AnnouncementType string

// Platform events of a session.
const (
	EnterpriseVerified AnnouncementType = "EnterpriseVerified"
	HolderVerified     AnnouncementType = "HolderVerified"
	SessionClosed      AnnouncementType = "SessionClosed"
	// VerificationWithdrawn tells that an aspect is unverified again, because what
	// it rested on was changed.
	VerificationWithdrawn AnnouncementType = "VerificationWithdrawn"
)

// AuditAction names an entry of the audit trail.
type AuditAction string

// Audit actions of a session.
const (
	AuditSessionStarted AuditAction = "session_started"
	AuditSessionClosed  AuditAction = "session_closed"
	AuditUnlocked       AuditAction = "account_unlocked" // by an operator of the service
	AuditCardBound      AuditAction = "card_bound"
	AuditCardUnbound    AuditAction = "card_unbound"
)

// NewSession returns a session of the account that waits for its first step,
// and what starting it entails. Eligibility is decided before, by Eligible.
func NewSession(id string, a Account, e Enterprise, m Method, consentVersion string, l Limits, now time.Time) (Session, []Effect) {
	s := Session{
		ID: id, AccountID: a.ID, Method: m,
		Enterprise:   SessionEnterprise{Name: e.Name, USCC: e.USCC},
		Consent:      Consent{Version: consentVersion, AcceptedAt: now},
		Ground:       Ground{Enterprise: e.Changes},
		TriesPerStep: l.TriesPerStep,
		CreatedAt:    now, ChangedAt: now,
		StepDue:   now.Add(l.StepTimeout),
		ExpiresAt: now.Add(l.SessionTimeout),
		Signal:    &Signal{Kind: SignalStart, Since: now},
	}
	for _, name := range m.Steps() {
		s.Steps = append(s.Steps, Step{Name: name, Outcome: StepPending})
	}
	return s, []Effect{Audit{AuditSessionStarted}}
}

// Next is every transition of a session: what it becomes when the event happens
// at the given time, and what must be stored with it. A refused event returns
// the session as it was and an *Error; nothing else changes a session.
func Next(s Session, e Event, l Limits, now time.Time) (Session, []Effect, error) {
	switch e := e.(type) {
	case StepDecided:
		return decide(s, e, l, now)
	case BankChosen:
		return chooseBank(s, e, now)
	case BankAnswered:
		return answerBank(s, e, l, now)
	case CanceledByUser:
		return cancel(s, now)
	case WorkflowEnded:
		return finish(s, now)
	case GroundChanged:
		return lose(s, now)
	case SignalDelivered:
		if s.Signal == nil {
			return s, nil, nil
		}
		s.Signal = nil
		return s, nil, nil
	}
	return s, nil, &Error{Code: CodeConflict}
}

// Answerable tells whether the session takes an answer for the step now; if
// not, the error says why.
func (s Session) Answerable(step StepName, now time.Time) error {
	if st, ok := s.Step(step); ok && st.Outcome == StepFailed {
		return &Error{Code: CodeAttemptsExhausted, AttemptsLeft: new(int)}
	}
	current, open := s.Current()
	if !s.Live() || !open || current.Name != step || !now.Before(s.Deadline()) {
		return &Error{Code: CodeStepNotOpen}
	}
	return nil
}

func decide(s Session, e StepDecided, l Limits, now time.Time) (Session, []Effect, error) {
	if err := s.Answerable(e.Step, now); err != nil {
		return s, nil, err
	}
	st, _ := s.Step(e.Step)
	n := s
	n.ChangedAt = now
	n.Hints = e.Hints
	effects := []Effect{RecordAttempt{Attempt{
		Step: e.Step, By: e.By, At: now, Passed: e.Passed, Code: e.Code, Charged: e.Charged && !e.Passed, Evidence: e.Evidence,
	}}}
	if e.Passed {
		st.Outcome, st.By, st.DecidedAt = StepPassed, e.By, now
		n = n.withStep(st)
		n.LastError = nil
		n.StepDue = now.Add(l.StepTimeout)
		n.Signal = &Signal{Kind: SignalPassed, Step: e.Step, Since: now}
		if e.Step == StepEnterprise {
			n.Enterprise, n.Subject = e.Enterprise, e.Subject
		}
		if e.Step == StepAccountHolder {
			n.Ground.Holder = e.HolderChanges
		}
		return n, effects, nil
	}
	n = n.withAnswer(e.Answer)
	n.LastError = &LastError{Code: e.Code, Step: e.Step, At: now}
	if !e.Charged {
		return n, effects, nil
	}
	st.FailedTries++
	st.By = e.By
	effects = append(effects, CountFailedTry{})
	if st.FailedTries < s.TriesPerStep {
		return n.withStep(st), effects, nil
	}
	st.Outcome, st.DecidedAt = StepFailed, now
	n, closing := closeAs(n.withStep(st), Failed, now)
	n.Signal = &Signal{Kind: SignalEnded, Step: e.Step, Since: now}
	return n, append(effects, closing...), nil
}

// cancel closes a session at its user's wish. One that is past its deadline and
// waits for the workflow to close it is closed as expired.
func cancel(s Session, now time.Time) (Session, []Effect, error) {
	if s.Closed == Canceled {
		return s, nil, nil
	}
	current, open := s.Current()
	if !s.Live() || !open {
		return s, nil, &Error{Code: CodeSessionClosed}
	}
	as := Canceled
	if s.Status(now) == Expired {
		as = Expired // as everybody was told already
	}
	n, effects := closeAs(s, as, now)
	n.Signal = &Signal{Kind: SignalEnded, Step: current.Name, Since: now}
	return n, effects, nil
}

// finish closes by the session's own steps: all passed is verified even if the
// last wait timed out at the same moment; one missing never is.
func finish(s Session, now time.Time) (Session, []Effect, error) {
	if !s.Live() {
		if s.Signal == nil {
			return s, nil, nil
		}
		s.Signal = nil
		return s, nil, nil
	}
	if _, open := s.Current(); open {
		n, effects := closeAs(s, Expired, now)
		n.Signal = nil
		return n, effects, nil
	}
	var passes []Effect
	if s.Subject != "" {
		passes = append(passes, AdoptEnterprise{s.Enterprise, s.Subject})
	}
	for _, a := range s.Method.Covers() {
		passes = append(passes, PassAspect{a})
	}
	if s.Method == ICCard {
		passes = append(passes, RevokeTokens{})
	}
	if slices.Contains(s.Method.Covers(), EnterpriseAspect) {
		passes = append(passes, Announce{EnterpriseVerified})
	}
	if slices.Contains(s.Method.Covers(), HolderAspect) {
		passes = append(passes, Announce{HolderVerified})
	}
	n, effects := closeAs(s, Verified, now)
	n.Signal = nil
	return n, append(passes, effects...), nil
}

func closeAs(s Session, status Status, now time.Time) (Session, []Effect) {
	s.Closed, s.ClosedAt, s.ChangedAt = status, now, now
	s.Subject, s.Answers = "", nil
	return s, []Effect{ReleaseLock{}, Announce{SessionClosed}, Audit{AuditSessionClosed}}
}
