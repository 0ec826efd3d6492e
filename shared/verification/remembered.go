package verification

import (
	"context"
	"errors"
	"log/slog"

	"realname/shared/realname"
)

// keepReply stores the answer to a request that started a session or decided a step. If that
// fails, or if the process dies before, the session remembers the request until its next
// decision.
func (v *Verification) keepReply(ctx context.Context, sessionID string, kept *realname.Reply) {
	if kept == nil {
		return
	}
	if err := v.Store.Commit(ctx, realname.Writing(*kept)); err != nil && !errors.Is(err, realname.ErrStale) {
		v.Log.LogAttrs(ctx, slog.LevelWarn, "could not keep the answer to a request",
			slog.String("session", sessionID), slog.String("error", err.Error()))
	}
}

// remembered returns the view with the answer to the request if the request made the
// session's latest decision and its answer is not stored.
func (v *Verification) remembered(
	r SubmitRequest, step realname.StepName, view realname.SessionView,
) realname.SessionView {
	if view.Reply == nil && r.Render != nil {
		view.Reply = rememberedReply(r.Idempotency, view.Session, func() realname.Reply {
			return r.Render(view.Session, v.latestRefusal(view, step))
		})
	}
	return view
}

// remembered returns the answer to the request if the request started the account's latest
// session of the method, no step of it is decided, and the answer is not stored. It returns
// nil for any other request.
func (r StartRequest) remembered(latest realname.Session) *realname.Reply {
	return rememberedReply(r.Idempotency, latest, func() realname.Reply { return r.Render(latest) })
}

// rememberedReply returns the answer to a request if the session holds its mark: the process
// died between the decision and the answer, or just stores the answer. The answer is rendered
// again, from the session as it is now. If the mark is of another request, it returns nil.
func rememberedReply(
	idem *realname.Idempotency, s realname.Session, render func() realname.Reply,
) *realname.Reply {
	key, same := idem.Marked(s.DecidedBy)
	switch {
	case !key:
		return nil
	case !same:
		return &realname.Reply{} // to another body; Replay refuses it
	}
	reply := render()
	reply.Fingerprint = idem.Fingerprint
	return &reply
}
