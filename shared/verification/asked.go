package verification

import (
	"context"
	"log/slog"
	"strings"

	"realname/shared/realname"
)

// checkPurpose is the purpose of the keyed index of a query.
const checkPurpose = "check"

// answer asks a provider, unless the session has an answer to the same query, which
// the words identify. It counts the question first, whatever its outcome will be. It
// adds the evidence of the answer to the decision. If the provider does not answer, it
// stores the evidence separately.
// Errors: CodeChecksExhausted with RetryAfter, CodeUnavailable, CodeConflict,
// CodeTokenRevoked.
func (v *Verification) answer(
	ctx context.Context, sub *submission, d *decision, check realname.CheckName, words []string,
	ask func() (realname.CheckResult, error),
) (realname.CheckResult, error) {
	s := sub.view.Session
	index, err := v.Sealer.Index(checkPurpose, string(check)+"\n"+strings.Join(words, "\n"))
	if err != nil {
		return realname.CheckResult{}, err
	}
	now := v.Now()
	for _, a := range s.Answers {
		if a.Index == index && now.Sub(a.Evidence.AskedAt) < v.Limits.CheckReuse {
			d.event.Evidence = a.Evidence
			d.event.Evidence.Repeated = true
			return a.Evidence.Result(), nil
		}
	}
	if err := v.countCheck(ctx, sub, d.event.Step); err != nil {
		return realname.CheckResult{}, err
	}
	now = v.Now()
	result, err := ask()
	if result.NotAsked {
		v.uncountCheck(ctx, sub)
	}
	e := result.Evidence(check, now)
	if realname.NoAnswer(result, err) {
		keepAsked(ctx, v.Ports, s.ID, result, realname.Attempt{
			Step: d.event.Step, By: d.event.By, At: v.Now(), Code: realname.CodeUnavailable, Evidence: e,
		})
		return result, realname.Unanswered(result, err)
	}
	d.event.Evidence = e
	d.event.Answer = &realname.Answered{Index: index, Evidence: e}
	return result, nil
}

// keepAsked stores the evidence of a request that did not decide an attempt. The
// answer to the user does not depend on it, so a failure is only logged.
func keepAsked(ctx context.Context, p *realname.Ports, sessionID string, r realname.CheckResult, a realname.Attempt) {
	asked := asked(p, sessionID, r, a)
	if asked == nil {
		return
	}
	if err := p.Store.Commit(ctx, realname.Writing(*asked)); err != nil {
		p.Log.LogAttrs(ctx, slog.LevelWarn, "could not store the evidence of a request to a provider",
			slog.String("session", sessionID), slog.String("provider", r.Provider), slog.String("code", r.Code),
			slog.String("providerRequestId", r.RequestID), slog.String("error", err.Error()))
	}
}

// asked returns the evidence of a request that was sent for a session. It returns
// nil if the request was not sent or does not belong to a session.
func asked(
	p *realname.Ports, sessionID string, r realname.CheckResult, a realname.Attempt,
) *realname.Asked {
	if sessionID == "" || r.Provider == "" || r.NotAsked {
		return nil
	}
	return &realname.Asked{SessionID: sessionID, ID: p.NewID(), Attempt: a}
}
