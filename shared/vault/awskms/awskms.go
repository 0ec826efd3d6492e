// Package awskms keeps a vault's keysets under an AWS KMS key.
package awskms

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"realname/shared/vault"
)

// encryptionContext binds wrapped keysets to this use and stage.
func encryptionContext(stage string) map[string]string {
	return map[string]string{"service": "realname", "use": "vault", "stage": stage}
}

// Load returns a loader for vault.New that unwraps both keysets in one KMS call.
func Load(client func() *kms.Client, stage string, wrapped func(ctx context.Context) ([]byte, error)) func() (vault.Keys, error) {
	return func() (vault.Keys, error) {
		ctx := context.Background()
		blob, err := wrapped(ctx)
		if err != nil {
			return vault.Keys{}, err
		}
		clear, _, err := Unwrap(ctx, client(), stage, blob)
		if err != nil {
			return vault.Keys{}, err
		}
		return vault.Read(clear)
	}
}

// Unwrap decrypts keysets and names the KMS key that wrapped them.
func Unwrap(ctx context.Context, client *kms.Client, stage string, wrapped []byte) (clear []byte, keyARN string, err error) {
	out, err := client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: wrapped, EncryptionContext: encryptionContext(stage)})
	if err != nil {
		return nil, "", fmt.Errorf("unwrap keysets: %w", err)
	}
	if out.KeyId != nil {
		keyARN = *out.KeyId
	}
	return out.Plaintext, keyARN, nil
}

// Wrap encrypts keysets in clear (vault.Generate, vault.Rotate) with the KMS
// key, for the stage.
func Wrap(ctx context.Context, client *kms.Client, keyID, stage string, clear []byte) ([]byte, error) {
	out, err := client.Encrypt(ctx, &kms.EncryptInput{KeyId: &keyID, Plaintext: clear, EncryptionContext: encryptionContext(stage)})
	if err != nil {
		return nil, fmt.Errorf("wrap keysets: %w", err)
	}
	return out.CiphertextBlob, nil
}
