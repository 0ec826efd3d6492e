package realname

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

// ChallengeRequest asks for a challenge for the account's card.
type ChallengeRequest struct {
	Caller Caller
	// SessionID is the session that the card is to verify; empty to bind the card.
	SessionID   string
	Idempotency *Idempotency
	Render      func(challenge string, expiresAt time.Time) Reply
}

// NewCardChallenge gives a challenge that a card may answer once, within
// CardChallengeLife, for this account and session only.
// Errors: CodeTokenRevoked, CodeNotFound, CodeStepNotOpen, CodeAttemptsExhausted,
// CodeKeyReused, CodeConflict.
func (v *Verification) NewCardChallenge(ctx context.Context, r ChallengeRequest) (Reply, error) {
	kept, err := v.mayChallenge(ctx, r)
	if err != nil || kept != nil {
		return keptReply(kept, r.Idempotency, err)
	}
	challenge, err := v.NewChallenge()
	if err != nil {
		return Reply{}, err
	}
	c := CardChallenge{
		Hash: hashChallenge(challenge), AccountID: r.Caller.AccountID, SessionID: r.SessionID,
		ExpiresAt: v.Now().Add(CardChallengeLife),
	}
	reply := r.Render(challenge, c.ExpiresAt)
	err = v.Store.Commit(ctx, Change{Challenge: &c, Reply: v.keep(reply, r.Idempotency)})
	if !errors.Is(err, ErrStale) {
		return reply, err
	}
	// The same request, sent twice at once, was answered in between.
	if kept, err = v.mayChallenge(ctx, r); err == nil && kept == nil {
		err = &Error{Code: CodeConflict}
	}
	return keptReply(kept, r.Idempotency, err)
}

func keptReply(kept *Reply, idem *Idempotency, err error) (Reply, error) {
	if err != nil {
		return Reply{}, err
	}
	return replay(kept, idem)
}

// mayChallenge tells whether the caller's card may be challenged now, or
// returns the answer that the request had before.
func (v *Verification) mayChallenge(ctx context.Context, r ChallengeRequest) (*Reply, error) {
	if r.SessionID == "" {
		view, err := v.Store.LoadAccount(ctx, AccountQuery{AccountID: r.Caller.AccountID, Day: Day(v.Now()), Idempotency: r.Idempotency})
		if err != nil {
			return nil, err
		}
		if err := Admit(r.Caller, view.Account); err != nil {
			return nil, err
		}
		return view.Reply, v.triesLeftToday(view.Day)
	}
	view, err := v.Store.LoadSession(ctx, SessionQuery{
		AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: Day(v.Now()), Idempotency: r.Idempotency,
	})
	if err != nil {
		return nil, err
	}
	if err := Admit(r.Caller, view.Account); err != nil {
		return nil, err
	}
	if err := own(r.Caller, view.Session); err != nil {
		return nil, err
	}
	if view.Reply != nil {
		return view.Reply, nil
	}
	return nil, v.ready(view, StepCard)
}

// hashChallenge makes the key under which a challenge is kept. The challenge has
// 256 random bits, so a plain hash tells nothing.
func hashChallenge(challenge string) string {
	sum := sha256.Sum256([]byte(challenge))
	return hex.EncodeToString(sum[:])
}
