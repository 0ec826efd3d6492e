// Package resultcode maps the documented result codes of Tencent Cloud's checks to
// their meaning in the domain. It is pure, so that the sandbox and the adapter use
// the same codes.
package resultcode

import (
	"realname/shared/realname"
)

// Meaning is the meaning of a result code. Known is false for an undocumented code.
type Meaning struct {
	Outcome realname.Outcome
	Reason  realname.CheckReason
	Known   bool
}

func means(o realname.Outcome, reason realname.CheckReason) Meaning { return Meaning{o, reason, true} }

// IDCard returns the meaning of a Result of CheckIdNameDate (FaceID 2018-03-01).
//
// The API does not report whether the name, the number or the dates differ. An
// earlier step has verified name and number, so a plain mismatch counts as one of
// the dates, as in the manual.
func IDCard(result string) Meaning {
	switch result {
	case "0":
		return means(realname.Match, "")
	case "-1":
		return means(realname.Mismatch, realname.ReasonValidity)
	case "-2", "-3": // number or name malformed
		return means(realname.InvalidInput, "")
	case "-4": // dates malformed
		return means(realname.InvalidInput, realname.ReasonValidity)
	case "-5": // the identity is invalid
		return means(realname.Mismatch, "")
	case "-6": // the library's service failed
		return means(realname.Unavailable, "")
	case "-7": // not in the library
		return means(realname.NotCovered, "")
	case "-8": // daily limit of this identity
		return means(realname.Limited, "")
	}
	return Meaning{Outcome: realname.Unavailable}
}

// BankCard returns the meaning of a Result of BankCard4EVerification (FaceID
// 2018-03-01).
func BankCard(result string) Meaning {
	switch result {
	case "0":
		return means(realname.Match, "")
	case "-1", "-6": // not passed; the holder's data are wrong
		return means(realname.Mismatch, "")
	case "-2", "-3", "-4", "-5": // name, ID number, card number, mobile number malformed
		return means(realname.InvalidInput, "")
	case "-7", "-8", "-9", "-10", "-11", "-12", "-13", "-14", "-15", "-16", "-21":
		// not enabled for card-less payment, confiscated, invalid, no issuer, dormant,
		// fraud, reported lost, expired, restricted, too many wrong PINs, abnormal
		return means(realname.Mismatch, realname.ReasonUnusable)
	case "-17": // the issuer does not support it
		return means(realname.NotCovered, realname.ReasonUnusable)
	case "-18": // the service is busy
		return means(realname.Unavailable, "")
	case "-19": // daily limit of this card
		return means(realname.Limited, "")
	case "-20": // only resident IDs can be verified
		return means(realname.NotCovered, realname.ReasonIDTypeUnknown)
	}
	return Meaning{Outcome: realname.Unavailable}
}

// OperatingStatus returns the meaning of an OperatingStatus of
// VerifyBizLicenseEnterprise4 (OCR 2018-11-19) if all four elements match. Only an
// enterprise in business passes.
func OperatingStatus(status string) Meaning {
	switch status {
	case "1":
		return means(realname.Match, "")
	case "0", "2", "3", "4", "5", "6", "7":
		// other, moved out, deregistered, revoked, withdrawn, suspended, registration withdrawn
		return means(realname.Mismatch, realname.ReasonNotInBusiness)
	case NotFound, "/":
		return means(realname.NotCovered, "")
	}
	return Meaning{Outcome: realname.Unavailable}
}

// NotFound is the OperatingStatus of an enterprise that is not in the registry.
const NotFound = "-10002"
