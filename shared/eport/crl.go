package eport

import (
	"bytes"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emmansun/gmsm/smx509"
)

// Extensions of revocation lists (RFC 5280, 5.2).
const (
	oidAuthorityKey = "2.5.29.35"
	oidCRLNumber    = "2.5.29.20"
	oidDeltaCRL     = "2.5.29.27"
	oidScope        = "2.5.29.28" // issuingDistributionPoint
)

// clockSkew is how far an issuer's clock may be ahead of ours.
const clockSkew = 5 * time.Minute

// undatedLife is the life of a list without nextUpdate, which RFC 5280, 5.1.2.5,
// requires in every list.
const undatedLife = 24 * time.Hour

// CRL is a revocation list with a verified signature.
type CRL struct {
	ThisUpdate, NextUpdate time.Time
	revoked                map[string]bool // serial numbers
	scope                  scope
}

// scope is the part of an issuer's certificates that a list covers (RFC 5280,
// 5.2.5).
type scope struct {
	points    []string // addresses; empty = every distribution point
	usersOnly bool
	casOnly   bool
	partial   bool // some reasons only, indirect, or attribute certificates
}

var errCRL = errors.New("unusable revocation list")

// ParseCRL parses a revocation list in DER or PEM and checks that the issuer
// signed it with a stronger hash than SHA-1. It refuses delta lists, indirect
// lists, and lists with critical extensions other than a scope, because reading
// them partly would miss revocations.
// Errors: errCRL.
func ParseCRL(raw []byte, issuer *smx509.Certificate) (*CRL, error) {
	if block, _ := pem.Decode(raw); block != nil {
		raw = block.Bytes
	}
	list, err := smx509.ParseRevocationList(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCRL, err)
	}
	if !bytes.Equal(list.RawIssuer, issuer.RawSubject) {
		return nil, fmt.Errorf("%w: another issuer signed it", errCRL)
	}
	switch list.SignatureAlgorithm {
	case smx509.SHA1WithRSA, smx509.ECDSAWithSHA1, smx509.DSAWithSHA1:
		return nil, fmt.Errorf("%w: signed with %s", errCRL, list.SignatureAlgorithm)
	}
	if err := list.CheckSignatureFrom(issuer); err != nil {
		return nil, fmt.Errorf("%w: %w", errCRL, err)
	}
	out := &CRL{
		ThisUpdate: list.ThisUpdate,
		NextUpdate: list.NextUpdate,
		revoked:    make(map[string]bool, len(list.RevokedCertificateEntries)),
	}
	if out.NextUpdate.IsZero() {
		out.NextUpdate = out.ThisUpdate.Add(undatedLife)
	}
	for _, ext := range list.Extensions {
		switch id := ext.Id.String(); {
		case id == oidDeltaCRL:
			return nil, fmt.Errorf("%w: delta lists are not supported", errCRL)
		case id == oidScope:
			if out.scope, err = parseScope(ext.Value); err != nil {
				return nil, err
			}
		case ext.Critical && id != oidAuthorityKey && id != oidCRLNumber:
			return nil, fmt.Errorf("%w: unknown critical extension %s", errCRL, id)
		}
	}
	if out.scope.partial {
		return nil, fmt.Errorf("%w: indirect lists and lists of some reasons are not supported", errCRL)
	}
	for _, e := range list.RevokedCertificateEntries {
		for _, ext := range e.Extensions {
			if ext.Critical {
				return nil, fmt.Errorf("%w: an entry has the critical extension %s", errCRL, ext.Id)
			}
		}
		out.revoked[string(e.SerialNumber.Bytes())] = true
	}
	return out, nil
}

// parseScope parses an issuingDistributionPoint.
func parseScope(der []byte) (scope, error) {
	var s scope
	in, err := sequence(der)
	if err != nil {
		return s, err
	}
	for len(in) > 0 {
		var field asn1.RawValue
		if in, err = asn1.Unmarshal(in, &field); err != nil || field.Class != asn1.ClassContextSpecific {
			return s, fmt.Errorf("%w: unreadable scope", errCRL)
		}
		set := len(field.Bytes) == 1 && field.Bytes[0] != 0
		switch field.Tag {
		case 0:
			if s.points, err = pointAddresses(field.Bytes); err != nil {
				return s, err
			}
		case 1:
			s.usersOnly = set
		case 2:
			s.casOnly = set
		case 3: // onlySomeReasons is a bit string, not a boolean
			s.partial = true
		default:
			s.partial = s.partial || set
		}
	}
	return s, nil
}

func sequence(der []byte) ([]byte, error) {
	var seq asn1.RawValue
	rest, err := asn1.Unmarshal(der, &seq)
	if err != nil || len(rest) > 0 || seq.Class != asn1.ClassUniversal || seq.Tag != asn1.TagSequence {
		return nil, fmt.Errorf("%w: unreadable scope", errCRL)
	}
	return seq.Bytes, nil
}

// pointAddresses returns the addresses of a DistributionPointName's fullName. A
// name relative to the issuer has no address and matches nothing.
func pointAddresses(der []byte) ([]string, error) {
	const uri = 6
	points := []string{""} // otherwise a list without addresses would cover everything
	var name asn1.RawValue
	if _, err := asn1.Unmarshal(der, &name); err != nil || name.Class != asn1.ClassContextSpecific {
		return nil, fmt.Errorf("%w: unreadable scope", errCRL)
	}
	for in := name.Bytes; name.Tag == 0 && len(in) > 0; {
		var general asn1.RawValue
		rest, err := asn1.Unmarshal(in, &general)
		if err != nil {
			return nil, fmt.Errorf("%w: unreadable scope", errCRL)
		}
		if general.Class == asn1.ClassContextSpecific && general.Tag == uri {
			points = append(points, string(general.Bytes))
		}
		in = rest
	}
	return points, nil
}

// Covers reports whether the list would name the certificate if it were revoked.
func (l *CRL) Covers(c *smx509.Certificate) bool {
	authority := c.BasicConstraintsValid && c.IsCA
	if l.scope.usersOnly && authority || l.scope.casOnly && !authority {
		return false
	}
	if len(l.scope.points) == 0 {
		return true
	}
	return slices.ContainsFunc(c.CRLDistributionPoints, func(p string) bool {
		return p != "" && slices.Contains(l.scope.points, p)
	})
}

// Revoked reports whether the list names the certificate.
func (l *CRL) Revoked(c *smx509.Certificate) bool { return l.revoked[string(c.SerialNumber.Bytes())] }

// Fresh reports whether the list is valid at the instant.
func (l *CRL) Fresh(now time.Time) bool {
	return !now.Before(l.ThisUpdate.Add(-clockSkew)) && now.Before(l.NextUpdate)
}
