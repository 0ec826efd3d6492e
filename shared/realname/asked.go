package realname

import (
	"context"
	"log/slog"
	"strings"
	"time"
)

// CheckName names what a provider was asked.
type CheckName string

// The checks that are bought.
const (
	RegistryCheck CheckName = "registry"
	IDCardCheck   CheckName = "id_card"
	BankCardCheck CheckName = "bank_card"
	SMSCheck      CheckName = "sms"
)

// Answered is a provider's answer to a check of a session. Who asks the same
// within Limits.CheckReuse gets it again: the provider is not paid twice. It is
// erased when the session closes.
type Answered struct {
	Index    string   `json:"index"` // keyed index of what was asked
	Evidence Evidence `json:"evidence"`
}

// Asked is a request to a provider that decided no try: a check without an
// answer, or a message. It is evidence beside the session's attempts.
type Asked struct {
	SessionID, ID string
	Attempt       Attempt
}

// answersKept bounds the answers that a session carries.
const answersKept = 10

// checkPurpose is that of the keyed index of what was asked.
const checkPurpose = "check"

// answer asks a provider, unless the session knows the answer. What was asked
// is told by its words. The decision gets the evidence of an answer; a check
// without one leaves its evidence behind by itself.
func (v *Verification) answer(ctx context.Context, s Session, d *decision, check CheckName, words []string, ask func() (CheckResult, error)) (CheckResult, error) {
	index := v.Sealer.Index(checkPurpose, string(check)+"\n"+strings.Join(words, "\n"))
	now := v.Now()
	for _, a := range s.Answers {
		if a.Index == index && now.Sub(a.Evidence.AskedAt) < v.Limits.CheckReuse {
			d.event.Evidence = a.Evidence
			d.event.Evidence.Repeated = true
			return a.Evidence.result(), nil
		}
	}
	result, err := ask()
	e := result.evidence(check, now)
	if noAnswer(result, err) {
		v.keepAsked(ctx, s.ID, result, Attempt{Step: d.event.Step, By: d.event.By, At: v.Now(), Code: CodeUnavailable, Evidence: e})
		return result, unanswered(result, err)
	}
	d.event.Evidence = e
	d.event.Answer = &Answered{Index: index, Evidence: e}
	return result, nil
}

// keepAsked stores the evidence of a request that decided nothing. The user is
// answered the same without it, so its loss is only logged.
func (v *Verification) keepAsked(ctx context.Context, sessionID string, r CheckResult, a Attempt) {
	asked := v.asked(sessionID, r, a)
	if asked == nil {
		return
	}
	if err := v.Store.Commit(ctx, Change{Asked: asked}); err != nil {
		v.Log.LogAttrs(ctx, slog.LevelWarn, "evidence not kept", slog.String("session", sessionID), slog.String("provider", r.Provider),
			slog.String("code", r.Code), slog.String("providerRequestId", r.RequestID), slog.String("error", err.Error()))
	}
}

// asked is the evidence of a request that was sent for a session, nil of any other.
func (v *Verification) asked(sessionID string, r CheckResult, a Attempt) *Asked {
	if sessionID == "" || r.Provider == "" || r.NotAsked {
		return nil
	}
	return &Asked{SessionID: sessionID, ID: v.NewID(), Attempt: a}
}

// withAnswer is the session that knows one more answer, the latest of them.
func (s Session) withAnswer(a *Answered) Session {
	if a == nil {
		return s
	}
	known := append(append([]Answered{}, s.Answers...), *a)
	s.Answers = known[max(0, len(known)-answersKept):]
	return s
}

func (r CheckResult) evidence(check CheckName, at time.Time) Evidence {
	return Evidence{Check: check, AskedAt: at, Provider: r.Provider, Code: r.Code, RequestID: r.RequestID, Outcome: r.Outcome, Reason: r.Reason}
}

// result is the answer that the evidence tells of.
func (e Evidence) result() CheckResult {
	return CheckResult{Outcome: e.Outcome, Reason: e.Reason, Provider: e.Provider, Code: e.Code, RequestID: e.RequestID}
}
