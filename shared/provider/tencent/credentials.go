package tencent

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Credentials are an API key of Tencent Cloud (访问密钥), and the public key for
// encrypted fields of FaceID.
type Credentials struct {
	SecretID, SecretKey string
	Token               string         // of temporary credentials
	EncryptionKey       *rsa.PublicKey // nil sends fields unencrypted, protected only by TLS
}

// Source returns credentials.
type Source interface {
	// Get returns the credentials. fresh bypasses caches. Errors hold nothing of the
	// credentials.
	Get(ctx context.Context, fresh bool) (Credentials, error)
}

// ParseCredentials parses the secret's JSON: secretId, secretKey, and optionally
// token and encryptionPublicKey (the PEM text of the FaceID console).
func ParseCredentials(secret []byte) (Credentials, error) {
	var in struct {
		SecretID, SecretKey, Token string
		EncryptionPublicKey        string
	}
	if json.Unmarshal(secret, &in) != nil { // its error can hold a part of the secret
		return Credentials{}, errors.New("secret: want a JSON object with secretId and secretKey")
	}
	if in.SecretID == "" || in.SecretKey == "" {
		return Credentials{}, errors.New("secret: secretId or secretKey is missing")
	}
	c := Credentials{SecretID: in.SecretID, SecretKey: in.SecretKey, Token: in.Token}
	if in.EncryptionPublicKey == "" {
		return c, nil
	}
	var err error
	c.EncryptionKey, err = parsePublicKey([]byte(in.EncryptionPublicKey))
	return c, err
}

func parsePublicKey(text []byte) (*rsa.PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("encryptionPublicKey: want a PEM block")
	}
	if key, err := x509.ParsePKCS1PublicKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("encryptionPublicKey: %w", err)
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("encryptionPublicKey: want an RSA key, got %T", key)
	}
	return public, nil
}

// Cached caches the credentials of a store such as Secrets Manager.
type Cached struct {
	Load func(ctx context.Context) ([]byte, error) // returns the secret's JSON
	TTL  time.Duration
	// Pause is the least time between two fresh loads, so that wrong credentials do
	// not cause a load for each request.
	Pause time.Duration
	Now   func() time.Time

	mu     sync.Mutex
	kept   Credentials
	loaded time.Time
}

// Get implements Source. If the store fails, Get returns the cached credentials.
func (c *Cached) Get(ctx context.Context, fresh bool) (Credentials, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	age := c.Now().Sub(c.loaded)
	if !c.loaded.IsZero() && age < c.TTL && (!fresh || age < c.Pause) {
		return c.kept, nil
	}
	secret, err := c.Load(ctx)
	if err == nil {
		var k Credentials
		if k, err = ParseCredentials(secret); err == nil {
			c.kept, c.loaded = k, c.Now()
			return k, nil
		}
	}
	if !c.loaded.IsZero() {
		return c.kept, nil
	}
	return Credentials{}, fmt.Errorf("read the credentials: %w", err)
}
