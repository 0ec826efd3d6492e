// Package eport is the sandbox's E-Port: authorities that issue cards to the
// enterprises of the data and publish revocation lists, a reader, and the client
// control's WebSocket server. The keys are in memory.
package eport

import (
	"crypto"
	"crypto/rand"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"realname/shared/eport"
)

// authority is one certificate authority of the sandbox, with an SM2 key.
type authority struct {
	slug        string // for the address of its list
	certificate *smx509.Certificate
	key         crypto.Signer
	published   published

	mu      sync.Mutex
	revoked map[string]*big.Int // serial numbers
	last    int64               // number of the latest list
}

// published is the state of an authority's revocation list.
type published int

const (
	current     published = iota
	runOut                // the published list expired yesterday
	outOfReach            // the address answers with an error
	notAnchored           // the service does not trust this authority
)

const (
	authorityYears = 20
	listLife       = 24 * time.Hour
)

func (s *Sandbox) newAuthority(slug, name string, parent *authority, p published) (*authority, error) {
	made, err := s.kept("authority-"+slug, func() (pair, error) { return issueAuthority(slug, name, parent, s.now()) })
	if err != nil {
		return nil, fmt.Errorf("authority %s: %w", slug, err)
	}
	return &authority{
		slug: slug, certificate: made.certificate, key: made.key, published: p, revoked: map[string]*big.Int{},
	}, nil
}

func issueAuthority(slug, name string, parent *authority, now time.Time) (pair, error) {
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return pair{}, fmt.Errorf("make the key: %w", err)
	}
	template := &smx509.Certificate{
		SerialNumber: serialOf("authority", slug),
		Subject:      pkix.Name{Country: []string{"CN"}, Organization: []string{"示范电子口岸"}, CommonName: name},
		NotBefore:    now.AddDate(-1, 0, 0), NotAfter: now.AddDate(authorityYears, 0, 0),
		KeyUsage: smx509.KeyUsageCertSign | smx509.KeyUsageCRLSign, BasicConstraintsValid: true, IsCA: true,
		SubjectKeyId: serialOf("key", slug).Bytes(), SignatureAlgorithm: smx509.SM2WithSM3,
	}
	signer, issuer := crypto.Signer(key), template
	if parent != nil {
		signer, issuer = parent.key, parent.certificate
	}
	c, err := issue(template, issuer, key.Public(), signer)
	return pair{c, key}, err
}

func issue(
	template, issuer *smx509.Certificate, public crypto.PublicKey, signer crypto.Signer,
) (*smx509.Certificate, error) {
	der, err := smx509.CreateCertificate(rand.Reader, template, issuer, public, signer)
	if err != nil {
		return nil, fmt.Errorf("issue a certificate: %w", err)
	}
	return smx509.ParseCertificate(der)
}

// revoke puts a serial number on the authority's list.
func (a *authority) revoke(serial *big.Int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.revoked[serial.String()] = serial
}

// list issues the current revocation list.
func (a *authority) list(now time.Time) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	this := now.Add(-time.Minute)
	if a.published == runOut {
		this = now.Add(-2 * listLife)
	}
	a.last++
	template := &smx509.RevocationList{
		Number: big.NewInt(a.last), ThisUpdate: this, NextUpdate: this.Add(listLife), SignatureAlgorithm: smx509.SM2WithSM3,
	}
	for _, serial := range a.revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, smx509.RevocationListEntry{
			SerialNumber: serial, RevocationTime: this,
		})
	}
	return smx509.CreateRevocationList(rand.Reader, template, a.certificate, a.key)
}

// setting returns the setting with which the service trusts the authority.
func (a *authority) setting(address string, now time.Time) eport.Setting {
	return eport.Setting{
		Authority: &eport.AuthorityRecord{Certificate: a.certificate.Raw, CRLs: []string{address}, AddedAt: now},
	}
}
