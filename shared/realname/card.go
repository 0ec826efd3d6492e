package realname

import (
	"context"
	"slices"
	"time"
)

// Codes of refusals of the E-Port IC card method (R6). Each names one cause, so
// that the message can say how to solve it.
const (
	CodeCardChallengeUnknown   Code = "card_challenge_unknown"       // never issued, or already deleted
	CodeCardChallengeExpired   Code = "card_challenge_expired"       // older than CardChallengeLife
	CodeCardChallengeUsed      Code = "card_challenge_used"          // answered before, with any result
	CodeCardChallengeElsewhere Code = "card_challenge_other_session" // issued to another session or account

	CodeCardChallengeLimit Code = "card_challenge_limit" // the day's challenges are used up

	CodeCardSignatureWrong  Code = "card_signature_wrong"        // not this card's signature over this challenge
	CodeCardSHA1            Code = "card_sha1_not_accepted"      // correct, but RSA-SHA1, which the settings forbid
	CodeCardUnsuitable      Code = "card_certificate_unsuitable" // kind of key or certificate not accepted
	CodeCardNotYetValid     Code = "card_not_yet_valid"
	CodeCardExpired         Code = "card_expired"
	CodeCardIssuerUnknown   Code = "card_issuer_unknown"      // no chain to a configured root
	CodeCardUsageWrong      Code = "card_usage_wrong"         // not a signing certificate of an end entity
	CodeCardUnnamed         Code = "card_enterprise_missing"  // no enterprise in the configured field
	CodeCardWrongEnterprise Code = "card_enterprise_mismatch" // names another enterprise
	CodeCardRevoked         Code = "card_revoked"
	CodeCRLStale            Code = "card_crl_stale"       // the issuer's list has expired: revocation unknown
	CodeCRLUnavailable      Code = "card_crl_unavailable" // the issuer's list could not be fetched
	CodeCardBoundElsewhere  Code = "card_bound_elsewhere" // the certificate serves another enterprise
)

// CardChallengeLife is how long a challenge accepts an answer.
const CardChallengeLife = 2 * time.Minute

// CardChallenge is a random text that a card signs once. The store keeps only its
// hash. SessionID is empty if the card is to be bound to the account instead of
// verifying the enterprise.
type CardChallenge struct {
	Hash      string    `json:"-"`
	AccountID string    `json:"accountId"`
	SessionID string    `json:"sessionId,omitempty"`
	ExpiresAt time.Time `json:"expiresAt"`
	UsedAt    time.Time `json:"usedAt,omitzero"`
	Version   int64     `json:"-"`
}

// Answerable returns nil if this account may answer the challenge for this session
// now. It checks the account first, so that a stranger learns nothing about a
// challenge except that it belongs to another account or session.
// Errors: CodeCardChallengeUnknown, CodeCardChallengeElsewhere,
// CodeCardChallengeUsed, CodeCardChallengeExpired.
func (c *CardChallenge) Answerable(accountID, sessionID string, now time.Time) error {
	switch {
	case c == nil:
		return &Error{Code: CodeCardChallengeUnknown}
	case c.AccountID != accountID || c.SessionID != sessionID:
		return &Error{Code: CodeCardChallengeElsewhere}
	case !c.UsedAt.IsZero():
		return &Error{Code: CodeCardChallengeUsed}
	case !now.Before(c.ExpiresAt):
		return &Error{Code: CodeCardChallengeExpired}
	}
	return nil
}

// CardCertificate holds the fields that the service reads from a card's
// certificate. It holds no personal data: the subject's own name is not read.
type CardCertificate struct {
	// ID identifies a certificate: the hash of issuer and serial number (RFC 5280,
	// 4.1.2.2).
	ID string `json:"id"`
	// Number is the certificate number as the client control shows it: the
	// serial number in capital hexadecimal digits.
	Number    string    `json:"number"`
	Issuer    string    `json:"issuer"`
	Algorithm string    `json:"algorithm"` // RSA or SM2
	ValidFrom time.Time `json:"validFrom"`
	ValidTo   time.Time `json:"validTo"`
}

// CardEnterprise is the enterprise that a card must name.
type CardEnterprise struct {
	USCC, OrgCode, Name string
	// Changed is true if the enterprise's own accounts changed its name or code after
	// the import. A card that contains only the name then proves nothing about the
	// code.
	Changed bool
}

// CardQuery asks whether the certificate's card signed the challenge and belongs
// to the enterprise.
type CardQuery struct {
	Certificate []byte // X.509 in DER
	Challenge   string // the signature is over exactly these bytes
	Signature   []byte
	Enterprise  CardEnterprise
}

// CardResult is the result of a CardQuery.
type CardResult struct {
	Refusal  Code // "" if the card passed
	Evidence Evidence
}

// Cards checks E-Port cards.
type Cards interface {
	// ReadCard parses a certificate without checking it.
	// Errors: CodeInvalidRequest if der is not a certificate.
	ReadCard(der []byte) (CardCertificate, error)
	// CheckCard checks certificate and signature. An error means that it could not
	// decide.
	CheckCard(ctx context.Context, q CardQuery) (CardResult, error)
}

// CardKeys name the card records that a request needs. LoadAccount and LoadSession
// always read the account's own card too.
type CardKeys struct {
	Challenge string // the hash of the answered challenge; may be empty
	CardID    string // the certificate that answers; may be empty
}

// CardView holds the card records that a request needs. A record that does not
// exist is zero.
type CardView struct {
	Challenge *CardChallenge
	Bound     BoundCard // the account's card
	Owner     CardOwner // of the certificate that answers
}

// SameVersions reports whether a decision made on one view also holds on the
// other.
func (c CardView) SameVersions(b CardView) bool {
	if (c.Challenge == nil) != (b.Challenge == nil) {
		return false
	}
	if c.Challenge != nil && c.Challenge.Version != b.Challenge.Version {
		return false
	}
	return c.Bound.Version == b.Bound.Version && c.Owner.Version == b.Owner.Version
}

// BoundCard is the card certificate of an account (我的IC卡).
type BoundCard struct {
	CardCertificate
	AccountID string    `json:"-"`
	BoundAt   time.Time `json:"boundAt"`
	Version   int64     `json:"-"`
}

// CardOwner binds one certificate to one enterprise. It lists the accounts of that
// enterprise that the certificate is bound to.
type CardOwner struct {
	CardID   string   `json:"-"`
	USCC     string   `json:"uscc"`
	Accounts []string `json:"accounts"`
	Version  int64    `json:"-"`
}

// TakenFrom reports whether the certificate was bound under another code than the account's
// is now. A certificate that only this account holds moves with the account.
func (o CardOwner) TakenFrom(a Account) bool {
	return len(o.Accounts) > 0 && o.USCC != a.USCC && !slices.Equal(o.Accounts, []string{a.ID})
}

// With returns the owner with the account added.
func (o CardOwner) With(a Account) CardOwner {
	o.USCC = a.USCC
	if !slices.Contains(o.Accounts, a.ID) {
		o.Accounts = append(slices.Clone(o.Accounts), a.ID)
	}
	return o
}

// Without returns the owner with the account removed.
func (o CardOwner) Without(accountID string) CardOwner {
	o.Accounts = slices.DeleteFunc(slices.Clone(o.Accounts), func(id string) bool { return id == accountID })
	return o
}

// CardCharged reports whether a refusal costs an attempt: only if card and account,
// or card and signature, do not belong together. A fault of the certificate itself
// is free of charge, because another attempt cannot change it.
func CardCharged(code Code) bool {
	return code == CodeCardSignatureWrong || code == CodeCardWrongEnterprise
}
