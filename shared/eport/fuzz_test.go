package eport_test

import (
	"context"
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/json"
	"log/slog"
	"math/big"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"realname/shared/eport"
	"realname/shared/realname"
)

// made returns the seeds of the fuzz targets: a root, a card under it, a list
// and a signature.
func made(f *testing.F) (root, card *smx509.Certificate, list, sig []byte) {
	f.Helper()
	issue := func(template, parent *smx509.Certificate, public any, signer *sm2.PrivateKey) *smx509.Certificate {
		der, err := smx509.CreateCertificate(rand.Reader, template, parent, public, signer)
		if err != nil {
			f.Fatal(err)
		}
		c, err := eport.ParseCertificate(der)
		if err != nil {
			f.Fatal(err)
		}
		return c
	}
	key := func() *sm2.PrivateKey {
		k, err := sm2.GenerateKey(rand.Reader)
		if err != nil {
			f.Fatal(err)
		}
		return k
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rootKey, cardKey := key(), key()
	template := &smx509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root"}, NotBefore: from,
		NotAfter: from.AddDate(10, 0, 0), SubjectKeyId: []byte{1},
		KeyUsage: smx509.KeyUsageCertSign | smx509.KeyUsageCRLSign, BasicConstraintsValid: true, IsCA: true,
		SignatureAlgorithm: smx509.SM2WithSM3,
	}
	root = issue(template, template, rootKey.Public(), rootKey)
	card = issue(&smx509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: from, NotAfter: from.AddDate(10, 0, 0),
		KeyUsage: smx509.KeyUsageDigitalSignature, SignatureAlgorithm: smx509.SM2WithSM3,
		Subject: pkix.Name{
			CommonName: "x", ExtraNames: []pkix.AttributeTypeAndValue{{Type: []int{2, 5, 4, 97}, Value: enterprise.USCC}},
		},
	}, root, cardKey.Public(), rootKey)
	list, err := smx509.CreateRevocationList(rand.Reader, &smx509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: from, NextUpdate: from.AddDate(0, 0, 7), SignatureAlgorithm: smx509.SM2WithSM3,
		RevokedCertificateEntries: []smx509.RevocationListEntry{{SerialNumber: big.NewInt(3), RevocationTime: from}},
	}, root, rootKey)
	if err != nil {
		f.Fatal(err)
	}
	if sig, err = cardKey.Sign(rand.Reader, []byte(challenge), sm2.DefaultSM2SignerOpts); err != nil {
		f.Fatal(err)
	}
	return root, card, list, sig
}

// FuzzCheckCard checks arbitrary certificates and signatures. None may crash
// the verifier, and only the exact issued certificate may pass.
func FuzzCheckCard(f *testing.F) {
	root, card, list, sig := made(f)
	now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	trust := eport.NewTrust(eport.DefaultPolicy(),
		[]eport.Authority{{Certificate: root, CRLs: []string{"http://list.invalid/"}}})
	log := slog.New(slog.DiscardHandler)
	v := &eport.Verifier{
		Trust: func(context.Context, *smx509.Certificate) (*eport.Trust, error) { return trust, nil },
		Now:   func() time.Time { return now }, Log: log,
		CRLs: &eport.CRLs{Log: log, Fetch: func(context.Context, string) ([]byte, error) { return list, nil }},
	}
	f.Add(card.Raw, sig)
	f.Add(root.Raw, sig)
	f.Add(card.Raw, make([]byte, 64))
	f.Add(card.Raw, []byte{0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01})
	f.Fuzz(func(t *testing.T, der, sig []byte) {
		result, err := v.CheckCard(t.Context(),
			realname.CardQuery{Certificate: der, Challenge: challenge, Signature: sig, Enterprise: enterprise})
		if err == nil && result.Refusal == "" && string(der) != string(card.Raw) {
			t.Errorf("a certificate passed that nobody issued: %x", der)
		}
		if c, err := eport.ParseCertificate(der); err == nil {
			eport.Describe(c)
			eport.Names(c, eport.DefaultPolicy())
		}
	})
}

// FuzzParseCRL parses arbitrary lists. None may crash the parser, and only the
// content that the issuer signed may count.
func FuzzParseCRL(f *testing.F) {
	root, _, list, _ := made(f)
	f.Add(list)
	f.Add([]byte("-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n"))
	signed, err := smx509.ParseRevocationList(list)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := eport.ParseCRL(raw, root)
		if err != nil {
			return
		}
		if !l.ThisUpdate.Equal(signed.ThisUpdate) || !l.NextUpdate.Equal(signed.NextUpdate) {
			t.Errorf("a list counted that nobody signed: %x", raw)
		}
	})
}

// FuzzParseScope parses arbitrary scopes of lists.
func FuzzParseScope(f *testing.F) {
	f.Add([]byte{0x30, 0x03, 0x81, 0x01, 0xff})
	f.Add([]byte{0x30, 0x00})
	f.Fuzz(func(_ *testing.T, der []byte) { eport.ParseScope(der) })
}

// The service reads trust material completely or rejects it.
func FuzzTrustOf(f *testing.F) {
	f.Add([]byte(`[{"policy":{}},{"authority":{"certificate":"AAAA","crls":["http://crl.example/a"]}}]`))
	f.Add([]byte(`[{"authority":{"certificate":"","retiredAt":"2026-01-01T00:00:00Z"}}]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var entries []eport.Setting
		if json.Unmarshal(raw, &entries) != nil {
			return
		}
		trust, err := eport.TrustOf(entries)
		if (trust == nil) == (err == nil) {
			t.Errorf("%s: %v %v", raw, trust, err)
		}
		if err == nil && trust.Policy.Validate() != nil {
			t.Errorf("%s: a policy that is refused by itself", raw)
		}
	})
}
