package bank

import (
	"crypto"
	"embed"
	"fmt"
	"net/http"
	"path"
	"time"

	"realname/shared/bank"
	"realname/shared/realname"
)

// The private keys of the sandbox are those of the test vectors in
// docs/bank-integration.md, so that anyone can sign as the sandbox bank.
//
//go:embed keys/*.pem
var keyFiles embed.FS

// pair is one key of the sandbox.
type pair struct {
	file      string
	serial    string
	algorithm bank.Algorithm
}

// bankKeys are the banks' keys: CCB signs with RSA, the others with SM2.
var bankKeys = map[string]pair{
	"CCB":  {"ccb.pem", "CCB-SANDBOX-1", bank.RSASHA256},
	"ABC":  {"abc.pem", "ABC-SANDBOX-1", bank.SM2SM3},
	"CMBC": {"cmbc.pem", "CMBC-SANDBOX-1", bank.SM2SM3},
}

// ownKeys are this service's keys for handovers, with the bank's algorithm.
var ownKeys = map[bank.Algorithm]pair{
	bank.RSASHA256: {"own-rsa.pem", "RN-SANDBOX-RSA-1", bank.RSASHA256},
	bank.SM2SM3:    {"own-sm2.pem", "RN-SANDBOX-SM2-1", bank.SM2SM3},
}

// The sandbox's keys are valid for this century.
var (
	keysFrom  = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	keysUntil = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

func (p pair) private() (crypto.Signer, error) {
	text, err := keyFiles.ReadFile(path.Join("keys", p.file))
	if err != nil {
		return nil, err
	}
	private, err := bank.ParsePrivate(string(text), p.algorithm)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.file, err)
	}
	return private, nil
}

func (p pair) key() (bank.Key, crypto.Signer, error) {
	private, err := p.private()
	if err != nil {
		return bank.Key{}, nil, err
	}
	public, err := bank.PublicPEM(private.Public())
	return bank.Key{Serial: p.serial, Algorithm: p.algorithm, PublicKey: public, NotBefore: keysFrom, NotAfter: keysUntil},
		private, err
}

// Settings returns the three banks as staff would add them, with the sandbox's
// pages as their entry URLs.
func Settings(seal realname.Sealer) ([]bank.Bank, error) {
	banks := bank.Known()
	for i := range banks {
		b := &banks[i]
		b.EntryURL = Path + b.Code
		theirs := bankKeys[b.Code]
		key, _, err := theirs.key()
		if err != nil {
			return nil, err
		}
		b.Keys = []bank.Key{key}
		ours, private, err := ownKeys[theirs.algorithm].key()
		if err != nil {
			return nil, err
		}
		own, err := bank.SealOwnKey(seal, b.Code, ours, private)
		if err != nil {
			return nil, err
		}
		b.OwnKeys = []bank.OwnKey{own}
		if err := b.Validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", b.Code, err)
		}
	}
	return banks, nil
}

// Published reports whether a public key belongs to the sandbox. Its private part
// is published, so it must never stand for a real bank.
func Published(publicPEM string) bool {
	for _, set := range []map[string]pair{bankKeys, {"": ownKeys[bank.RSASHA256]}, {"": ownKeys[bank.SM2SM3]}} {
		for _, p := range set {
			if key, _, err := p.key(); err == nil && key.PublicKey == publicPEM {
				return true
			}
		}
	}
	return false
}

// Sign returns the headers of a callback, signed as the sandbox bank of that code.
func Sign(code string, at time.Time, nonce string, body []byte) (http.Header, error) {
	theirs, ok := bankKeys[code]
	if !ok {
		return nil, errNoBank
	}
	key, private, err := theirs.key()
	if err != nil {
		return nil, err
	}
	return bank.SignCallback(key, private, at, nonce, body)
}
