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

// Authority is one certificate authority of the trust material: an anchor where
// chains end (self-signed), or one between an anchor and the cards. Cards hand
// out their own certificate only, so those in between are configured too.
type Authority struct {
	Certificate *smx509.Certificate
	// CRLs are where the authority's revocation list lies: mirrors, or parts of
	// it. Only these are ever fetched, never what a card's certificate names.
	CRLs []string
	// NoCRL says that the authority publishes none, and that this is accepted.
	NoCRL bool
}

// Fingerprint names an authority: SHA-256 of its certificate, in hexadecimal.
func Fingerprint(c *smx509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// Anchor reports whether chains may end at the authority.
func (a Authority) Anchor() bool {
	return bytes.Equal(a.Certificate.RawIssuer, a.Certificate.RawSubject) && a.Certificate.CheckSignatureFrom(a.Certificate) == nil
}

// Validate checks an authority before it is configured.
func (a Authority) Validate(now time.Time) error {
	c := a.Certificate
	var errs []error
	if !c.BasicConstraintsValid || !c.IsCA {
		errs = append(errs, errors.New("not the certificate of an authority: basicConstraints does not say CA"))
	}
	if c.KeyUsage != 0 && c.KeyUsage&smx509.KeyUsageCertSign == 0 {
		errs = append(errs, errors.New("its key usage lacks keyCertSign"))
	}
	if now.After(c.NotAfter) {
		errs = append(errs, fmt.Errorf("it expired at %s", c.NotAfter.UTC().Format(time.RFC3339)))
	}
	if !a.Anchor() {
		if err := suitable(c, Policy{MinRSABits: 2048}); err != nil {
			errs = append(errs, err)
		}
	}
	if len(a.CRLs) == 0 && !a.NoCRL {
		errs = append(errs, errors.New("it needs the address of its revocation list, or the word that it has none"))
	}
	for _, text := range a.CRLs {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			errs = append(errs, fmt.Errorf("%q is no http or https address", text))
		}
	}
	return errors.Join(errs...)
}

// Trust is the trust material in force.
type Trust struct {
	Policy        Policy
	anchors       *smx509.CertPool
	intermediates *smx509.CertPool
	issuers       map[string]Authority // by name and key, whatever the certificate
}

// NewTrust gathers a policy and the authorities that are not retired.
func NewTrust(p Policy, authorities []Authority) *Trust {
	t := &Trust{Policy: p, anchors: smx509.NewCertPool(), intermediates: smx509.NewCertPool(), issuers: map[string]Authority{}}
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

// issuerKey names an authority by subject and public key. A revocation list is an
// authority's, not a certificate's (RFC 5280, 5.1): one that is configured by
// several certificates has the lists of all of them.
func issuerKey(c *smx509.Certificate) string {
	return string(c.RawSubject) + string(c.RawSubjectPublicKeyInfo)
}

// with returns the authority with the lists of another certificate of it.
func (a Authority) with(other Authority) Authority {
	a.CRLs = slices.Concat(a.CRLs, other.CRLs)
	a.NoCRL = len(a.CRLs) == 0 && (a.NoCRL || other.NoCRL)
	return a
}

// chains returns the chains from the certificate to an anchor at the instant.
func (t *Trust) chains(c *smx509.Certificate, at time.Time) ([][]*smx509.Certificate, error) {
	chains, err := c.Verify(smx509.VerifyOptions{
		Roots: t.anchors, Intermediates: t.intermediates, CurrentTime: at, KeyUsages: []smx509.ExtKeyUsage{smx509.ExtKeyUsageAny},
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

// mayIssue returns the chains whose authorities may all issue cards: those that
// restrict extended usages must share one with the card by which it proves an
// identity (RFC 5280, 4.2.1.12). The card's own usages are judged apart.
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
		return nil, refuse(realname.CodeCardIssuerUnknown, "an authority's extended key usage does not allow it to issue cards")
	}
	return may, nil
}
