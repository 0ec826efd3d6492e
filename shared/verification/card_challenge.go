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
	// SessionID is the session that the card verifies; empty to bind the card.
	SessionID   string
	Idempotency *realname.Idempotency
	Render      func(challenge string, expiresAt time.Time) realname.Reply
}

// NewCardChallenge issues a challenge. A card can answer it once, within
// CardChallengeLife, for this account and session only. The answer is kept for repeated
// requests until the challenge expires, since it is worthless afterwards.
//
// The challenge is counted on the account's day before it is stored, so that concurrent
// requests cannot exceed the limit. If the process dies in between, it counts although it
// was not issued.
// Errors: CodeTokenRevoked, CodeNotFound, CodeCardChallengeLimit with RetryAfter,
// CodeKeyReused, CodeConflict; those of ready.
func (v *Verification) NewCardChallenge(ctx context.Context, r ChallengeRequest) (realname.Reply, error) {
	for range realname.CommitTries {
		day, kept, err := v.mayChallenge(ctx, r)
		if err != nil || kept != nil {
			return v.keptReply(kept, r.Idempotency, err)
		}
		reply, err := v.challengeOnce(ctx, r, day)
		if !errors.Is(err, realname.ErrStale) {
			return reply, err
		}
		// An identical request may have been answered first, or the day's counters moved.
	}
	return realname.Reply{}, &realname.Error{Code: realname.CodeConflict}
}

func (v *Verification) challengeOnce(
	ctx context.Context, r ChallengeRequest, day realname.AccountDay,
) (realname.Reply, error) {
	if day.CardChallenges >= v.Limits.CardChallengesPerDay {
		return realname.Reply{}, &realname.Error{
			Code: realname.CodeCardChallengeLimit, RetryAfter: realname.UntilTomorrow(v.Now()),
		}
	}
	challenge, err := v.NewChallenge()
	if err != nil {
		return realname.Reply{}, err
	}
	c := realname.CardChallenge{
		Hash: hashChallenge(challenge), AccountID: r.Caller.AccountID, SessionID: r.SessionID,
		ExpiresAt: v.Now().Add(realname.CardChallengeLife),
	}
	day.CardChallenges++
	reply := r.Render(challenge, c.ExpiresAt)
	kept, err := v.Keep(reply, r.Idempotency)
	if err != nil {
		return realname.Reply{}, err
	}
	if kept != nil {
		kept.ExpiresAt = c.ExpiresAt
	}
	err = v.Store.Commit(ctx, realname.Writing(day.Counted(r.Caller.AccountID, v.NewID())))
	if err != nil {
		return realname.Reply{}, err
	}
	// If the answer is not stored, a repetition gets another challenge.
	if err := v.Store.Commit(ctx, realname.Writing(c)); err != nil || kept == nil {
		return reply, err
	}
	return reply, v.Store.Commit(ctx, realname.Writing(*kept))
}

func (v *Verification) keptReply(
	kept *realname.Reply, idem *realname.Idempotency, err error,
) (realname.Reply, error) {
	if err != nil {
		return realname.Reply{}, err
	}
	return v.Replay(kept, idem)
}

// mayChallenge checks whether the caller's card can get a challenge now. If the
// request is a repetition, it returns the stored answer.
func (v *Verification) mayChallenge(ctx context.Context, r ChallengeRequest) (
	realname.AccountDay, *realname.Reply, error,
) {
	if r.SessionID == "" {
		view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{
			AccountID: r.Caller.AccountID, Day: realname.Day(v.Now()), Idempotency: r.Idempotency,
		})
		if err != nil {
			return realname.AccountDay{}, nil, err
		}
		if err := realname.Admit(r.Caller, view.Account); err != nil {
			return realname.AccountDay{}, nil, err
		}
		if view.Reply != nil {
			return view.Day, view.Reply, nil
		}
		return view.Day, nil, v.triesLeftToday(view.Day)
	}
	view, err := v.ownSession(ctx, r.Caller, realname.SessionQuery{
		SessionID: r.SessionID, Day: realname.Day(v.Now()), Idempotency: r.Idempotency,
	})
	if err != nil {
		return realname.AccountDay{}, nil, err
	}
	if view.Reply != nil {
		return view.Day, view.Reply, nil
	}
	return view.Day, nil, v.ready(view, realname.StepCard)
}

// hashChallenge returns the key of a stored challenge. A plain hash reveals nothing,
// because a challenge has 256 random bits.
func hashChallenge(challenge string) string {
	sum := sha256.Sum256([]byte(challenge))
	return hex.EncodeToString(sum[:])
}
