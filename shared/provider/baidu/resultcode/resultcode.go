// Package resultcode maps the documented error codes of Baidu's checks to their meaning
// in the domain. It is pure.
package resultcode

import (
	"time"

	"realname/shared/realname"
)

// Meaning is the meaning of an error code.
type Meaning struct {
	Outcome realname.Outcome
	Reason  realname.CheckReason
	// RetryAfter is the pause before another request. Tomorrow means until midnight in
	// China.
	RetryAfter time.Duration
	Tomorrow   bool
	NoEffect   bool // Baidu certainly did not act on the request
	Token      bool // the access token is invalid or has expired
}

const (
	throttlePause = 2 * time.Second
	// accountPause is the pause while the account lacks a permission or its quota is
	// used up: staff have to act.
	accountPause = time.Minute
)

// Error returns the meaning of an error_code: those of the gateway and of OCR
// (https://ai.baidu.com/ai-doc/OCR/dk3h7y5vr) and of the identity checks
// (https://ai.baidu.com/ai-doc/FACE/zl958mm8k, https://cloud.baidu.com/doc/FACE/s/5k37c1ujz).
// An undocumented code means that Baidu did not answer.
func Error(code int) Meaning {
	switch code {
	case 4, 18: // cluster's limit, requests a second
		return Meaning{Outcome: realname.Limited, RetryAfter: throttlePause, NoEffect: true}
	case 17: // requests a day
		return Meaning{Outcome: realname.Limited, Tomorrow: true, NoEffect: true}
	case 6, 14, 19: // no permission, authentication failed, total quota
		return Meaning{Outcome: realname.Unavailable, RetryAfter: accountPause, NoEffect: true}
	case 100, 110, 111: // the token is invalid or has expired
		return Meaning{Outcome: realname.Unavailable, RetryAfter: accountPause, NoEffect: true, Token: true}
	case 216600, 222352, 222353: // the ID number or the name is malformed
		return Meaning{Outcome: realname.InvalidInput}
	case 216601, 222351, 222360: // name and ID number do not belong together, or are refused
		return Meaning{Outcome: realname.Mismatch}
	case 222350, 222354, 222355: // no data about this person
		return Meaning{Outcome: realname.NotCovered}
	}
	return Meaning{Outcome: realname.Unavailable}
}

// VerifyStatus returns the meaning of a verify_status of idmatch_date. Status 1 does not
// tell name, number, dates and a lost card apart. An earlier step has verified name and
// number, so it counts as the dates.
func VerifyStatus(status int) Meaning {
	switch status {
	case 0:
		return Meaning{Outcome: realname.Match}
	case 1:
		return Meaning{Outcome: realname.Mismatch, Reason: realname.ReasonValidity}
	}
	return Meaning{Outcome: realname.Unavailable}
}

// Values of the fields of four_factors_verification.
const (
	Matches      = "1"
	Differs      = "0"
	Unverifiable = "2"
)
