package realname

import (
	"context"
	"time"

	"realname/shared/idcode"
)

// CheckName names a kind of request to a provider.
type CheckName string

// The checks that the service buys.
const (
	RegistryCheck CheckName = "registry"
	IDCardCheck   CheckName = "id_card"
	BankCardCheck CheckName = "bank_card"
	SMSCheck      CheckName = "sms"
)

// Evidence returns the part of the result that the service keeps.
func (r CheckResult) Evidence(check CheckName, at time.Time) Evidence {
	e := Evidence{
		Check: check, AskedAt: at, Provider: r.Provider, Code: r.Code, RequestID: r.RequestID,
		Outcome: r.Outcome, Reason: r.Reason, Differs: r.Differs, NotAsked: r.NotAsked,
	}
	if r.Age > 0 && r.Differs != nil {
		e.CurrentFrom = Day(at.Add(r.Age))
	}
	return e
}

// Result returns the provider's answer that the evidence records.
func (e Evidence) Result() CheckResult {
	return CheckResult{
		Outcome: e.Outcome, Reason: e.Reason, Differs: e.Differs, Provider: e.Provider, Code: e.Code, RequestID: e.RequestID,
	}
}

// Outcome is the meaning of a provider's answer. Only Mismatch costs an attempt.
type Outcome string

// The six outcomes. Every code of every provider maps to one of them.
const (
	Match        Outcome = "match"
	Mismatch     Outcome = "mismatch"
	NotCovered   Outcome = "not_covered"   // the provider has no data about the subject
	Limited      Outcome = "limited"       // a quota of the provider is used up
	Unavailable  Outcome = "unavailable"   // the provider did not answer
	InvalidInput Outcome = "invalid_input" // the provider reports a malformed field
)

// CheckReason refines an outcome if the user needs a different message.
type CheckReason string

// Reasons that refine an outcome.
const (
	ReasonNotInBusiness CheckReason = "not_in_business"    // with Mismatch, registry
	ReasonValidity      CheckReason = "validity"           // with Mismatch, ID card: the dates
	ReasonUnusable      CheckReason = "card_unusable"      // with Mismatch or NotCovered, bank card
	ReasonIDTypeUnknown CheckReason = "id_type_unsuitable" // with NotCovered, bank card
	// ReasonThreeElements comes with Match: the registry has compared name, code and
	// the legal representative's name, but not the ID number.
	ReasonThreeElements CheckReason = "three_elements"
)

// Element is a public element of an enterprise that a registry compares. ID numbers are
// deliberately not among them: whether one differs is never said.
type Element string

// The public elements, in the order of their fields.
const (
	ElementName   Element = "enterprise_name"
	ElementPerson Element = "legal_representative_name"
	ElementStatus Element = "operating_status" // the enterprise is not in business
)

// DiffersIn returns the result as a mismatch of a registry. elements are the public
// elements that differ; without any, the registry does not say which, or only the ID
// number differs. ReasonNotInBusiness therefore depends on public elements alone: it is
// set if the operating status is the only one that differs, whatever the ID number.
func (r CheckResult) DiffersIn(elements ...Element) CheckResult {
	r.Outcome, r.Reason, r.Differs = Mismatch, "", elements
	if len(elements) == 1 && elements[0] == ElementStatus {
		r.Reason = ReasonNotInBusiness
	}
	return r
}

// Evidence is the stored record of a check: its kind and time, the provider, and
// the provider's own result code and request ID. It holds no personal data.
type Evidence struct {
	Check     CheckName   `json:"check,omitempty"`
	AskedAt   time.Time   `json:"askedAt,omitzero"`
	Provider  string      `json:"provider,omitempty"`
	Code      string      `json:"code,omitempty"`
	RequestID string      `json:"requestId,omitempty"`
	Outcome   Outcome     `json:"outcome,omitempty"`
	Reason    CheckReason `json:"reason,omitempty"`
	Differs   []Element   `json:"differs,omitempty"`
	// CurrentFrom is the day, as Day formats it, from which the provider's data should hold
	// what is registered on the day of the question. It is known with Differs only, and if
	// the provider states the age of its data.
	CurrentFrom string `json:"currentFrom,omitempty"`
	// Repeated is true if the session reused an earlier answer instead of asking the
	// provider again.
	Repeated bool `json:"repeated,omitempty"`
	// NotAsked is true if the adapter answered for the provider, which does not serve such
	// a question.
	NotAsked bool `json:"notAsked,omitempty"`
	// Spelling is SecondSpelling if the answer is about the other spelling of a name with
	// a character that has two encodings.
	Spelling string `json:"spelling,omitempty"`
	// CertificateSerial is the serial number of the signing certificate, if any.
	CertificateSerial string `json:"certificateSerial,omitempty"`
	// Others holds what the other providers said that were asked the same question, in the
	// order in which they were asked.
	Others []Evidence `json:"others,omitempty"`
}

// SecondSpelling marks the evidence of a question in the second spelling of a name
// (idcode.Spellings).
const SecondSpelling = "second"

// CheckResult is a provider's answer.
type CheckResult struct {
	Outcome Outcome
	Reason  CheckReason
	Differs []Element // with Mismatch, registry: the public elements that differ
	// Age is how old the registry's data can be, as the provider states; 0 if it does not.
	Age        time.Duration
	Provider   string
	Code       string // the provider's own result code
	RequestID  string
	RetryAfter time.Duration // with Limited and Unavailable; 0 if unknown
	NotAsked   bool          // no request was sent
}

// EnterpriseQuery asks the enterprise registry about four elements.
type EnterpriseQuery struct {
	Name                string
	USCC                string
	OrgCode             string
	LegalRepresentative Person
}

// IDCardQuery asks whether the person and the dates of validity belong to one ID
// card.
type IDCardQuery struct {
	Person    Person
	ValidFrom string // YYYYMMDD
	ValidTo   string // YYYYMMDD, 00000000 = long-term
}

// BankCardQuery asks whether the card, the person and the mobile number reserved at
// the bank belong together.
type BankCardQuery struct {
	Person     Person
	CardNumber string
	Mobile     string
}

// SMSPurpose is the use of an SMS code. Each purpose has its own message text.
type SMSPurpose string

// Purposes of SMS codes.
const (
	SMSBankCard      SMSPurpose = "bank_card"      // a step's check by bank card
	SMSBindMobile    SMSPurpose = "bind_mobile"    // 绑定手机
	SMSResetPassword SMSPurpose = "reset_password" // 找回密码
)

// SMSMessage is one code to send.
type SMSMessage struct {
	Purpose  SMSPurpose
	Mobile   string
	Code     string
	CardTail string // with SMSBankCard: the last four digits of the bank card
	Minutes  int    // lifetime of the code
}

// Registry, IDCards, BankCards and SMS are the checks that this service buys. An
// error means that there was no answer and counts as Unavailable; its text never
// holds the queried data.
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
	// SMS sends verification codes. Match means that the provider accepted the message.
	SMS interface {
		SendCode(ctx context.Context, m SMSMessage) (CheckResult, error)
	}
)

// Route is a provider that a question can be put to.
type Route[P any] struct {
	Name     string // "" if the port is one provider
	Provider P
	// ThreeElements means that the registry compares no ID number for this kind of
	// enterprise. It cannot overrule a registry that does.
	ThreeElements bool
}

// Ports that have several providers. A method returns those that may be asked now, in
// order; the time for the whole check begins with its call. A port without the method is
// one provider.
type (
	// RegistryRoutes is a Registry of several providers.
	RegistryRoutes interface {
		RegistryRoutes(ctx context.Context, holder idcode.Holder) ([]Route[Registry], error)
	}
	// IDCardRoutes is an IDCards of several providers.
	IDCardRoutes interface {
		IDCardRoutes(ctx context.Context) ([]Route[IDCards], error)
	}
	// BankCardRoutes is a BankCards of several providers.
	BankCardRoutes interface {
		BankCardRoutes(ctx context.Context) ([]Route[BankCards], error)
	}
)

// RoutesOfRegistry returns the providers of a registry.
func RoutesOfRegistry(ctx context.Context, r Registry, holder idcode.Holder) ([]Route[Registry], error) {
	if several, ok := r.(RegistryRoutes); ok {
		return several.RegistryRoutes(ctx, holder)
	}
	return []Route[Registry]{{Provider: r}}, nil
}

// RoutesOfIDCards returns the providers of an ID-card library.
func RoutesOfIDCards(ctx context.Context, p IDCards) ([]Route[IDCards], error) {
	if several, ok := p.(IDCardRoutes); ok {
		return several.IDCardRoutes(ctx)
	}
	return []Route[IDCards]{{Provider: p}}, nil
}

// RoutesOfBankCards returns the providers of a bank-card verifier.
func RoutesOfBankCards(ctx context.Context, p BankCards) ([]Route[BankCards], error) {
	if several, ok := p.(BankCardRoutes); ok {
		return several.BankCardRoutes(ctx)
	}
	return []Route[BankCards]{{Provider: p}}, nil
}

// Unanswered returns the refusal for a check without an answer. It does not cost
// an attempt.
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

// Sooner returns the result with the shorter pause of both before another request.
func (r CheckResult) Sooner(other CheckResult) CheckResult {
	if other.RetryAfter > 0 && (r.RetryAfter == 0 || other.RetryAfter < r.RetryAfter) {
		r.RetryAfter = other.RetryAfter
	}
	return r
}

// NoAnswer reports whether a check ended without an answer.
func NoAnswer(result CheckResult, err error) bool {
	return err != nil || result.Outcome == Unavailable || result.Outcome == Limited
}
