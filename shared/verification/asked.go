package verification

import (
	"context"
	"log/slog"
	"strings"

	"realname/shared/realname"
)

// checkPurpose is that of the keyed index of what was asked.
const checkPurpose = "check"

// answer asks a provider, unless the session knows the answer. What was asked
// is told by its words. The decision gets the evidence of an answer; a check
// without one leaves its evidence behind by itself.
func (v *Verification) answer(ctx context.Context, s realname.Session, d *decision, check realname.CheckName, words []string, ask func() (realname.CheckResult, error)) (realname.CheckResult, error) {
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
	result, err := ask()
	e := result.Evidence(check, now)
	if realname.NoAnswer(result, err) {
		keepAsked(ctx, v.Ports, s.ID, result, realname.Attempt{Step: d.event.Step, By: d.event.By, At: v.Now(), Code: realname.CodeUnavailable, Evidence: e})
		return result, realname.Unanswered(result, err)
	}
	d.event.Evidence = e
	d.event.Answer = &realname.Answered{Index: index, Evidence: e}
	return result, nil
}

// keepAsked stores the evidence of a request that decided nothing. The user is
// answered the same without it, so its loss is only logged.
func keepAsked(ctx context.Context, p *realname.Ports, sessionID string, r realname.CheckResult, a realname.Attempt) {
	asked := asked(p, sessionID, r, a)
	if asked == nil {
		return
	}
	if err := p.Store.Commit(ctx, realname.Writing(*asked)); err != nil {
		p.Log.LogAttrs(ctx, slog.LevelWarn, "evidence not kept", slog.String("session", sessionID), slog.String("provider", r.Provider),
			slog.String("code", r.Code), slog.String("providerRequestId", r.RequestID), slog.String("error", err.Error()))
	}
}

// asked is the evidence of a request that was sent for a session, nil of any other.
func asked(p *realname.Ports, sessionID string, r realname.CheckResult, a realname.Attempt) *realname.Asked {
	if sessionID == "" || r.Provider == "" || r.NotAsked {
		return nil
	}
	return &realname.Asked{SessionID: sessionID, ID: p.NewID(), Attempt: a}
}
