package eport

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

// maxCertificate is the longest certificate, in bytes, that is parsed. Real ones
// have 1 to 2 KB.
const maxCertificate = 8 * 1024

// errCertificate means that the bytes are not an X.509 certificate.
var errCertificate = errors.New("not an X.509 certificate in DER")

// ParseCertificate parses an X.509 certificate in DER, with an RSA or an SM2 key.
func ParseCertificate(der []byte) (*smx509.Certificate, error) {
	if len(der) > maxCertificate {
		return nil, fmt.Errorf("%w: longer than %d bytes", errCertificate, maxCertificate)
	}
	c, err := smx509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCertificate, err)
	}
	return c, nil
}

// Describe returns the stored fields of a certificate.
func Describe(c *smx509.Certificate) realname.CardCertificate {
	return realname.CardCertificate{
		ID: identity(c), Number: number(c), Issuer: issuerName(c), Algorithm: keyKind(c),
		ValidFrom: c.NotBefore, ValidTo: c.NotAfter,
	}
}

// identity hashes issuer and serial number, which together identify a certificate
// (RFC 5280, 4.1.2.2).
func identity(c *smx509.Certificate) string {
	h := sha256.New()
	h.Write(c.RawIssuer)
	h.Write([]byte{0})
	h.Write(c.SerialNumber.Bytes())
	return hex.EncodeToString(h.Sum(nil))
}

func number(c *smx509.Certificate) string {
	n := strings.ToUpper(c.SerialNumber.Text(16))
	if len(n)%2 == 1 {
		n = "0" + n
	}
	return n
}

func issuerName(c *smx509.Certificate) string {
	if c.Issuer.CommonName != "" {
		return c.Issuer.CommonName
	}
	return c.Issuer.String()
}

// Kinds of keys.
const (
	kindRSA = "RSA"
	kindSM2 = "SM2"
)

func keyKind(c *smx509.Certificate) string {
	switch {
	case sm2.IsSM2PublicKey(c.PublicKey):
		return kindSM2
	case c.PublicKeyAlgorithm == smx509.RSA:
		return kindRSA
	}
	return c.PublicKeyAlgorithm.String()
}

// maxRSABits bounds the time to verify with a hostile key; larger keys would take
// seconds.
const maxRSABits = 8192

// suitable checks that a key is strong enough: SM2, or RSA of a safe length, in a
// certificate whose signature does not use SHA-1 or MD5. An attacker can forge a
// certificate with such a signature, but not an answer to our challenge, so the
// policy's SHA-1 setting does not apply here.
func suitable(c *smx509.Certificate, p Policy) error {
	switch c.SignatureAlgorithm {
	case smx509.SHA1WithRSA, smx509.ECDSAWithSHA1, smx509.DSAWithSHA1, smx509.MD5WithRSA, smx509.MD2WithRSA:
		return refuse(realname.CodeCardUnsuitable, "certificate signed with %s", c.SignatureAlgorithm)
	}
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok {
		if bits := key.N.BitLen(); bits < p.MinRSABits || bits > maxRSABits {
			return refuse(realname.CodeCardUnsuitable, "RSA key of %d bits, want %d to %d", bits, p.MinRSABits, maxRSABits)
		}
		return nil
	}
	if keyKind(c) != kindSM2 {
		return refuse(realname.CodeCardUnsuitable, "%s key, want RSA or SM2", keyKind(c))
	}
	return nil
}
