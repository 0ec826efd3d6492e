package verification

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"realname/shared/realname"
)

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
		var e realname.Evidence
		before := d.event.Evidence
		result, e, err = v.ask(ctx, sub, d, check, q, i)
		if i > 0 && realname.CodeOf(err) == realname.CodeChecksExhausted {
			result = before.Result() // the first answer stands
			break
		}
		if i > 0 { // also if this question has no answer: the one before was answered and may cost
			keepAsked(ctx, v.Ports, s.ID, before.Result(), realname.Attempt{
				Step: d.event.Step, By: d.event.By, At: v.Now(), Evidence: before,
			})
		}
		if err != nil {
			return result, err
		}
		d.event.Evidence = e
		if result.Outcome != realname.Mismatch || result.Reason != "" {
			break
		}
	}
	d.event.Answer = &realname.Answered{Index: indexes[0], Evidence: d.event.Evidence}
	return result, nil
}

// said is what one provider said to a question.
type said struct {
	result realname.CheckResult
	err    error
	at     time.Time
}

// ask puts a question to one provider after the other, until one of them decides it. It
// counts each before it is put. If the counts are used up after the first provider, what is
// known by then decides.
//
//   - A provider that a request with the same key began to ask before it died is not asked.
//   - Without an answer, or if a provider does not cover the question, the next one is asked.
//   - A mismatch decides. With SecondOpinion, one more registry is asked about a mismatch of
//     elements, and its match decides. A registry that compares three elements is not asked,
//     and none can overrule that an enterprise is not in business.
//
// Errors: CodeChecksExhausted, CodeUnavailable, CodeConflict, CodeTokenRevoked,
// CodeKeyInProgress.
func (v *Verification) ask(
	ctx context.Context, sub *submission, d *decision, check realname.CheckName, q question, spelling int,
) (realname.CheckResult, realname.Evidence, error) {
	routes, err := q.routes()
	if err != nil {
		return realname.CheckResult{}, realname.Evidence{}, realname.Unanswered(realname.CheckResult{}, err)
	}
	var all []said
	opinion := false
	for _, p := range routes {
		if opinion && p.three {
			continue
		}
		id := sub.Idempotency.Question(string(check), strconv.Itoa(spelling), p.provider)
		err := v.countCheck(ctx, sub, d.event.Step, id)
		if errors.Is(err, errBegun) {
			continue
		}
		if len(all) > 0 && realname.CodeOf(err) == realname.CodeChecksExhausted {
			break
		}
		if err != nil {
			return realname.CheckResult{}, realname.Evidence{}, err
		}
		a := said{at: v.Now()}
		a.result, a.err = p.ask()
		if a.result.NotAsked {
			v.uncountCheck(ctx, sub, id)
		}
		all = append(all, a)
		if opinion || decides(a) && !v.wantsOpinion(check, a.result) {
			break
		}
		opinion = decides(a)
	}
	if len(all) == 0 { // all were asked by a request that died
		return realname.CheckResult{}, realname.Evidence{}, realname.Unanswered(realname.CheckResult{}, errBegun)
	}
	return v.weigh(ctx, sub, d, check, all, spelling > 0)
}

// decides reports whether an answer decides a question.
func decides(a said) bool {
	return !realname.NoAnswer(a.result, a.err) && a.result.Outcome != realname.NotCovered
}

// wantsOpinion reports whether another registry may overrule the answer.
func (v *Verification) wantsOpinion(check realname.CheckName, r realname.CheckResult) bool {
	return v.SecondOpinion && check == realname.RegistryCheck && r.Outcome == realname.Mismatch &&
		r.Reason == "" && !slices.Contains(r.Differs, realname.ElementStatus)
}

// weigh returns the answer that decides among all that were given, and its evidence, which
// holds the others: a match, else the first mismatch, else that no provider covers the
// question. Without any, it stores the evidence of each and returns CodeUnavailable.
func (v *Verification) weigh(
	ctx context.Context, sub *submission, d *decision, check realname.CheckName, all []said, second bool,
) (realname.CheckResult, realname.Evidence, error) {
	best := 0
	for i, a := range all {
		if weight(a) > weight(all[best]) {
			best = i
		}
	}
	evidence := make([]realname.Evidence, len(all))
	for i, a := range all {
		evidence[i] = a.result.Evidence(check, a.at)
		if second {
			evidence[i].Spelling = realname.SecondSpelling
		}
	}
	chosen := all[best]
	if !realname.NoAnswer(chosen.result, chosen.err) {
		e := evidence[best]
		for i, a := range all {
			if i != best && a.result.Provider != "" && !a.result.NotAsked {
				e.Others = append(e.Others, evidence[i])
			}
		}
		return chosen.result, e, nil
	}
	for i, a := range all {
		chosen.result = chosen.result.Sooner(a.result)
		keepAsked(ctx, v.Ports, sub.view.Session.ID, a.result, realname.Attempt{
			Step: d.event.Step, By: d.event.By, At: v.Now(), Code: realname.CodeUnavailable, Evidence: evidence[i],
		})
	}
	return chosen.result, realname.Evidence{}, realname.Unanswered(chosen.result, chosen.err)
}

// weight orders answers: the greatest decides.
func weight(a said) int {
	switch {
	case realname.NoAnswer(a.result, a.err) && a.result.NotAsked:
		return 0
	case realname.NoAnswer(a.result, a.err):
		return 1
	case a.result.Outcome == realname.NotCovered:
		return 2
	case a.result.Outcome == realname.Match:
		return 4
	}
	return 3
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
