package realname

import (
	"context"
	"slices"
	"time"
)

// Codes of refusals of the E-Port IC card method (R6). Each names one cause, so
// that the user is told what to do about it.
const (
	CodeCardChallengeUnknown   Code = "card_challenge_unknown"       // never given, or long forgotten
	CodeCardChallengeExpired   Code = "card_challenge_expired"       // older than CardChallengeLife
	CodeCardChallengeUsed      Code = "card_challenge_used"          // answered before, whatever came of it
	CodeCardChallengeElsewhere Code = "card_challenge_other_session" // given to another session or account

	CodeCardSignatureWrong  Code = "card_signature_wrong"        // not this card's signature over this challenge
	CodeCardSHA1            Code = "card_sha1_not_accepted"      // right, but RSA-SHA1 while configuration forbids it
	CodeCardUnsuitable      Code = "card_certificate_unsuitable" // key or certificate of a kind that proves nothing here
	CodeCardNotYetValid     Code = "card_not_yet_valid"
	CodeCardExpired         Code = "card_expired"
	CodeCardIssuerUnknown   Code = "card_issuer_unknown"      // no chain to a configured root
	CodeCardUsageWrong      Code = "card_usage_wrong"         // not a signing certificate of an end entity
	CodeCardUnnamed         Code = "card_enterprise_missing"  // names no enterprise where configuration looks for it
	CodeCardWrongEnterprise Code = "card_enterprise_mismatch" // names another enterprise
	CodeCardRevoked         Code = "card_revoked"
	CodeCRLStale            Code = "card_crl_stale"       // the issuer's list has run out, so nobody can tell
	CodeCRLUnavailable      Code = "card_crl_unavailable" // the issuer's list cannot be had
	CodeCardBoundElsewhere  Code = "card_bound_elsewhere" // the certificate serves another enterprise
)

// CardChallengeLife is how long a challenge can be answered.
const CardChallengeLife = 2 * time.Minute

// CardChallenge is what a card is asked to sign, once. Only the hash of the
// challenge is kept. SessionID is empty when the card is to be bound to the
// account rather than to verify it.
type CardChallenge struct {
	Hash      string    `json:"-"`
	AccountID string    `json:"accountId"`
	SessionID string    `json:"sessionId,omitempty"`
	ExpiresAt time.Time `json:"expiresAt"`
	UsedAt    time.Time `json:"usedAt,omitzero"`
	Version   int64     `json:"-"`
}

// Answerable tells whether the challenge may be answered by this account for
// this session now. The account is looked at before anything else, so that a
// stranger learns nothing of somebody else's challenge but that it is not his.
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

// CardCertificate is what is read from a card's certificate. It holds nothing
// of a person: the subject's own name is left in the certificate.
type CardCertificate struct {
	// ID tells certificates apart: issuer and serial number (RFC 5280, 4.1.2.2), hashed.
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
	// Changed says that its own accounts gave it name or code, after it was moved in:
	// a card that names it by its name alone then says nothing of its code.
	Changed bool
}

// CardQuery asks whether a certificate's card signed the challenge and stands
// for the enterprise.
type CardQuery struct {
	Certificate []byte // X.509 in DER
	Challenge   string // its very bytes are what was signed
	Signature   []byte
	Enterprise  CardEnterprise
}

// CardResult is what became of a CardQuery: no refusal, or why.
type CardResult struct {
	Refusal  Code
	Evidence Evidence
}

// Cards judges E-Port cards.
type Cards interface {
	// ReadCard reads a certificate without judging it.
	// Errors: CodeInvalidRequest for what is no certificate.
	ReadCard(der []byte) (CardCertificate, error)
	// CheckCard judges certificate and signature. An error means that nothing
	// could be decided.
	CheckCard(ctx context.Context, q CardQuery) (CardResult, error)
}

// CardKeys name what of cards a request needs. The account's card is always
// among it.
type CardKeys struct {
	Challenge string // the hash of the answered challenge; empty when none is
	CardID    string // the certificate that answers; empty when none does
}

// CardView is what a request on cards needs. What does not exist is zero.
type CardView struct {
	Challenge *CardChallenge
	Bound     BoundCard // the account's card
	Owner     CardOwner // of the certificate that answers
}

// SameVersions reports whether a decision made on one view holds on the other.
func (c CardView) SameVersions(b CardView) bool {
	return c.Bound.Version == b.Bound.Version && c.Owner.Version == b.Owner.Version &&
		(c.Challenge == nil) == (b.Challenge == nil) && (c.Challenge == nil || c.Challenge.Version == b.Challenge.Version)
}

// BoundCard is the card certificate of an account (我的IC卡).
type BoundCard struct {
	CardCertificate
	AccountID string    `json:"-"`
	BoundAt   time.Time `json:"boundAt"`
	Version   int64     `json:"-"`
}

// CardOwner keeps one certificate to one enterprise: it lists that enterprise's
// accounts to which the certificate is bound.
type CardOwner struct {
	CardID   string   `json:"-"`
	USCC     string   `json:"uscc"`
	Accounts []string `json:"accounts"`
	Version  int64    `json:"-"`
}

// TakenFrom reports whether the certificate serves another enterprise than the
// account's. What only this account holds moves with it.
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

// CardCharged tells which refusals cost a try: those where card and account, or
// card and signature, do not belong together. What is wrong with a certificate
// by itself is told free of charge, since trying again changes nothing.
func CardCharged(code Code) bool {
	return code == CodeCardSignatureWrong || code == CodeCardWrongEnterprise
}
