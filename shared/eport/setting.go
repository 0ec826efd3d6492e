package eport

import (
	"errors"
	"fmt"
	"time"

	"github.com/emmansun/gmsm/smx509"
)

// Setting is one entry of the trust material as it is stored: the policy, or an
// authority.
type Setting struct {
	Policy    *Policy          `json:"policy,omitempty"`
	Authority *AuthorityRecord `json:"authority,omitempty"`
}

// AuthorityRecord is a stored authority. A retired one stays on record and
// counts no more.
type AuthorityRecord struct {
	Certificate []byte    `json:"certificate"` // DER
	CRLs        []string  `json:"crls,omitempty"`
	NoCRL       bool      `json:"noCrl,omitempty"`
	AddedAt     time.Time `json:"addedAt"`
	RetiredAt   time.Time `json:"retiredAt,omitzero"`
}

// PolicySetting is the name of the policy's entry.
const PolicySetting = "policy"

// SettingName names an authority's entry: the beginning of its fingerprint.
func SettingName(c *smx509.Certificate) string { return "authority-" + Fingerprint(c)[:16] }

// Authority returns the authority of a record.
func (r AuthorityRecord) Authority() (Authority, error) {
	c, err := ParseCertificate(r.Certificate)
	return Authority{Certificate: c, CRLs: r.CRLs, NoCRL: r.NoCRL}, err
}

// TrustOf gathers the trust material of stored entries. An entry that cannot be
// read is an error: better no card is judged than one by half a configuration.
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
