package eport

import (
	"errors"
	"fmt"
	"time"

	"github.com/emmansun/gmsm/smx509"
)

// Setting is one stored entry of the trust material: the policy, or an authority.
type Setting struct {
	Policy    *Policy          `json:"policy,omitempty"`
	Authority *AuthorityRecord `json:"authority,omitempty"`
}

// AuthorityRecord is a stored authority. A retired one is kept but not trusted.
type AuthorityRecord struct {
	Certificate []byte    `json:"certificate"` // DER
	CRLs        []string  `json:"crls,omitempty"`
	NoCRL       bool      `json:"noCrl,omitempty"`
	AddedAt     time.Time `json:"addedAt"`
	RetiredAt   time.Time `json:"retiredAt,omitzero"`
}

// PolicySetting is the name of the policy's entry.
const PolicySetting = "policy"

// SettingName returns the name of an authority's entry, which ends with the first
// 16 digits of its fingerprint.
func SettingName(c *smx509.Certificate) string { return "authority-" + Fingerprint(c)[:16] }

// Authority returns the authority of a record.
func (r AuthorityRecord) Authority() (Authority, error) {
	c, err := ParseCertificate(r.Certificate)
	return Authority{Certificate: c, CRLs: r.CRLs, NoCRL: r.NoCRL}, err
}

// TrustOf builds the trust material from stored entries. One unreadable entry is
// an error, because verifying cards with a partial configuration is worse than
// verifying none.
func TrustOf(entries []Setting) (*Trust, error) {
	policy := DefaultPolicy()
	var authorities []Authority
	var errs []error
	for _, e := range entries {
		if e.Policy != nil {
			policy = *e.Policy
		}
		if e.Authority == nil || !e.Authority.RetiredAt.IsZero() {
			continue
		}
		a, err := e.Authority.Authority()
		if err != nil {
			errs = append(errs, err)
			continue
		}
		authorities = append(authorities, a)
	}
	if err := errors.Join(append(errs, policy.Validate())...); err != nil {
		return nil, fmt.Errorf("card trust material: %w", err)
	}
	return NewTrust(policy, authorities), nil
}
