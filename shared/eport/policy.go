package eport

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Policy is the configuration for cards.
type Policy struct {
	// SHA1 accepts RSA-SHA1 signatures over our challenge, for older cards.
	SHA1 bool `json:"sha1"`
	// MinRSABits is the shortest RSA key; 2048 unless older cards need 1024.
	MinRSABits int `json:"minRsaBits"`
	// Revocation decides about a card if no current revocation list is available.
	Revocation Revocation `json:"revocation"`
	// Attributes are the places where a certificate names its enterprise. At least
	// one must be present, and each present one must name the account's enterprise.
	Attributes []Attribute `json:"attributes"`
	// Usages are extended key usages, as OIDs, that a signing certificate may have
	// in addition to clientAuth and anyExtendedKeyUsage.
	Usages []string `json:"usages,omitempty"`
}

// Revocation is the decision about a card whose revocation status is unknown.
type Revocation string

// Strict refuses (fail closed); Soft accepts and notes it in the evidence.
const (
	Strict Revocation = "strict"
	Soft   Revocation = "soft"
)

// Kind is the kind of value that an attribute holds.
type Kind string

// Kinds of attributes.
const (
	KindUSCC    Kind = "uscc"
	KindOrgCode Kind = "org_code"
	KindName    Kind = "name"
)

// Attribute maps an attribute of the subject, or an extension, to the kind of its
// value.
type Attribute struct {
	OID  string `json:"oid"`
	Kind Kind   `json:"kind"`
	// Prefix precedes the value and does not belong to it, such as NTRCN-.
	Prefix string `json:"prefix,omitempty"`
}

// DefaultPolicy returns the policy of a stage that configures none: no SHA-1, no
// short keys, fail closed. It reads the codes where the standards put them: the
// USCC in organizationIdentifier (ITU-T X.520, 6.4.5), the organization code in
// the extension 企业组织机构代码 of GM/T 0015-2012.
func DefaultPolicy() Policy {
	return Policy{
		MinRSABits: 2048, Revocation: Strict,
		Attributes: []Attribute{{OID: "2.5.4.97", Kind: KindUSCC}, {OID: "1.2.156.10260.4.1.4", Kind: KindOrgCode}},
	}
}

// Validate returns every error of a configured policy, joined.
func (p Policy) Validate() error {
	var errs []error
	if p.MinRSABits < 1024 || p.MinRSABits > maxRSABits {
		errs = append(errs, fmt.Errorf("minRsaBits: want 1024 to %d, got %d", maxRSABits, p.MinRSABits))
	}
	if p.Revocation != Strict && p.Revocation != Soft {
		errs = append(errs, fmt.Errorf("revocation: want %s or %s, got %q", Strict, Soft, p.Revocation))
	}
	if len(p.Attributes) == 0 {
		errs = append(errs, errors.New("attributes: want at least one place that names the enterprise"))
	}
	for i, a := range p.Attributes {
		if err := validateOID(a.OID); err != nil {
			errs = append(errs, fmt.Errorf("attributes[%d]: %w", i, err))
		}
		if a.Kind != KindUSCC && a.Kind != KindOrgCode && a.Kind != KindName {
			errs = append(errs, fmt.Errorf("attributes[%d]: kind: want %s, %s or %s, got %q",
				i, KindUSCC, KindOrgCode, KindName, a.Kind))
		}
	}
	for i, oid := range p.Usages {
		if err := validateOID(oid); err != nil {
			errs = append(errs, fmt.Errorf("usages[%d]: %w", i, err))
		}
	}
	return errors.Join(errs...)
}

func validateOID(text string) error {
	arcs := strings.Split(text, ".")
	wrong := func(arc string) bool {
		n, err := strconv.Atoi(arc)
		return err != nil || n < 0 || arc != strconv.Itoa(n)
	}
	if len(arcs) < 2 || slices.ContainsFunc(arcs, wrong) {
		return fmt.Errorf("%q: want an object identifier", text)
	}
	return nil
}
