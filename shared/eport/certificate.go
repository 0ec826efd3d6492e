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

// maxCertificate bounds what is parsed at all; certificates in the field have
// between 1 and 2 KB.
const maxCertificate = 8 * 1024

// errCertificate means that the bytes are no X.509 certificate.
var errCertificate = errors.New("no X.509 certificate in DER")

// ParseCertificate reads an X.509 certificate in DER, of an RSA or an SM2 key.
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

// Describe returns what is kept of a certificate.
func Describe(c *smx509.Certificate) realname.CardCertificate {
	return realname.CardCertificate{
		ID: identity(c), Number: number(c), Issuer: issuerName(c), Algorithm: keyKind(c),
		ValidFrom: c.NotBefore, ValidTo: c.NotAfter,
	}
}

// identity hashes issuer and serial number, which together name a certificate
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

// maxRSABits keeps a hostile key from costing seconds.
const maxRSABits = 8192

// suitable checks that a key can prove something: SM2, or RSA of a safe length,
// in a certificate that was not signed over SHA-1 or MD5. A forged certificate
// with such a signature is within reach, a forged answer to our challenge is
// not; so SHA-1 is never accepted here, whatever the policy says.
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
