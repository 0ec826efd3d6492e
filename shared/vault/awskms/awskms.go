// Package awskms wraps a vault's keysets with an AWS KMS key.
package awskms

import (
	"context"
	"fmt"

	"realname/shared/awsapi"
	"realname/shared/vault"
)

// encryptionContext returns the context that binds wrapped keysets to this use and
// stage.
func encryptionContext(stage string) map[string]string {
	return map[string]string{"service": "realname", "use": "vault", "stage": stage}
}

// Load returns a loader for vault.New that unwraps both keysets in one KMS call.
func Load(
	client func() *awsapi.Client, stage string, wrapped func(ctx context.Context) ([]byte, error),
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
	ctx context.Context, client *awsapi.Client, stage string, wrapped []byte,
) (plain []byte, keyARN string, err error) {
	in := struct {
		CiphertextBlob    []byte
		EncryptionContext map[string]string
	}{wrapped, encryptionContext(stage)}
	var out struct {
		Plaintext []byte
		KeyID     string `json:"KeyId"`
	}
	if err := client.Call(ctx, "Decrypt", in, &out); err != nil {
		return nil, "", fmt.Errorf("unwrap keysets: %w", err)
	}
	return out.Plaintext, out.KeyID, nil
}

// Wrap encrypts plaintext keysets (vault.Generate, vault.Rotate) with the KMS key for
// the stage.
func Wrap(ctx context.Context, client *awsapi.Client, keyID, stage string, plain []byte) ([]byte, error) {
	in := struct {
		KeyID             string `json:"KeyId"`
		Plaintext         []byte
		EncryptionContext map[string]string
	}{keyID, plain, encryptionContext(stage)}
	var out struct{ CiphertextBlob []byte }
	if err := client.Call(ctx, "Encrypt", in, &out); err != nil {
		return nil, fmt.Errorf("wrap keysets: %w", err)
	}
	return out.CiphertextBlob, nil
}
