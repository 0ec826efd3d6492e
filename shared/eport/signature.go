package eport

import (
	"math/big"

	"github.com/emmansun/gmsm/smx509"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"realname/shared/realname"
)

// Signature types in a card's evidence.
const (
	SM2SM3    = "SM2-SM3"    // GB/T 32918.2 with the default user ID 1234567812345678
	RSASHA256 = "RSA-SHA256" // PKCS #1 v1.5
	RSASHA1   = "RSA-SHA1"   // PKCS #1 v1.5; older cards
)

// verifySignature checks that the certificate's key signed the challenge, and
// returns the type of signature. The key determines the algorithm, not the
// caller. An RSA signature names its own hash (RFC 8017, 9.2).
func verifySignature(c *smx509.Certificate, p Policy, challenge string, sig []byte) (string, error) {
	message := []byte(challenge)
	if keyKind(c) == kindSM2 {
		if c.CheckSignature(smx509.SM2WithSM3, message, derSignature(sig)) == nil {
			return SM2SM3, nil
		}
		return "", refuse(realname.CodeCardSignatureWrong, "no SM2-SM3 signature over the challenge")
	}
	if c.CheckSignature(smx509.SHA256WithRSA, message, sig) == nil {
		return RSASHA256, nil
	}
	if c.CheckSignature(smx509.SHA1WithRSA, message, sig) == nil {
		if !p.SHA1 {
			return "", refuse(realname.CodeCardSHA1, "RSA-SHA1 signature, which the policy does not allow")
		}
		return RSASHA1, nil
	}
	return "", refuse(realname.CodeCardSignatureWrong, "no RSA signature over the challenge")
}

// rawSM2 is the length of an SM2 signature that a card returns without ASN.1: r
// and s of 32 bytes each. GM/T 0009-2012 defines the ASN.1 form.
const rawSM2 = 64

// derSignature returns an SM2 signature in ASN.1 DER. It returns any other form
// unchanged, and the verification then fails.
func derSignature(sig []byte) []byte {
	in := cryptobyte.String(sig)
	var seq cryptobyte.String
	if in.ReadASN1(&seq, asn1.SEQUENCE) && in.Empty() || len(sig) != rawSM2 {
		return sig
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1BigInt(new(big.Int).SetBytes(sig[:rawSM2/2]))
		b.AddASN1BigInt(new(big.Int).SetBytes(sig[rawSM2/2:]))
	})
	der, err := b.Bytes()
	if err != nil {
		return sig
	}
	return der
}
