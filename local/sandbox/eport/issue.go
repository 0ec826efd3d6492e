package eport

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

// Kind is the special property of a card.
type Kind string

// The kinds of cards that every enterprise has. The service refuses all but the
// first three, for the reason in the name.
const (
	Good        Kind = "good"          // SM2
	GoodRSA     Kind = "rsa"           // RSA key, signs with SHA-256
	OldRSA      Kind = "rsa_sha1"      // RSA key, signs with SHA-1: passes if the policy accepts it
	Revoked     Kind = "revoked"       // on its authority's list
	Expired     Kind = "expired"       // since last month
	NotYetValid Kind = "not_yet_valid" // from next month
	Encryption  Kind = "encryption"    // presents its encryption certificate
	Unnamed     Kind = "unnamed"       // a personal card
	Unknown     Kind = "unknown_issuer"
	StaleList   Kind = "stale_crl"
	NoList      Kind = "no_crl"
)

const (
	defaultPIN        = "88888888" // of every card
	triesOfAPIN       = 6          // wrong ones before the card locks
	rsaBits           = 2048
	cardYears         = 10
	serialBytes       = 12
	serialPrefix byte = 0x51 // keeps serial numbers positive and of one length
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{Good, GoodRSA, OldRSA, Revoked, Expired, NotYetValid, Encryption, Unnamed, Unknown, StaleList, NoList}
}

// Enterprise is the owner of a card.
type Enterprise struct {
	LoginName string `json:"loginName,omitempty"`
	Name      string `json:"name"`
	USCC      string `json:"uscc"`
}

// chip is one card: its certificate, its key, which never leaves it, and its PIN.
type chip struct {
	owner       Enterprise
	kind        Kind
	certificate *smx509.Certificate
	key         crypto.Signer
	pinTries    int // wrong ones in a row
}

// serialOf derives a serial number, so that a list can name a card before it is issued.
func serialOf(parts ...string) *big.Int {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return new(big.Int).SetBytes(append([]byte{serialPrefix}, h.Sum(nil)[:serialBytes-1]...))
}

func issueCard(e Enterprise, k Kind, by *authority, address string, now time.Time) (pair, error) {
	key, err := newKey(k)
	if err != nil {
		return pair{}, fmt.Errorf("make the key of a card: %w", err)
	}
	subject := pkix.Name{
		Country: []string{"CN"}, Organization: []string{e.Name}, OrganizationalUnit: []string{"电子口岸法人卡"}, CommonName: e.Name,
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 97}, Value: e.USCC}},
	}
	if k == Unnamed {
		subject = pkix.Name{Country: []string{"CN"}, OrganizationalUnit: []string{"电子口岸操作员卡"}, CommonName: "操作员"}
	}
	from, to := now.AddDate(-1, 0, 0), now.AddDate(cardYears-1, 0, 0)
	switch k {
	case Expired:
		from, to = now.AddDate(-cardYears, -1, 0), now.AddDate(0, -1, 0)
	case NotYetValid:
		from, to = now.AddDate(0, 1, 0), now.AddDate(cardYears, 1, 0)
	}
	usage := smx509.KeyUsageDigitalSignature | smx509.KeyUsageContentCommitment
	if k == Encryption {
		usage = smx509.KeyUsageKeyEncipherment | smx509.KeyUsageDataEncipherment
	}
	c, err := issue(&smx509.Certificate{
		SerialNumber: serialOf("card", e.USCC, string(k)), Subject: subject, NotBefore: from, NotAfter: to, KeyUsage: usage,
		BasicConstraintsValid: true, CRLDistributionPoints: []string{address}, SignatureAlgorithm: smx509.SM2WithSM3,
	}, by.certificate, key.Public(), by.key)
	return pair{c, key}, err
}

func newKey(k Kind) (crypto.Signer, error) {
	if k == GoodRSA || k == OldRSA {
		return rsa.GenerateKey(rand.Reader, rsaBits)
	}
	return sm2.GenerateKey(rand.Reader)
}
