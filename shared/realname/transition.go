package realname

import (
	"slices"
	"time"
)

// Event is something that happened to a session.
type Event interface{ event() }

// StepDecided is the decision of one attempt at one step.
type StepDecided struct {
	Step    StepName
	By      By
	Passed  bool
	Code    Code // why the attempt did not pass
	Charged bool // whether the attempt counts if it does not pass
	// Enterprise and Subject are the result of step 1; zero for other steps.
	Enterprise SessionEnterprise
	Subject    Sealed
	Hints      []Hint
	Evidence   Evidence
	// ThreeElements means that the registry has compared no ID number.
	ThreeElements bool
	// HolderChanges is the account's count when step 3 was judged.
	HolderChanges int64
	Answer        *Answered // the new answer to keep; nil if the answer was reused
}

// CanceledByUser means that the user cancels the session.
type CanceledByUser struct{}

// WorkflowEnded means that the workflow reached its last state, or that the
// session's deadline is long past and no execution is left. It carries no verdict:
// the session's own steps decide.
type WorkflowEnded struct{}

// GroundChanged means that the facts that the session verifies have changed.
type GroundChanged struct{}

// StepExtended means that the user needs more time for the open step.
type StepExtended struct{}

// ConsentGiven means that the user accepted another version of the consent text.
type ConsentGiven struct{ Version string }

// DeadlinePassed means that a request or Repair saw the session after its deadline.
type DeadlinePassed struct{}

// SignalDelivered means that the workflow has received the pending signal.
type SignalDelivered struct{}

func (StepDecided) event()     {}
func (CanceledByUser) event()  {}
func (WorkflowEnded) event()   {}
func (GroundChanged) event()   {}
func (StepExtended) event()    {}
func (ConsentGiven) event()    {}
func (DeadlinePassed) event()  {}
func (SignalDelivered) event() {}

// Effect is a further write that belongs in the same transaction as the session's
// new state.
type Effect interface{ effect() }

// RecordAttempt stores a decided attempt and its evidence.
type RecordAttempt struct{ Attempt Attempt }

// CountFailedTry adds one to the account's failed attempts of the day.
type CountFailedTry struct{}

// NoteCloser records who closed the session.
type NoteCloser struct{}

// PassAspect marks an aspect as verified by the session.
type PassAspect struct{ Aspect AspectName }

// AdoptEnterprise writes the name and the legal representative that the registry
// confirmed into the enterprise's record, so that the record holds the facts that
// the verification rests on.
type AdoptEnterprise struct {
	Enterprise SessionEnterprise
	Subject    Sealed
}

// RevokeTokens revokes all previously issued tokens of the account.
type RevokeTokens struct{}

// Announce sends an event to the platform.
type Announce struct{ Type AnnouncementType }

// Audit adds an entry to the enterprise's audit trail.
type Audit struct{ Action AuditAction }

func (RecordAttempt) effect()   {}
func (CountFailedTry) effect()  {}
func (NoteCloser) effect()      {}
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
	// VerificationWithdrawn means that an aspect is unverified again because the facts
	// that it rested on changed.
	VerificationWithdrawn AnnouncementType = "VerificationWithdrawn"
)

// AuditAction names an entry of the audit trail.
type AuditAction string

// Audit actions of a session.
const (
	AuditSessionStarted AuditAction = "session_started"
	AuditSessionClosed  AuditAction = "session_closed"
	AuditUnlocked       AuditAction = "account_unlocked" // by a member of staff
	AuditCardBound      AuditAction = "card_bound"
	AuditCardUnbound    AuditAction = "card_unbound"
)

// NewSession returns a session of the account that waits for its first step, and
// the effects of its start. The caller has checked Eligible.
func NewSession(
	id string, a Account, e Enterprise, m Method, consentVersion string, l Limits, now time.Time,
) (Session, []Effect) {
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

// Next applies an event to a session at the given time. It returns the new session
// and the effects to store with it. If it refuses the event, it returns the unchanged
// session and an *Error. Sessions change only through Next.
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
	case StepExtended:
		return extend(s, l, now)
	case ConsentGiven:
		if s.Status(now) != RequiresInput {
			return s, nil, &Error{Code: CodeSessionClosed}
		}
		s.Consent = Consent{Version: e.Version, AcceptedAt: now}
		return s, nil, nil
	case DeadlinePassed:
		if s.Status(now) != Expired || !s.Live() {
			return s, nil, nil
		}
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

// Answerable returns nil if the session accepts an answer to the step now.
// Errors: CodeAttemptsExhausted, CodeStepNotOpen.
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
		Step: e.Step, By: e.By, At: now, Passed: e.Passed, Code: e.Code, Charged: e.Charged && !e.Passed,
		Evidence: e.Evidence,
	}}}
	if e.Passed {
		st.Outcome, st.By, st.DecidedAt = StepPassed, e.By, now
		n = n.withStep(st)
		n.LastError = nil
		n.StepDue = now.Add(l.StepTimeout)
		n.Signal = &Signal{Kind: SignalPassed, Step: e.Step, Since: now}
		if e.Step == StepEnterprise {
			n.Enterprise, n.Subject = e.Enterprise, e.Subject
			if person, ok := n.Step(StepLegalRepresentative); ok && e.ThreeElements {
				person.BankCardOnly = true
				n = n.withStep(person)
			}
		}
		if e.Step == StepAccountHolder {
			n.Ground.Holder = e.HolderChanges
		}
		return n, effects, nil
	}
	n = n.withAnswer(e.Answer)
	n.LastError = &LastError{
		Code: e.Code, Step: e.Step, At: now, Differs: e.Evidence.Differs, CurrentFrom: e.Evidence.CurrentFrom,
	}
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

// cancel closes a session that its user cancels. If the deadline has passed and the
// workflow has not closed the session yet, cancel closes it as expired.
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
		as = Expired // Status has shown it as expired since the deadline
	}
	n, effects := closeAs(s, as, now)
	n.Signal = &Signal{Kind: SignalEnded, Step: current.Name, Since: now}
	return n, effects, nil
}

// extend gives the open step its whole time again, but never more than the session has.
// It does nothing if the step has that much time already.
func extend(s Session, l Limits, now time.Time) (Session, []Effect, error) {
	if !s.Live() {
		return s, nil, &Error{Code: CodeSessionClosed}
	}
	if s.Status(now) != RequiresInput {
		return s, nil, &Error{Code: CodeStepNotOpen}
	}
	due := now.Add(l.StepTimeout)
	if due.After(s.ExpiresAt) {
		due = s.ExpiresAt
	}
	if due.After(s.Deadline()) {
		s.StepDue = due
	}
	return s, nil, nil
}

// finish closes a session by its own steps. If all have passed, the session is
// verified, even if the last wait timed out at the same moment. If one is missing,
// it is never verified.
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
	return s, []Effect{NoteCloser{}, Announce{SessionClosed}, Audit{AuditSessionClosed}}
}
