// Package resultcode maps the documented result codes of Alibaba Cloud's checks to their
// meaning in the domain. It is pure.
package resultcode

import "realname/shared/realname"

// Meaning is the meaning of a result code. Known is false for an undocumented code.
type Meaning struct {
	Outcome realname.Outcome
	Reason  realname.CheckReason
	Known   bool
}

func means(o realname.Outcome, reason realname.CheckReason) Meaning { return Meaning{o, reason, true} }

// Result codes that several APIs share.
const (
	Same     = "1"
	Differs  = "2"
	NoRecord = "3"
)

// IDCard returns the meaning of a BizCode of Id2MetaPeriodVerify (2019-03-07). The API
// does not report what differs. An earlier step has verified name and number, so a
// mismatch counts as one of the dates.
func IDCard(biz string) Meaning {
	switch biz {
	case Same:
		return means(realname.Match, "")
	case Differs:
		return means(realname.Mismatch, realname.ReasonValidity)
	case NoRecord:
		return means(realname.NotCovered, "")
	}
	return Meaning{Outcome: realname.Unavailable}
}

// BankCard returns the meaning of a SubCode of BankMetaVerify (2019-03-07).
func BankCard(sub string) Meaning {
	switch sub {
	case "101":
		return means(realname.Match, "")
	case "201", "214", "215": // holder's data; no number reserved; password, date or CVN2
		return means(realname.Mismatch, "")
	case "202", "203", "204", "205", "206", "207", "208", "209", "210", "211", "213", "216":
		// not enabled for payment, expired, restricted, confiscated, invalid, no issuer,
		// dormant, fraud, reported lost, too many wrong PINs, abnormal, other
		return means(realname.Mismatch, realname.ReasonUnusable)
	case "212", "301", "303": // the issuer or the card does not support it
		return means(realname.NotCovered, realname.ReasonUnusable)
	case "304": // the card number is wrong
		return means(realname.InvalidInput, "")
	case "302", "305": // the bank refused or failed
		return means(realname.Unavailable, "")
	case "306": // too many verifications of this card
		return means(realname.Limited, "")
	}
	return Meaning{Outcome: realname.Unavailable}
}

// OperatingStatus returns the meaning of a Status of EntElementVerifyV2 (2022-11-25) if
// all elements match. Only an enterprise in business passes.
func OperatingStatus(status string) Meaning {
	switch status {
	case "1":
		return means(realname.Match, "")
	case "0", "2", "3", "4", "5", "6":
		// other, moved out, deregistered, revoked, withdrawn, suspended
		return means(realname.Mismatch, realname.ReasonNotInBusiness)
	}
	return Meaning{Outcome: realname.Unavailable}
}
