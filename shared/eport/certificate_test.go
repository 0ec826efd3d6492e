package eport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

func TestOnlyKeysThatProveSomethingSuit(t *testing.T) {
	sm2Key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const bad = realname.CodeCardUnsuitable
	for name, c := range map[string]struct {
		key  any
		kind smx509.PublicKeyAlgorithm
		by   smx509.SignatureAlgorithm
		want realname.Code
	}{
		"shortest RSA":  {rsaKey(2048), smx509.RSA, smx509.SHA256WithRSA, ""},
		"shorter RSA":   {rsaKey(2047), smx509.RSA, smx509.SHA256WithRSA, bad},
		"longest RSA":   {rsaKey(8192), smx509.RSA, smx509.SHA256WithRSA, ""},
		"longer RSA":    {rsaKey(8193), smx509.RSA, smx509.SHA256WithRSA, bad},
		"SM2":           {sm2Key.Public(), smx509.ECDSA, smx509.SM2WithSM3, ""},
		"P-256":         {p256.Public(), smx509.ECDSA, smx509.ECDSAWithSHA256, bad},
		"RSA by SHA-1":  {rsaKey(2048), smx509.RSA, smx509.SHA1WithRSA, bad},
		"SM2 by SHA-1":  {sm2Key.Public(), smx509.ECDSA, smx509.ECDSAWithSHA1, bad},
		"RSA by MD5":    {rsaKey(2048), smx509.RSA, smx509.MD5WithRSA, bad},
		"RSA by an SM2": {rsaKey(2048), smx509.RSA, smx509.SM2WithSM3, ""},
	} {
		certificate := &smx509.Certificate{PublicKey: c.key, PublicKeyAlgorithm: c.kind, SignatureAlgorithm: c.by}
		wantRefusal(t, name, suitable(certificate, DefaultPolicy()), c.want)
	}
	for want, c := range map[string]*smx509.Certificate{
		"SM2": {PublicKey: sm2Key.Public(), PublicKeyAlgorithm: smx509.ECDSA},
		"RSA": {PublicKey: rsaKey(2048), PublicKeyAlgorithm: smx509.RSA}, "ECDSA": {PublicKeyAlgorithm: smx509.ECDSA},
	} {
		if got := keyKind(c); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestACertificateIsDescribedByNumberAndIssuer(t *testing.T) {
	for serial, want := range map[int64]string{0xab: "AB", 0xabc: "0ABC", 1: "01", 0x100: "0100"} {
		c := &smx509.Certificate{SerialNumber: big.NewInt(serial)}
		if got := number(c); got != want {
			t.Errorf("%d: got %s, want %s", serial, got, want)
		}
	}
	for want, issuer := range map[string]pkix.Name{
		"Root": {CommonName: "Root", Country: []string{"CN"}}, "C=CN": {Country: []string{"CN"}},
	} {
		c := &smx509.Certificate{Issuer: issuer}
		if got := issuerName(c); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for length, tooLong := range map[int]bool{8192: false, 8193: true} {
		_, err := ParseCertificate(make([]byte, length))
		if !errors.Is(err, errCertificate) || strings.Contains(err.Error(), "longer") != tooLong {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
	_, err := new(Verifier).ReadCard([]byte("x"))
	if realname.CodeOf(err) != realname.CodeInvalidRequest {
		t.Errorf("%v", err)
	}
}

func TestOnlySigningUsagesCount(t *testing.T) {
	const sign, encrypt = smx509.KeyUsageDigitalSignature, smx509.KeyUsageKeyEncipherment
	for name, c := range map[string]struct {
		certificate smx509.Certificate
		want        realname.Code
	}{
		"unrestricted":        {smx509.Certificate{}, ""},
		"signing":             {smx509.Certificate{KeyUsage: sign}, ""},
		"signing and more":    {smx509.Certificate{KeyUsage: sign | encrypt}, ""},
		"encryption":          {smx509.Certificate{KeyUsage: encrypt}, realname.CodeCardUsageWrong},
		"an authority":        {smx509.Certificate{BasicConstraintsValid: true, IsCA: true}, realname.CodeCardUsageWrong},
		"not an authority":    {smx509.Certificate{BasicConstraintsValid: true}, ""},
		"an unread authority": {smx509.Certificate{IsCA: true}, ""},
		"another usage": {
			smx509.Certificate{ExtKeyUsage: []smx509.ExtKeyUsage{smx509.ExtKeyUsageServerAuth}}, realname.CodeCardUsageWrong,
		},
	} {
		wantRefusal(t, name, checkUsage(&c.certificate, DefaultPolicy()), c.want)
	}
	for usage, oid := range map[smx509.ExtKeyUsage]string{
		smx509.ExtKeyUsageServerAuth: "1.3.6.1.5.5.7.3.1", smx509.ExtKeyUsageClientAuth: "1.3.6.1.5.5.7.3.2",
		smx509.ExtKeyUsageCodeSigning: "1.3.6.1.5.5.7.3.3", smx509.ExtKeyUsageEmailProtection: "1.3.6.1.5.5.7.3.4",
		smx509.ExtKeyUsageTimeStamping: "1.3.6.1.5.5.7.3.8", smx509.ExtKeyUsageOCSPSigning: "1.3.6.1.5.5.7.3.9",
		smx509.ExtKeyUsageAny: "1.2.3", smx509.ExtKeyUsageIPSECUser: "",
	} {
		c := &smx509.Certificate{ExtKeyUsage: []smx509.ExtKeyUsage{usage}}
		if !allowsUsage(c, oid) {
			t.Errorf("%d does not allow %q", usage, oid)
		}
		if other := "1.2.4"; allowsUsage(c, other) != (usage == smx509.ExtKeyUsageAny) {
			t.Errorf("%d allows %s", usage, other)
		}
	}
	own := &smx509.Certificate{UnknownExtKeyUsage: []asn1.ObjectIdentifier{{1, 2, 156, 1}}}
	if !allowsUsage(own, "1.2.156.1") || allowsUsage(own, "1.2.156.2") {
		t.Error("a usage of its own is not judged by its OID")
	}
	if !allowsUsage(&smx509.Certificate{}, "1.2.156.2") {
		t.Error("an unrestricted certificate does not allow a usage")
	}
	policy := DefaultPolicy()
	wantRefusal(t, "a usage of its own", checkUsage(own, policy), realname.CodeCardUsageWrong)
	policy.Usages = []string{"1.2.156.1"}
	wantRefusal(t, "a configured usage", checkUsage(own, policy), "")
}
