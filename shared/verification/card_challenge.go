package verification

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"realname/shared/realname"
)

// ChallengeRequest asks for a challenge for the account's card.
type ChallengeRequest struct {
	Caller realname.Caller
	// SessionID is the session that the card is to verify; empty to bind the card.
	SessionID   string
	Idempotency *realname.Idempotency
	Render      func(challenge string, expiresAt time.Time) realname.Reply
}

// NewCardChallenge gives a challenge that a card may answer once, within
// CardChallengeLife, for this account and session only.
// Errors: CodeTokenRevoked, CodeNotFound, CodeStepNotOpen, CodeAttemptsExhausted,
// CodeKeyReused, CodeConflict.
func (v *Verification) NewCardChallenge(ctx context.Context, r ChallengeRequest) (realname.Reply, error) {
	kept, err := v.mayChallenge(ctx, r)
	if err != nil || kept != nil {
		return keptReply(kept, r.Idempotency, err)
	}
	challenge, err := v.NewChallenge()
	if err != nil {
		return realname.Reply{}, err
	}
	c := realname.CardChallenge{
		Hash: hashChallenge(challenge), AccountID: r.Caller.AccountID, SessionID: r.SessionID,
		ExpiresAt: v.Now().Add(realname.CardChallengeLife),
	}
	reply := r.Render(challenge, c.ExpiresAt)
	err = v.Store.Commit(ctx, realname.Writing(c, realname.Optional(v.Keep(reply, r.Idempotency))))
	if !errors.Is(err, realname.ErrStale) {
		return reply, err
	}
	// The same request, sent twice at once, was answered in between.
	if kept, err = v.mayChallenge(ctx, r); err == nil && kept == nil {
		err = &realname.Error{Code: realname.CodeConflict}
	}
	return keptReply(kept, r.Idempotency, err)
}

func keptReply(kept *realname.Reply, idem *realname.Idempotency, err error) (realname.Reply, error) {
	if err != nil {
		return realname.Reply{}, err
	}
	return realname.Replay(kept, idem)
}

// mayChallenge tells whether the caller's card may be challenged now, or
// returns the answer that the request had before.
func (v *Verification) mayChallenge(ctx context.Context, r ChallengeRequest) (*realname.Reply, error) {
	if r.SessionID == "" {
		view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: r.Caller.AccountID, Day: realname.Day(v.Now()), Idempotency: r.Idempotency})
		if err != nil {
			return nil, err
		}
		if err := realname.Admit(r.Caller, view.Account); err != nil {
			return nil, err
		}
		return view.Reply, v.triesLeftToday(view.Day)
	}
	view, err := v.Store.LoadSession(ctx, realname.SessionQuery{
		AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: realname.Day(v.Now()), Idempotency: r.Idempotency,
	})
	if err != nil {
		return nil, err
	}
	if err := realname.Admit(r.Caller, view.Account); err != nil {
		return nil, err
	}
	if err := realname.Own(r.Caller, view.Session); err != nil {
		return nil, err
	}
	if view.Reply != nil {
		return view.Reply, nil
	}
	return nil, v.ready(view, realname.StepCard)
}

// hashChallenge makes the key under which a challenge is kept. The challenge has
// 256 random bits, so a plain hash tells nothing.
func hashChallenge(challenge string) string {
	sum := sha256.Sum256([]byte(challenge))
	return hex.EncodeToString(sum[:])
}
