// Package kmssigner signs tokens with an AWS KMS key that never leaves KMS.
package kmssigner

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"sync"

	"realname/shared/auth"
	"realname/shared/awsapi"
)

// Signer implements auth.Signer over a KMS key of type RSA_2048 or ECC_NIST_P256.
type Signer struct {
	client func() *awsapi.Client
	keyARN string

	mu        sync.Mutex
	key       crypto.PublicKey
	id        string
	algorithm auth.Algorithm
}

// New returns a signer. It first calls KMS when it makes or verifies a token.
func New(client func() *awsapi.Client, keyARN string) *Signer {
	return &Signer{client: client, keyARN: keyARN}
}

// KeyID implements auth.Signer.
func (s *Signer) KeyID(ctx context.Context) (string, error) {
	if err := s.load(ctx); err != nil {
		return "", err
	}
	return s.id, nil
}

// Algorithm implements auth.Signer.
func (s *Signer) Algorithm(ctx context.Context) (auth.Algorithm, error) {
	if err := s.load(ctx); err != nil {
		return "", err
	}
	return s.algorithm, nil
}

// PublicKeys implements auth.RingKey.
func (s *Signer) PublicKeys(ctx context.Context) (map[string]crypto.PublicKey, error) {
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	return map[string]crypto.PublicKey{s.id: s.key}, nil
}

func (s *Signer) load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.key != nil {
		return nil
	}
	in := struct {
		KeyID string `json:"KeyId"`
	}{s.keyARN}
	var out struct{ PublicKey []byte }
	if err := s.client().Call(ctx, "GetPublicKey", in, &out); err != nil {
		return fmt.Errorf("get the token key: %w", err)
	}
	key, err := x509.ParsePKIXPublicKey(out.PublicKey)
	if err != nil {
		return fmt.Errorf("read the token key: %w", err)
	}
	if s.algorithm, err = auth.AlgorithmOf(key); err != nil {
		return err
	}
	if s.id, err = auth.Thumbprint(key); err != nil {
		return err
	}
	s.key = key
	return nil
}

// Sign implements auth.Signer.
func (s *Signer) Sign(ctx context.Context, digest []byte) ([]byte, error) {
	algorithm, err := s.Algorithm(ctx)
	if err != nil {
		return nil, err
	}
	in := struct {
		KeyID            string `json:"KeyId"`
		Message          []byte
		MessageType      string
		SigningAlgorithm string
	}{s.keyARN, digest, "DIGEST", "ECDSA_SHA_256"}
	if algorithm == auth.RS256 {
		in.SigningAlgorithm = "RSASSA_PKCS1_V1_5_SHA_256"
	}
	var out struct{ Signature []byte }
	if err := s.client().Call(ctx, "Sign", in, &out); err != nil {
		return nil, fmt.Errorf("sign with KMS: %w", err)
	}
	if algorithm == auth.RS256 {
		return out.Signature, nil
	}
	return fixedLength(out.Signature)
}

// fixedLength turns an ECDSA signature of KMS, which is ASN.1 DER, into that of a token:
// the bytes of r and s (RFC 7518, 3.4).
func fixedLength(der []byte) ([]byte, error) {
	var sig struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &sig)
	if err != nil || len(rest) > 0 || sig.R.BitLen() > 256 || sig.S.BitLen() > 256 {
		return nil, errors.New("sign with KMS: the response does not hold a P-256 signature")
	}
	return append(sig.R.FillBytes(make([]byte, 32)), sig.S.FillBytes(make([]byte, 32))...), nil
}
