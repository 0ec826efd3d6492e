package eport

import (
	"crypto/rand"
	"math/big"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

func TestACertificateThatIsInvalidInItselfIsUnsuitable(t *testing.T) {
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &smx509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: noon, NotAfter: noon.Add(time.Hour), SignatureAlgorithm: smx509.SM2WithSM3,
	}
	der, err := smx509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	trust := NewTrust(DefaultPolicy(), nil)
	for want, at := range map[realname.Code]time.Time{
		realname.CodeCardUnsuitable: c.NotAfter.Add(time.Second), realname.CodeCardIssuerUnknown: c.NotAfter,
	} {
		_, err := trust.chains(c, at)
		wantRefusal(t, at.String(), err, want)
	}
}
