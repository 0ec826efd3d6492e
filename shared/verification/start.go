package verification

import (
	"context"
	"errors"

	"realname/shared/realname"
	"realname/shared/telemetry/requestid"
)

// StartRequest asks for a new session.
type StartRequest struct {
	Caller         realname.Caller
	Method         realname.Method
	ConsentVersion string
	Idempotency    *realname.Idempotency
	// Render returns the answer, which repeated requests also get.
	Render func(realname.Session) realname.Reply
}

// Start opens a session. An account has at most one live session of each method.
// Errors: CodeTokenRevoked, CodeConsent, CodeNotApplicable, CodeAlreadyPassed,
// CodeForbidden, CodeSessionLive, CodeSessionLimit, CodeKeyReused, CodeConflict.
func (v *Verification) Start(ctx context.Context, r StartRequest) (realname.Reply, error) {
	now := v.Now()
	view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{
		AccountID: r.Caller.AccountID, Methods: []realname.Method{r.Method}, Day: realname.Day(now), USCC: r.Caller.USCC,
		Idempotency: r.Idempotency,
	})
	if err != nil {
		return realname.Reply{}, err
	}
	if err := realname.Admit(r.Caller, view.Account); err != nil {
		return realname.Reply{}, err
	}
	if view.Reply != nil {
		if latest := view.Latest[r.Method]; latest.SessionID != "" {
			// The first request may have died between its commit and the start.
			v.tell(ctx, latest.SessionID)
		}
		return v.Replay(view.Reply, r.Idempotency)
	}
	sessions, err := v.Store.LatestSessions(ctx, view.Latest)
	if err != nil {
		return realname.Reply{}, err
	}
	latest := sessions[r.Method]
	if reply := r.remembered(latest); reply != nil {
		v.tell(ctx, latest.ID)
		return v.Replay(reply, r.Idempotency)
	}
	e, err := v.Store.LoadEnterprise(ctx, view.Account.USCC)
	if err != nil {
		return realname.Reply{}, err
	}
	if err := realname.AdmitTo(e, view.Account); err != nil {
		return realname.Reply{}, err
	}
	if err := v.mayStart(view, e, latest, r); err != nil {
		return realname.Reply{}, err
	}
	s, effects := realname.NewSession(v.NewID(), view.Account, e, r.Method, r.ConsentVersion, v.Limits, now)
	s.NthOfDay, s.RequestID = view.Day.Started(r.Method, latest)+1, requestid.Of(ctx)
	s.DecidedBy = r.Idempotency.Mark()
	c, err := v.apply(s, effects, realname.SessionView{}, nil, now)
	if err != nil {
		return realname.Reply{}, err
	}
	c.Trail = view.Trail
	c.Add(view.Latest[r.Method].Followed(s))
	reply := r.Render(s)
	kept, err := v.Keep(reply, r.Idempotency)
	if err != nil {
		return realname.Reply{}, err
	}
	if err := v.Store.Commit(ctx, c.whole()); err != nil {
		return v.lostStart(ctx, r, err)
	}
	v.keepReply(ctx, s.ID, kept)
	v.deliver(ctx, s, nil)
	return reply, nil
}

// lostStart answers a start after a concurrent write. If that write was the same
// request, both get the same answer. If it started another session, the answer is
// CodeSessionLive, else CodeConflict.
func (v *Verification) lostStart(ctx context.Context, r StartRequest, cause error) (realname.Reply, error) {
	if !errors.Is(cause, realname.ErrStale) {
		return realname.Reply{}, cause
	}
	view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{
		AccountID: r.Caller.AccountID, Methods: []realname.Method{r.Method}, Idempotency: r.Idempotency,
	})
	if err != nil {
		return realname.Reply{}, err
	}
	if view.Reply != nil {
		return v.Replay(view.Reply, r.Idempotency)
	}
	sessions, err := v.Store.LatestSessions(ctx, view.Latest)
	if err != nil {
		return realname.Reply{}, err
	}
	latest := sessions[r.Method]
	if reply := r.remembered(latest); reply != nil {
		return v.Replay(reply, r.Idempotency)
	}
	if err := noneLive(latest); err != nil {
		return realname.Reply{}, err
	}
	return realname.Reply{}, &realname.Error{Code: realname.CodeConflict}
}

func (v *Verification) mayStart(
	view realname.AccountView, e realname.Enterprise, latest realname.Session, r StartRequest,
) error {
	if reason := realname.Eligible(view.Account, e, r.Method); reason != "" {
		code := realname.CodeNotApplicable
		switch reason {
		case realname.ReasonPassed:
			code = realname.CodeAlreadyPassed
		case realname.ReasonOperator:
			code = realname.CodeForbidden
		}
		return &realname.Error{Code: code, Reason: reason, Alternatives: realname.OtherMethods(view.Account, e, r.Method)}
	}
	if !v.Recipients.Accepts(r.Method, r.ConsentVersion) {
		return outdatedConsent()
	}
	if err := noneLive(latest); err != nil {
		return err
	}
	if view.Day.Started(r.Method, latest) >= v.Limits.SessionsPerDay {
		return &realname.Error{Code: realname.CodeSessionLimit, RetryAfter: realname.UntilTomorrow(v.Now())}
	}
	return nil
}

// noneLive returns an error if the account's latest session of a method is live.
// Errors: CodeSessionLive.
func noneLive(latest realname.Session) error {
	if latest.ID == "" || !latest.Live() {
		return nil
	}
	return &realname.Error{Code: realname.CodeSessionLive, SessionID: latest.ID}
}

func outdatedConsent() error {
	version := realname.FieldError{Pointer: "/consentVersion", Kind: "consent", Rule: "version"}
	return &realname.Error{Code: realname.CodeConsent, Fields: []realname.FieldError{version}}
}

// tell delivers the pending signal of a live session, if there is one.
func (v *Verification) tell(ctx context.Context, sessionID string) {
	view, err := v.Store.LoadSession(ctx, realname.SessionQuery{SessionID: sessionID})
	if err != nil || view.Session.Signal == nil || !view.Session.Live() {
		return
	}
	v.deliver(ctx, view.Session, view.Open)
}
