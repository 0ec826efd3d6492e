package tencent

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"

	"realname/shared/provider/credential"
)

// Credentials are an API key of Tencent Cloud (访问密钥), and the public key for
// encrypted fields of FaceID.
type Credentials struct {
	SecretID, SecretKey string
	Token               string         // of temporary credentials
	EncryptionKey       *rsa.PublicKey // nil sends fields unencrypted, protected only by TLS
}

// Source returns credentials.
type Source = credential.Source[Credentials]

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
