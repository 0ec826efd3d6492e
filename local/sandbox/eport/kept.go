package eport

import (
	"crypto"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/emmansun/gmsm/smx509"
)

// pair is a certificate and its key.
type pair struct {
	certificate *smx509.Certificate
	key         crypto.Signer
}

// kept returns the pair of that name from the sandbox's directory, so that an
// enterprise bound to a card finds the same card after a restart. If there is none, it
// makes and stores one. Without a directory, pairs end with the process.
func (s *Sandbox) kept(name string, issue func() (pair, error)) (pair, error) {
	if s.dir == "" {
		return issue()
	}
	file := filepath.Join(s.dir, name+".pem")
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		p, err := issue()
		if err != nil {
			return pair{}, err
		}
		return p, s.store(file, p)
	}
	if err != nil {
		return pair{}, err
	}
	p, err := parsePair(text)
	if err != nil {
		return pair{}, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

func parsePair(text []byte) (pair, error) {
	first, rest := pem.Decode(text)
	second, _ := pem.Decode(rest)
	if first == nil || second == nil {
		return pair{}, errors.New("want a certificate and a key in PEM")
	}
	c, err := smx509.ParseCertificate(first.Bytes)
	if err != nil {
		return pair{}, err
	}
	parsed, err := smx509.ParsePKCS8PrivateKey(second.Bytes)
	if err != nil {
		return pair{}, err
	}
	key, ok := parsed.(crypto.Signer)
	if !ok {
		return pair{}, fmt.Errorf("a %T cannot sign", parsed)
	}
	return pair{c, key}, nil
}

func (s *Sandbox) store(file string, p pair) error {
	der, err := smx509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		return err
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...)
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	part := file + ".part"
	if err := os.WriteFile(part, text, 0o600); err != nil {
		return err
	}
	return os.Rename(part, file)
}
