package realname

import (
	"context"
	"errors"

	"realname/shared/requestid"
)

// StartRequest asks for a new session.
type StartRequest struct {
	Caller         Caller
	Method         Method
	ConsentVersion string
	Idempotency    *Idempotency
	// Render makes the answer that a repetition of the request will get.
	Render func(Session) Reply
}

// Start opens a session: one live session for each account and method.
// Errors: CodeTokenRevoked, CodeConsent, CodeNotApplicable, CodeAlreadyPassed,
// CodeSessionLive, CodeSessionLimit, CodeKeyReused, CodeConflict.
func (v *Verification) Start(ctx context.Context, r StartRequest) (Reply, error) {
	now := v.Now()
	view, err := v.Store.LoadAccount(ctx, AccountQuery{AccountID: r.Caller.AccountID, Day: Day(now), USCC: r.Caller.USCC, Idempotency: r.Idempotency})
	if err != nil {
		return Reply{}, err
	}
	if err := Admit(r.Caller, view.Account); err != nil {
		return Reply{}, err
	}
	if view.Reply != nil {
		if live := view.Live[r.Method]; live != "" {
			// The process may have died between commit and start.
			v.tell(ctx, live)
		}
		return replay(view.Reply, r.Idempotency)
	}
	e, err := v.Store.LoadEnterprise(ctx, view.Account.USCC)
	if err != nil {
		return Reply{}, err
	}
	if err := v.mayStart(view, e, r); err != nil {
		return Reply{}, err
	}
	s, effects := NewSession(v.NewID(), view.Account, e, r.Method, r.ConsentVersion, v.Limits, now)
	s.RequestID = requestid.Of(ctx)
	c, err := v.changeOf(s, effects, SessionView{}, nil, now)
	if err != nil {
		return Reply{}, err
	}
	c.Trail = view.Trail
	c.Take = &Lock{AccountID: s.AccountID, Method: s.Method, SessionID: s.ID}
	day := view.Day
	day.Sessions = map[Method]int{}
	for m, n := range view.Day.Sessions {
		day.Sessions[m] = n
	}
	day.Sessions[r.Method]++
	c.Day = &day
	reply := r.Render(s)
	c.Reply = v.keep(reply, r.Idempotency)
	if err := v.Store.Commit(ctx, c); err != nil {
		return v.lostStart(ctx, r, err)
	}
	v.deliver(ctx, s, nil)
	return reply, nil
}

// lostStart answers a start whose transaction met another one: the repetition
// of the same request gets its answer, anything else a conflict.
func (v *Verification) lostStart(ctx context.Context, r StartRequest, cause error) (Reply, error) {
	if !errors.Is(cause, ErrStale) {
		return Reply{}, cause
	}
	view, err := v.Store.LoadAccount(ctx, AccountQuery{AccountID: r.Caller.AccountID, Day: Day(v.Now()), Idempotency: r.Idempotency})
	if err != nil {
		return Reply{}, err
	}
	if view.Reply != nil {
		return replay(view.Reply, r.Idempotency)
	}
	if live := view.Live[r.Method]; live != "" {
		return Reply{}, &Error{Code: CodeSessionLive, SessionID: live}
	}
	return Reply{}, &Error{Code: CodeConflict}
}

func (v *Verification) mayStart(view AccountView, e Enterprise, r StartRequest) error {
	if reason := Eligible(view.Account, e, r.Method); reason != "" {
		code := CodeNotApplicable
		switch reason {
		case ReasonPassed:
			code = CodeAlreadyPassed
		case ReasonOperator:
			code = CodeForbidden
		}
		return &Error{Code: code, Reason: reason, Alternatives: alternatives(view.Account, e, r.Method)}
	}
	if r.ConsentVersion != ConsentVersion {
		return &Error{Code: CodeConsent, Fields: []FieldError{{Pointer: "/consentVersion", Kind: "consent", Rule: "version"}}}
	}
	if live := view.Live[r.Method]; live != "" {
		return &Error{Code: CodeSessionLive, SessionID: live}
	}
	if view.Day.Sessions[r.Method] >= v.Limits.SessionsPerDay {
		return &Error{Code: CodeSessionLimit, RetryAfter: UntilTomorrow(v.Now())}
	}
	return nil
}

func (v *Verification) tell(ctx context.Context, sessionID string) {
	view, err := v.Store.LoadSession(ctx, SessionQuery{SessionID: sessionID})
	if err != nil || view.Session.Signal == nil {
		return
	}
	v.deliver(ctx, view.Session, view.Open)
}
