// Package awskms wraps a vault's keysets with an AWS KMS key.
package awskms

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"realname/shared/vault"
)

// encryptionContext returns the context that binds wrapped keysets to this use and
// stage.
func encryptionContext(stage string) map[string]string {
	return map[string]string{"service": "realname", "use": "vault", "stage": stage}
}

// Load returns a loader for vault.New that unwraps both keysets in one KMS call.
func Load(
	client func() *kms.Client, stage string, wrapped func(ctx context.Context) ([]byte, error),
) func() (vault.Keys, error) {
	return func() (vault.Keys, error) {
		ctx := context.Background()
		blob, err := wrapped(ctx)
		if err != nil {
			return vault.Keys{}, err
		}
		plain, _, err := Unwrap(ctx, client(), stage, blob)
		if err != nil {
			return vault.Keys{}, err
		}
		return vault.Read(plain)
	}
}

// Unwrap decrypts keysets. It also returns the ARN of the KMS key that wrapped them.
func Unwrap(
	ctx context.Context, client *kms.Client, stage string, wrapped []byte,
) (plain []byte, keyARN string, err error) {
	out, err := client.Decrypt(ctx, &kms.DecryptInput{
		CiphertextBlob: wrapped, EncryptionContext: encryptionContext(stage),
	})
	if err != nil {
		return nil, "", fmt.Errorf("unwrap keysets: %w", err)
	}
	if out.KeyId != nil {
		keyARN = *out.KeyId
	}
	return out.Plaintext, keyARN, nil
}

// Wrap encrypts plaintext keysets (vault.Generate, vault.Rotate) with the KMS key for
// the stage.
func Wrap(ctx context.Context, client *kms.Client, keyID, stage string, plain []byte) ([]byte, error) {
	out, err := client.Encrypt(ctx, &kms.EncryptInput{
		KeyId: &keyID, Plaintext: plain, EncryptionContext: encryptionContext(stage),
	})
	if err != nil {
		return nil, fmt.Errorf("wrap keysets: %w", err)
	}
	return out.CiphertextBlob, nil
}
