package tencent

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"encoding/base64"
)

// decrypt decrypts the fields in the Encryption parameter, as documented for FaceID
// (敏感数据加密指引). It returns the error code of a refusal.
func (s *Sim) decrypt(params map[string]any) string {
	e, given := params["Encryption"].(map[string]any)
	if !given {
		return ""
	}
	const undecryptable = "FailedOperation.DecryptSystemError"
	if s.config.EncryptionKey == nil || str(e, "Algorithm") != "" && str(e, "Algorithm") != "AES-256-CBC" {
		return undecryptable
	}
	blob, err := base64.StdEncoding.DecodeString(str(e, "CiphertextBlob"))
	iv, ivErr := base64.StdEncoding.DecodeString(str(e, "Iv"))
	if err != nil || ivErr != nil || len(iv) != aes.BlockSize {
		return undecryptable
	}
	//nolint:staticcheck // SA1019: the scheme that the provider's API prescribes; this is its simulator
	key, err := rsa.DecryptPKCS1v15(nil, s.config.EncryptionKey, blob)
	if err != nil || len(key) != 32 {
		return undecryptable
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return undecryptable
	}
	fields, _ := e["EncryptList"].([]any)
	for _, f := range fields {
		name, _ := f.(string)
		sealed, err := base64.StdEncoding.DecodeString(str(params, name))
		if err != nil || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
			return "InvalidParameter.UnsupportEncryptField"
		}
		cipher.NewCBCDecrypter(block, iv).CryptBlocks(sealed, sealed)
		padding := int(sealed[len(sealed)-1])
		if padding < 1 || padding > aes.BlockSize {
			return undecryptable
		}
		params[name] = string(sealed[:len(sealed)-padding])
	}
	return ""
}
