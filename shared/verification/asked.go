package verification

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// question is one question to a provider. The words identify it.
type question struct {
	words []string
	put   func() (realname.CheckResult, error)
}

// spelled returns the names as providers compare them: in their standard spelling and,
// if one has a character with a second encoding, in the other spelling.
func spelled(names ...string) [][]string {
	all := [][]string{make([]string, len(names)), make([]string, len(names))}
	second := false
	for i, name := range names {
		spellings := idcode.Spellings(name)
		all[0][i], all[1][i] = spellings[0], spellings[len(spellings)-1]
		second = second || len(spellings) > 1
	}
	if !second {
		return all[:1]
	}
	return all
}

// answer asks a provider, unless the session has an answer to the same query. The
// questions are one query in several spellings: the next one is put if the provider
// finds a difference that the spelling can explain. answer counts every question first,
// whatever its outcome will be. It adds the evidence of the last answer to the decision.
// The evidence of the others, and of a question without an answer, is stored separately.
// Errors: CodeChecksExhausted with RetryAfter, CodeUnavailable, CodeConflict,
// CodeTokenRevoked.
func (v *Verification) answer(
	ctx context.Context, sub *submission, d *decision, check realname.CheckName, questions []question,
) (realname.CheckResult, error) {
	s := sub.view.Session
	indexes, err := v.Sealer.Indexes(realname.CheckPurpose, string(check)+"\n"+strings.Join(questions[0].words, "\n"))
	if err != nil {
		return realname.CheckResult{}, err
	}
	now := v.Now()
	for _, a := range s.Answers {
		if slices.Contains(indexes, a.Index) && now.Sub(a.Evidence.AskedAt) < v.Limits.CheckReuse {
			d.event.Evidence = a.Evidence
			d.event.Evidence.Repeated = true
			return a.Evidence.Result(), nil
		}
	}
	var result realname.CheckResult
	for i, q := range questions {
		err := v.countCheck(ctx, sub, d.event.Step)
		if i > 0 && realname.CodeOf(err) == realname.CodeChecksExhausted {
			break // the first answer stands
		}
		if err != nil {
			return realname.CheckResult{}, err
		}
		if i > 0 {
			keepAsked(ctx, v.Ports, s.ID, result, realname.Attempt{
				Step: d.event.Step, By: d.event.By, At: v.Now(), Evidence: d.event.Evidence,
			})
		}
		if result, err = v.ask(ctx, sub, d, check, q, i > 0); err != nil {
			return result, err
		}
		if result.Outcome != realname.Mismatch || result.Reason != "" {
			break
		}
	}
	d.event.Answer = &realname.Answered{Index: indexes[0], Evidence: d.event.Evidence}
	return result, nil
}

// ask puts a question that is counted already.
// Errors: CodeUnavailable.
func (v *Verification) ask(
	ctx context.Context, sub *submission, d *decision, check realname.CheckName, q question, second bool,
) (realname.CheckResult, error) {
	now := v.Now()
	result, err := q.put()
	if result.NotAsked {
		v.uncountCheck(ctx, sub)
	}
	e := result.Evidence(check, now)
	if second {
		e.Spelling = realname.SecondSpelling
	}
	if realname.NoAnswer(result, err) {
		keepAsked(ctx, v.Ports, sub.view.Session.ID, result, realname.Attempt{
			Step: d.event.Step, By: d.event.By, At: v.Now(), Code: realname.CodeUnavailable, Evidence: e,
		})
		return result, realname.Unanswered(result, err)
	}
	d.event.Evidence = e
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
