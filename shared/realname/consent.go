package realname

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// consentRevision names the wording of the consent texts. A change of what they say
// needs a new one.
const consentRevision = "2026-12"

// Consent records which version of the consent text the user accepted, and when.
type Consent struct {
	Version    string    `json:"version"`
	AcceptedAt time.Time `json:"acceptedAt"`
}

// Recipients names the providers of each check as configured. PIPL Art. 23 requires that
// the consent names who receives the data.
type Recipients map[CheckName][]string

// Recipient is a provider that receives the data of a check.
type Recipient struct {
	Check    CheckName
	Provider string
}

// checksOf returns the checks that a session of the method can buy. The other methods
// take no personal data: their proof is the bank's answer or the card's signature.
func checksOf(m Method) []CheckName {
	switch m {
	case LegalRepresentative:
		return []CheckName{RegistryCheck, IDCardCheck, BankCardCheck, SMSCheck}
	case AccountHolder:
		return []CheckName{IDCardCheck, BankCardCheck, SMSCheck}
	}
	return nil
}

// Of returns who can receive data in a session of the method, in the order of the checks
// and of the providers' names.
func (r Recipients) Of(m Method) []Recipient {
	var all []Recipient
	for _, check := range checksOf(m) {
		names := slices.Clone(r[check])
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			all = append(all, Recipient{check, name})
		}
	}
	return all
}

// ConsentVersion returns the version of the method's consent text in force. PIPL Art. 29
// requires a separate consent before sensitive personal information is processed, and
// another list of recipients needs another one. A session keeps the version that its user
// accepted.
func (r Recipients) ConsentVersion(m Method) string {
	of := r.Of(m)
	if len(of) == 0 {
		return consentRevision
	}
	var list []byte // by hand, since each read of a session compares versions
	for _, one := range of {
		list = append(append(append(append(list, one.Check...), '='), one.Provider...), '\n')
	}
	hash := sha256.Sum256(list)
	return consentRevision + "-" + hex.EncodeToString(hash[:4])
}

// GeneralConsent is the method whose consent covers every method: no other takes more, or
// names another recipient.
const GeneralConsent = LegalRepresentative

// Accepts reports whether a version that a user accepted is in force for the method: the
// method's own or the general one.
func (r Recipients) Accepts(m Method, version string) bool {
	return version == r.ConsentVersion(m) || version == r.ConsentVersion(GeneralConsent)
}
