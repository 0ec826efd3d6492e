package realname

import (
	"errors"
	"fmt"
	"time"
)

// Code is the stable name of a refusal. Interfaces that show errors map it to a
// status and a message.
type Code string

// Codes of refusals that the caller can act on.
const (
	CodeInvalidRequest     Code = "invalid_request"     // a field is missing or breaks its rule
	CodeConfirmationNeeded Code = "confirmation_needed" // a field is unusual: the user must confirm it
	CodeInvalidCredentials Code = "invalid_credentials" // login name or password is wrong
	CodeLoginLocked        Code = "login_locked"        // too many wrong passwords
	CodeTokenRevoked       Code = "token_revoked"       // the token was issued before the account's last change
	CodeNotFound           Code = "not_found"           // does not exist, or not for this caller
	CodeConflict           Code = "conflict"            // another request changed it at the same time

	CodeForbidden            Code = "forbidden"                        // the caller's role does not allow it
	CodePreconditionRequired Code = "precondition_required"            // a change must name the version that it replaces
	CodePreconditionFailed   Code = "precondition_failed"              // the named version is not the current one
	CodeConfirmWithdrawal    Code = "withdrawal_confirmation_required" // the change withdraws a passed aspect
	CodeCurrentPassword      Code = "current_password_wrong"
	CodePasswordRequired     Code = "current_password_required"
	CodeHolderTaken          Code = "holder_id_taken" // another account of the enterprise has the ID number
	CodeLoginNameTaken       Code = "login_name_taken"
	CodeEnterpriseCodeTaken  Code = "enterprise_code_taken"
	CodeEnterpriseTooLarge   Code = "enterprise_too_large" // too many accounts for a change of the code
	CodeMaintainedElsewhere  Code = "maintained_elsewhere" // the registration verifies it, so it cannot change here
	CodeActivationRequired   Code = "activation_required"  // the password is the account's valid activation code
	CodeActivationWrong      Code = "activation_code_wrong"
	CodeErasureLimit         Code = "erasure_request_limit" // the day's requests for erasure are used up
	CodeLinkExpired          Code = "link_expired"
	CodeInformationChanged   Code = "information_changed" // a session closed because its subject changed

	CodeNotApplicable  Code = "not_applicable"   // the account or method does not need this
	CodeAlreadyPassed  Code = "already_verified" // the aspects of the method are verified
	CodeConsent        Code = "consent_required" // the user has not accepted the consent text in force
	CodeSessionLive    Code = "session_live"     // a session of this method is open: resume it
	CodeSessionLimit   Code = "session_limit_reached"
	CodeSessionClosed  Code = "session_closed"
	CodeStepNotOpen    Code = "step_not_open"
	CodeKeyReused      Code = "idempotency_key_reused" // same key, other body
	CodeKeyInProgress  Code = "idempotency_in_progress"
	CodeUnavailable    Code = "provider_unavailable"
	CodeServiceFailing Code = "service_unavailable"
	CodeScope          Code = "insufficient_scope" // the token does not cover this
	CodeRateLimited    Code = "rate_limited"       // a machine client or an address used its requests of the minute

	CodeAttemptsExhausted   Code = "attempts_exhausted"
	CodeChecksExhausted     Code = "checks_exhausted" // the day's questions to providers are used up
	CodeEnterpriseMismatch  Code = "enterprise_mismatch"
	CodeEnterpriseUncovered Code = "enterprise_not_covered"
	CodeEnterpriseClosed    Code = "enterprise_not_in_business"
	CodeIDCardMismatch      Code = "id_card_mismatch"
	CodeIDCardUncovered     Code = "id_card_not_covered"
	CodeIDCardValidity      Code = "id_card_validity_mismatch"
	CodeBankCardMismatch    Code = "bank_card_mismatch"
	CodeBankCardUnusable    Code = "bank_card_unusable"
	CodeSMSCodeWrong        Code = "sms_code_wrong"
	CodeSMSCodeExpired      Code = "sms_code_expired"
	CodeSMSLimit            Code = "sms_limit_reached"
	CodeHolderMismatch      Code = "holder_mismatch"
)

// Codes of the bank method. Users see the first; users or banks get the others.
const (
	CodeBankRefused        Code = "bank_refused"             // the bank did not confirm the enterprise
	CodeBankMismatch       Code = "bank_enterprise_mismatch" // the bank answered for another enterprise
	CodeBankUnavailable    Code = "bank_unavailable"         // no hand-over to this bank now
	CodeBankRequests       Code = "bank_request_limit"       // too many hand-overs in one session
	CodeBankSignature      Code = "bank_signature_invalid"   // missing, malformed or wrong
	CodeBankSerial         Code = "bank_serial_unknown"      // no live key of the bank has this serial
	CodeBankClock          Code = "bank_clock_skew"          // timestamp off by more than 300 s
	CodeBankNonce          Code = "bank_nonce_replayed"      // nonce seen before
	CodeBankRequestUnknown Code = "bank_request_unknown"     // the request does not exist
	CodeBankOther          Code = "bank_not_requested"       // the request went to another bank
	CodeBankRequestClosed  Code = "bank_request_closed"      // replaced, or its session is closed
	CodeBankResultConflict Code = "bank_result_conflict"     // already decided with another result
)

// FieldError names a field and the rule that it breaks. It never holds the value.
type FieldError struct {
	Pointer string // RFC 6901, into the request body
	Kind    string // kind of value, as idcode names it
	Rule    string
}

// Error is a refusal. Its text holds the code and the fields, never a value.
type Error struct {
	Code         Code
	Fields       []FieldError
	RetryAfter   time.Duration // when to retry; 0 = unknown
	Alternatives []string      // methods or checks to use instead
	AttemptsLeft *int
	SessionID    string           // with CodeSessionLive: the live session
	Aspects      []AspectName     // with CodeConfirmWithdrawal: the aspects that the change withdraws
	Reason       IneligibleReason // with CodeNotApplicable and CodeAlreadyPassed
	// Differs and CurrentFrom are those of a registry's Evidence.
	Differs     []Element
	CurrentFrom string
	Err         error // the cause, for the log
}

func (e *Error) Error() string {
	msg := string(e.Code)
	for _, f := range e.Fields {
		msg += fmt.Sprintf(" %s:%s", f.Pointer, f.Rule)
	}
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	return msg
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first *Error in the chain, or "".
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// ErrStale means that another request changed an item between its read and its
// guarded write. The Store has written nothing.
var ErrStale = errors.New("changed by another request")
