package eport

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Policy is what configuration decides about cards.
type Policy struct {
	// SHA1 accepts RSA-SHA1 signatures over our challenge, for older cards.
	SHA1 bool `json:"sha1"`
	// MinRSABits is the shortest RSA key; 2048 unless older cards need 1024.
	MinRSABits int `json:"minRsaBits"`
	// Revocation says what happens when nobody can tell whether a certificate is revoked.
	Revocation Revocation `json:"revocation"`
	// Attributes say where a certificate names its enterprise; each that is
	// there must name the account's, and at least one must be there.
	Attributes []Attribute `json:"attributes"`
	// Usages are extended key usages, as OIDs, that a signing certificate may
	// have beside clientAuth and anyExtendedKeyUsage.
	Usages []string `json:"usages,omitempty"`
}

// Revocation is how an unanswered question of revocation is decided.
type Revocation string

// Strict refuses (fail closed); Soft accepts and notes it in the evidence.
const (
	Strict Revocation = "strict"
	Soft   Revocation = "soft"
)

// Kind is what an attribute holds.
type Kind string

// Kinds of attributes.
const (
	KindUSCC    Kind = "uscc"
	KindOrgCode Kind = "org_code"
	KindName    Kind = "name"
)

// Attribute maps an attribute of the subject, or an extension, to what it holds.
type Attribute struct {
	OID  string `json:"oid"`
	Kind Kind   `json:"kind"`
	// Prefix stands before the value and is no part of it, such as NTRCN-.
	Prefix string `json:"prefix,omitempty"`
}

// DefaultPolicy is that of a stage that configures none: no SHA-1, no short
// keys, fail closed, and the code where the standards put it: organizationIdentifier
// (ITU-T X.520, 6.4.5) for the USCC, and the extension 企业组织机构代码 of GM/T
// 0015-2012 for the organisation code.
func DefaultPolicy() Policy {
	return Policy{
		MinRSABits: 2048, Revocation: Strict,
		Attributes: []Attribute{{OID: "2.5.4.97", Kind: KindUSCC}, {OID: "1.2.156.10260.4.1.4", Kind: KindOrgCode}},
	}
}

// Validate checks a policy as configuration gives it.
func (p Policy) Validate() error {
	var errs []error
	if p.MinRSABits < 1024 || p.MinRSABits > maxRSABits {
		errs = append(errs, fmt.Errorf("minRsaBits: %d is not between 1024 and %d", p.MinRSABits, maxRSABits))
	}
	if p.Revocation != Strict && p.Revocation != Soft {
		errs = append(errs, fmt.Errorf("revocation: %q is neither %s nor %s", p.Revocation, Strict, Soft))
	}
	if len(p.Attributes) == 0 {
		errs = append(errs, errors.New("attributes: at least one must say where the enterprise is named"))
	}
	for i, a := range p.Attributes {
		if _, err := parseOID(a.OID); err != nil {
			errs = append(errs, fmt.Errorf("attributes[%d]: %w", i, err))
		}
		if a.Kind != KindUSCC && a.Kind != KindOrgCode && a.Kind != KindName {
			errs = append(errs, fmt.Errorf("attributes[%d]: kind %q is none of %s, %s, %s", i, a.Kind, KindUSCC, KindOrgCode, KindName))
		}
	}
	for i, oid := range p.Usages {
		if _, err := parseOID(oid); err != nil {
			errs = append(errs, fmt.Errorf("usages[%d]: %w", i, err))
		}
	}
	return errors.Join(errs...)
}

func parseOID(text string) (asn1.ObjectIdentifier, error) {
	parts := strings.Split(text, ".")
	oid := make(asn1.ObjectIdentifier, len(parts))
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || part != strconv.Itoa(n) {
			return nil, fmt.Errorf("%q is no object identifier", text)
		}
		oid[i] = n
	}
	if len(oid) < 2 {
		return nil, fmt.Errorf("%q is no object identifier", text)
	}
	return oid, nil
}
