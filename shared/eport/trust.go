package eport

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

// Authority is one certificate authority of the trust material: a self-signed
// anchor where chains end, or an intermediate. A card provides only its own
// certificate, so intermediates must be configured too.
type Authority struct {
	Certificate *smx509.Certificate
	// CRLs are the addresses of the authority's revocation list: mirrors, or parts
	// of it. Only these are fetched, never an address in a card's certificate.
	CRLs []string
	// NoCRL accepts that the authority publishes no revocation list.
	NoCRL bool
}

// Fingerprint identifies an authority: the hex SHA-256 of its certificate.
func Fingerprint(c *smx509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// Anchor reports whether chains may end at the authority: it is self-signed.
func (a Authority) Anchor() bool {
	c := a.Certificate
	return bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignatureFrom(c) == nil
}

// Validate returns every error of an authority before it is configured, joined.
func (a Authority) Validate(now time.Time) error {
	c := a.Certificate
	var errs []error
	if !c.BasicConstraintsValid || !c.IsCA {
		errs = append(errs, errors.New("certificate: not an authority: basicConstraints lacks CA"))
	}
	if c.KeyUsage != 0 && c.KeyUsage&smx509.KeyUsageCertSign == 0 {
		errs = append(errs, errors.New("certificate: the key usage lacks keyCertSign"))
	}
	if now.After(c.NotAfter) {
		errs = append(errs, fmt.Errorf("certificate: expired at %s", c.NotAfter.UTC().Format(time.RFC3339)))
	}
	if !a.Anchor() {
		if err := suitable(c, Policy{MinRSABits: 2048}); err != nil {
			errs = append(errs, err)
		}
	}
	if len(a.CRLs) == 0 && !a.NoCRL {
		errs = append(errs, errors.New("revocation list: no address; give one, or accept that there is no list"))
	}
	for _, text := range a.CRLs {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			errs = append(errs, fmt.Errorf("revocation list: %q: want an http or https address", text))
		}
	}
	return errors.Join(errs...)
}

// Trust is the trust material in force.
type Trust struct {
	Policy        Policy
	anchors       *smx509.CertPool
	intermediates *smx509.CertPool
	issuers       map[string]Authority // by issuerKey
}

// NewTrust returns the trust material of a policy and the authorities in use.
func NewTrust(p Policy, authorities []Authority) *Trust {
	t := &Trust{
		Policy:        p,
		anchors:       smx509.NewCertPool(),
		intermediates: smx509.NewCertPool(),
		issuers:       map[string]Authority{},
	}
	for _, a := range authorities {
		if a.Anchor() {
			t.anchors.AddCert(a.Certificate)
		} else {
			t.intermediates.AddCert(a.Certificate)
		}
		t.issuers[issuerKey(a.Certificate)] = a.with(t.issuers[issuerKey(a.Certificate)])
	}
	return t
}

// issuerKey identifies an authority by subject and public key. A revocation list
// belongs to an authority, not to a certificate (RFC 5280, 5.1), so an authority
// with several configured certificates has the lists of all of them.
func issuerKey(c *smx509.Certificate) string {
	return string(c.RawSubject) + string(c.RawSubjectPublicKeyInfo)
}

// with returns the authority with the lists of its other certificate added.
func (a Authority) with(other Authority) Authority {
	a.CRLs = slices.Concat(a.CRLs, other.CRLs)
	a.NoCRL = len(a.CRLs) == 0 && (a.NoCRL || other.NoCRL)
	return a
}

// chains returns the chains from the certificate to an anchor at the instant.
func (t *Trust) chains(c *smx509.Certificate, at time.Time) ([][]*smx509.Certificate, error) {
	chains, err := c.Verify(smx509.VerifyOptions{
		Roots: t.anchors, Intermediates: t.intermediates, CurrentTime: at,
		KeyUsages: []smx509.ExtKeyUsage{smx509.ExtKeyUsageAny},
	})
	var invalid smx509.CertificateInvalidError
	var critical smx509.UnhandledCriticalExtension
	switch {
	case err == nil:
		return t.mayIssue(chains)
	case errors.As(err, &critical), errors.As(err, &invalid) && invalid.Cert == c:
		return nil, refuse(realname.CodeCardUnsuitable, "%v", err)
	}
	return nil, refuse(realname.CodeCardIssuerUnknown, "%v", err)
}

// mayIssue returns the chains whose authorities may all issue cards. Authorities
// that restrict extended usages must share with the card one that proves an
// identity (RFC 5280, 4.2.1.12). checkUsage checks the card's own usages.
func (t *Trust) mayIssue(chains [][]*smx509.Certificate) ([][]*smx509.Certificate, error) {
	var may [][]*smx509.Certificate
	for _, chain := range chains {
		card, authorities := chain[0], chain[1:]
		common := slices.ContainsFunc(t.Policy.identityUsages(), func(usage string) bool {
			return (allowsUsage(card, usage) || checkUsage(card, t.Policy) != nil) &&
				!slices.ContainsFunc(authorities, func(c *smx509.Certificate) bool { return !allowsUsage(c, usage) })
		})
		if common {
			may = append(may, chain)
		}
	}
	if len(may) == 0 {
		return nil, refuse(realname.CodeCardIssuerUnknown,
			"an authority's extended key usage does not allow it to issue cards")
	}
	return may, nil
}
