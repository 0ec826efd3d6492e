package tencent

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"

	"realname/shared/provider"
)

// Encryption is the parameter of that name of FaceID (敏感数据加密指引, document
// 1007/47180). A key of this request encrypts the named fields, and the account's
// public key encrypts that key.
type Encryption struct {
	EncryptList    []string
	CiphertextBlob string // the key under RSA PKCS #1 v1.5, base64
	Iv             string // base64
	Algorithm      string
}

// Algorithm is the cipher of encrypted fields: CBC with PKCS #7 padding. The API
// accepts only RSA PKCS #1 v1.5 and CBC. TLS protects against their weaknesses.
const Algorithm = "AES-256-CBC"

// encrypted returns a builder that encrypts the named fields if the account has a
// key for that. If the encryption fails, nothing is sent.
func encrypted(params map[string]any, fields ...string) builder {
	return func(k Credentials) (map[string]any, error) {
		if k.EncryptionKey == nil {
			return params, nil
		}
		sealed, err := encrypt(k.EncryptionKey, params, fields)
		if err != nil {
			return nil, &provider.Failure{
				Provider: Name, API: "Encryption", Code: "encryption_key", NoEffect: true, Transport: err,
			}
		}
		return sealed, nil
	}
}

func encrypt(public *rsa.PublicKey, params map[string]any, fields []string) (map[string]any, error) {
	key, iv := []byte(rand.Text() + rand.Text())[:32], make([]byte, aes.BlockSize)
	_, _ = rand.Read(iv) // never fails: crypto/rand ends the process instead
	//nolint:staticcheck // SA1019: the provider's API requires this scheme; we only encrypt
	blob, err := rsa.EncryptPKCS1v15(rand.Reader, public, key)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	sealed := map[string]any{"Encryption": Encryption{
		EncryptList: fields, CiphertextBlob: base64.StdEncoding.EncodeToString(blob),
		Iv: base64.StdEncoding.EncodeToString(iv), Algorithm: Algorithm,
	}}
	for name, value := range params {
		sealed[name] = value
	}
	for _, name := range fields {
		plain := []byte(params[name].(string))
		n := aes.BlockSize - len(plain)%aes.BlockSize
		plain = append(plain, bytes.Repeat([]byte{byte(n)}, n)...)
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(plain, plain)
		sealed[name] = base64.StdEncoding.EncodeToString(plain)
	}
	return sealed, nil
}
