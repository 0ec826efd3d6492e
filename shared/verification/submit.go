package verification

import (
	"context"
	"errors"
	"slices"

	"realname/shared/realname"
)

// SubmitRequest holds the common fields of every submission of a step.
type SubmitRequest struct {
	Caller      realname.Caller
	SessionID   string
	Idempotency *realname.Idempotency
	// Render returns the answer to a decided attempt: the session, or the refusal.
	Render func(realname.Session, error) realname.Reply
	// card names the card records to read; nil for steps without a card.
	card *realname.CardKeys
}

// decision is the result of a step's check before it becomes a transition.
type decision struct {
	event   realname.StepDecided
	refusal *realname.Error // the answer to the user if the step did not pass
	card    cardWrites
	// wrongCode is true if the SMS code was wrong. That is not an attempt at the step.
	wrongCode bool
	// awaitClosed makes the answer wait until the workflow has closed the session.
	// Only the request that decides waits; a repeated request does not.
	awaitClosed bool
}

// submission is a submission on its way to a decision.
type submission struct {
	SubmitRequest
	step  realname.StepName
	query realname.SessionQuery
	view  realname.SessionView // as last read, with this submission's own writes
	begun []string             // the questions to providers that this submission noted as begun
}

type check func(ctx context.Context, sub *submission) (decision, error)

// submit processes one answer to a step: one read, the check, one commit, one signal.
// A check that asks a provider counts the question in a write of its own first
// (docs/decisions/0041).
//
// If the check returns an error, it has not decided: submit writes nothing and does
// not count an attempt. A decision is committed together with its attempt, its counters
// and its signal, guarded by the session's version. Of two concurrent submissions one is
// decided; the other gets CodeConflict, which reveals nothing about its own check. The
// answer for repeated requests is stored next (docs/decisions/0003).
// Errors: CodeTokenRevoked, CodeNotFound, CodeKeyReused, CodeConflict; those of ready;
// those of run.
func (v *Verification) submit(
	ctx context.Context, r SubmitRequest, step, codeStep realname.StepName, run check,
) (realname.Reply, error) {
	query := realname.SessionQuery{
		AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: realname.Day(v.Now()),
		USCC: r.Caller.USCC, CodeStep: codeStep, Card: r.card, Idempotency: r.Idempotency,
		Checks: step != realname.StepCard, // a card is checked here, at no cost
	}
	view, err := v.ownSession(ctx, r.Caller, query)
	if err != nil {
		return realname.Reply{}, err
	}
	if view = v.remembered(r, step, view); view.Reply != nil {
		// The first request may have died between commit and signal.
		v.deliver(ctx, view.Session, view.Open)
		return v.Replay(view.Reply, r.Idempotency)
	}
	if view, err = v.awaitOpen(ctx, r, query, view, step); err != nil {
		return realname.Reply{}, err
	}
	if view.Reply != nil { // a repetition of this request was decided while this one waited
		return v.Replay(view.Reply, r.Idempotency)
	}
	sub := &submission{SubmitRequest: r, step: step, query: query, view: view}
	d, err := run(ctx, sub)
	if err != nil {
		if sub.view.Reply != nil { // or while this one counted its question
			return v.Replay(sub.view.Reply, r.Idempotency)
		}
		v.endQuestions(ctx, sub)
		return realname.Reply{}, err
	}
	return v.commitDecision(ctx, sub, d)
}

// commitDecision stores the decision. If another write came first, the decision
// remains valid as long as that write did not change its ground: for example, the
// write marked a signal as delivered, or another session moved the day's counter.
func (v *Verification) commitDecision(ctx context.Context, sub *submission, d decision) (realname.Reply, error) {
	for range realname.CommitTries {
		reply, err := v.commitOnce(ctx, sub.SubmitRequest, sub.view, d)
		if !errors.Is(err, realname.ErrStale) {
			return reply, err
		}
		err = v.refresh(ctx, sub)
		if sub.view.Reply != nil {
			return v.Replay(sub.view.Reply, sub.Idempotency)
		}
		if err != nil {
			return realname.Reply{}, err
		}
		if err := v.ready(sub.view, d.event.Step); err != nil {
			return realname.Reply{}, err
		}
	}
	return realname.Reply{}, &realname.Error{Code: realname.CodeConflict}
}

// refresh reads the view again after another write came first. It fails if that write
// changed the ground of a decision, or if it answered this request: the view then holds
// the reply.
// Errors: CodeTokenRevoked, CodeConflict.
func (v *Verification) refresh(ctx context.Context, sub *submission) error {
	fresh, err := v.Store.LoadSession(ctx, sub.query)
	if err != nil {
		return err
	}
	before := sub.view
	fresh = v.remembered(sub.SubmitRequest, sub.step, fresh)
	sub.view = fresh
	if err := realname.Admit(sub.Caller, fresh.Account); err != nil && fresh.Reply == nil {
		return err
	}
	if fresh.Reply != nil || !sameGround(before, fresh) {
		return &realname.Error{Code: realname.CodeConflict}
	}
	return nil
}

// sameGround reports whether a decision made on one view also holds on the other.
func sameGround(a, b realname.SessionView) bool {
	return a.Session.ChangedAt.Equal(b.Session.ChangedAt) && a.Session.Closed == b.Session.Closed &&
		slices.Equal(a.Session.Steps, b.Session.Steps) &&
		codeVersion(a) == codeVersion(b) && a.Card.SameVersions(b.Card)
}

func codeVersion(view realname.SessionView) int64 {
	if view.Code == nil {
		return 0
	}
	return view.Code.Version
}

func (v *Verification) commitOnce(
	ctx context.Context, r SubmitRequest, view realname.SessionView, d decision,
) (realname.Reply, error) {
	now := v.Now()
	s, effects := view.Session, []realname.Effect(nil)
	if !d.wrongCode {
		var err error
		if s, effects, err = realname.Next(view.Session, d.event, v.Limits, now); err != nil {
			return realname.Reply{}, err
		}
	} else {
		s.LastError, s.ChangedAt = &realname.LastError{Code: d.refusal.Code, Step: d.event.Step, At: now}, now
	}
	c, err := v.apply(s, effects, view, nil, now)
	if err != nil {
		return realname.Reply{}, err
	}
	d.card.addTo(&c.Change)
	day := view.Day
	if c.day != nil {
		day = *c.day
	}
	reply := r.Render(s, v.refusalOf(d, s, day))
	kept, err := v.Keep(reply, r.Idempotency)
	if err != nil {
		return realname.Reply{}, err
	}
	c.session.DecidedBy = r.Idempotency.Mark()
	if err := v.Store.Commit(ctx, c.whole()); err != nil {
		return realname.Reply{}, err
	}
	v.keepReply(ctx, r.SessionID, kept)
	attempt := realname.Attempt{
		Step: d.event.Step, By: d.event.By, Passed: d.event.Passed, Code: d.event.Code, Evidence: d.event.Evidence,
	}
	v.logDecision(ctx, s, attempt, now)
	v.logClosed(ctx, view.Session, s)
	if s.Signal != view.Session.Signal {
		v.deliver(ctx, s, view.Open)
	}
	if d.awaitClosed {
		reply = v.closedReply(ctx, r, reply)
	}
	return reply, nil
}
