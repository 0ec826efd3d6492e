package realname

import (
	"context"
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

// Evidence is what is kept of the result of a check.
func (r CheckResult) Evidence(check CheckName, at time.Time) Evidence {
	return Evidence{Check: check, AskedAt: at, Provider: r.Provider, Code: r.Code, RequestID: r.RequestID, Outcome: r.Outcome, Reason: r.Reason}
}

// Result is the answer that the evidence tells of.
func (e Evidence) Result() CheckResult {
	return CheckResult{Outcome: e.Outcome, Reason: e.Reason, Provider: e.Provider, Code: e.Code, RequestID: e.RequestID}
}

// Outcome is what a provider's answer means here. Only Mismatch costs a try.
type Outcome string

// The six outcomes to which every code of every provider is mapped.
const (
	Match        Outcome = "match"
	Mismatch     Outcome = "mismatch"
	NotCovered   Outcome = "not_covered"   // the provider has no data on it
	Limited      Outcome = "limited"       // a quota of the provider is used up
	Unavailable  Outcome = "unavailable"   // the provider did not answer
	InvalidInput Outcome = "invalid_input" // the provider calls a field malformed
)

// CheckReason narrows an outcome where the user is told something different.
type CheckReason string

// Reasons beside a plain outcome.
const (
	ReasonNotInBusiness CheckReason = "not_in_business"    // with Mismatch, registry
	ReasonValidity      CheckReason = "validity"           // with Mismatch, ID card: the dates
	ReasonUnusable      CheckReason = "card_unusable"      // with Mismatch or NotCovered, bank card
	ReasonIDTypeUnknown CheckReason = "id_type_unsuitable" // with NotCovered, bank card
)

// Evidence is what is kept of a check: what kind of check it was, when and of whom
// it was asked, and the provider's own code and request. It holds nothing personal.
type Evidence struct {
	Check     CheckName   `json:"check,omitempty"`
	AskedAt   time.Time   `json:"askedAt,omitzero"`
	Provider  string      `json:"provider,omitempty"`
	Code      string      `json:"code,omitempty"`
	RequestID string      `json:"requestId,omitempty"`
	Outcome   Outcome     `json:"outcome,omitempty"`
	Reason    CheckReason `json:"reason,omitempty"`
	// Repeated says that the session knew the answer and the provider was not asked again.
	Repeated bool `json:"repeated,omitempty"`
	// CertificateSerial is that of the certificate that signed, where one did.
	CertificateSerial string `json:"certificateSerial,omitempty"`
}

// CheckResult is a provider's answer.
type CheckResult struct {
	Outcome    Outcome
	Reason     CheckReason
	Provider   string
	Code       string // the provider's own result code
	RequestID  string
	RetryAfter time.Duration // with Limited and Unavailable, when known
	NotAsked   bool          // with Limited and Unavailable: the provider was spared the request
}

// EnterpriseQuery asks the enterprise registry about four elements.
type EnterpriseQuery struct {
	Name                string
	USCC                string
	OrgCode             string
	LegalRepresentative Person
}

// IDCardQuery asks whether person and dates of validity belong to one ID card.
type IDCardQuery struct {
	Person    Person
	ValidFrom string // YYYYMMDD
	ValidTo   string // YYYYMMDD, 00000000 = long-term
}

// BankCardQuery asks whether card, person and reserved mobile number belong together.
type BankCardQuery struct {
	Person     Person
	CardNumber string
	Mobile     string
}

// SMSPurpose says what a code is for; each has a text of its own.
type SMSPurpose string

// Purposes of SMS codes.
const (
	SMSBankCard      SMSPurpose = "bank_card"      // the bank-card way of a step
	SMSBindMobile    SMSPurpose = "bind_mobile"    // 绑定手机
	SMSResetPassword SMSPurpose = "reset_password" // 找回密码
)

// SMSMessage is one code to be sent.
type SMSMessage struct {
	Purpose  SMSPurpose
	Mobile   string
	Code     string
	CardTail string // with SMSBankCard: last four digits of the bank card it is for
	Minutes  int    // how long the code lives
}

// The checks this service buys. An error means that no answer was had and
// counts as Unavailable; it never holds what was asked.
type (
	// Registry checks an enterprise (企业四要素).
	Registry interface {
		CheckEnterprise(ctx context.Context, q EnterpriseQuery) (CheckResult, error)
	}
	// IDCards checks a resident ID card with its dates.
	IDCards interface {
		CheckIDCard(ctx context.Context, q IDCardQuery) (CheckResult, error)
	}
	// BankCards checks the four elements of a bank card.
	BankCards interface {
		CheckBankCard(ctx context.Context, q BankCardQuery) (CheckResult, error)
	}
	// SMS sends verification codes. Match means that the carrier took the message.
	SMS interface {
		SendCode(ctx context.Context, m SMSMessage) (CheckResult, error)
	}
)

// Unanswered is the refusal for a check that had no answer: it costs no try.
func Unanswered(result CheckResult, err error) error {
	after := result.RetryAfter
	if after == 0 {
		after = 5 * time.Second
		if result.Outcome == Limited {
			after = time.Minute
		}
	}
	return &Error{Code: CodeUnavailable, RetryAfter: after, Err: err}
}

// NoAnswer reports whether a check left the question open.
func NoAnswer(result CheckResult, err error) bool {
	return err != nil || result.Outcome == Unavailable || result.Outcome == Limited
}
