package eport

import (
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

// An issuer must say when its next list comes (RFC 5280, 5.1.2.5). The library
// makes no list without that, so this one is put together by hand.
func TestAListThatNamesNoNextCountsForADay(t *testing.T) {
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &smx509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root"}, NotBefore: noon, NotAfter: noon.AddDate(1, 0, 0),
		KeyUsage: smx509.KeyUsageCertSign | smx509.KeyUsageCRLSign, BasicConstraintsValid: true, IsCA: true,
		SignatureAlgorithm: smx509.SM2WithSM3,
	}
	der, err := smx509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	root, err := smx509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	algorithm := pkix.AlgorithmIdentifier{Algorithm: []int{1, 2, 156, 10197, 1, 501}} // SM2 with SM3
	marshal := func(value any) []byte {
		t.Helper()
		der, err := asn1.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	tbs := marshal(struct {
		Version    int
		Signature  pkix.AlgorithmIdentifier
		Issuer     asn1.RawValue
		ThisUpdate time.Time
	}{1, algorithm, asn1.RawValue{FullBytes: root.RawSubject}, noon})
	signature, err := key.Sign(rand.Reader, tbs, sm2.DefaultSM2SignerOpts)
	if err != nil {
		t.Fatal(err)
	}
	list, err := ParseCRL(marshal(struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}{asn1.RawValue{FullBytes: tbs}, algorithm, asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}}), root)
	if err != nil {
		t.Fatal(err)
	}
	if !list.ThisUpdate.Equal(noon) || !list.NextUpdate.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("from %v until %v", list.ThisUpdate, list.NextUpdate)
	}
}
