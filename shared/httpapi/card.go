package httpapi

import (
	"net/http"
	"time"

	"realname/api"
	"realname/shared/realname"
	"realname/shared/verification"
)

// ChallengeRequest reads a request for a challenge for the card. Its body is empty
// or an empty object.
func ChallengeRequest(r *http.Request, view SessionView) (verification.ChallengeRequest, error) {
	var body []byte
	if r.ContentLength != 0 {
		var err error
		if body, err = Body(r); err != nil {
			return verification.ChallengeRequest{}, err
		}
		if err := Decode(body, &struct{}{}); err != nil {
			return verification.ChallengeRequest{}, err
		}
	}
	caller, err := Caller(r.Context())
	if err != nil {
		return verification.ChallengeRequest{}, err
	}
	idem, err := IdempotencyKey(r, view.Sealer, caller.AccountID, body)
	if err != nil {
		return verification.ChallengeRequest{}, err
	}
	render := func(challenge string, expiresAt time.Time) realname.Reply {
		return ReplyJSON(http.StatusCreated, api.CardChallenge{Challenge: challenge, ExpiresAt: expiresAt.UTC()})
	}
	return verification.ChallengeRequest{Caller: caller, Idempotency: idem, Render: render}, nil
}

// CardAnswer reads the answer of a card.
// Errors: realname.CodeInvalidRequest.
func CardAnswer(body []byte) (verification.CardAnswer, error) {
	var in api.CardAnswer
	err := Decode(body, &in)
	return verification.CardAnswer{Challenge: in.Challenge, Certificate: in.Certificate, Signature: in.Signature}, err
}
