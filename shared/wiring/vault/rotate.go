package vault

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"realname/shared/vault/awskms"
	"realname/shared/wiring"
)

// Keyset reads and replaces the vault's secret, for staff.
type Keyset struct {
	Ports wiring.Ports
	// KeyARN is the KMS key that wrapped the keys. Clear sets it.
	KeyARN string
}

// Clear returns the decrypted keys.
func (k *Keyset) Clear(ctx context.Context) ([]byte, error) {
	client := secretsmanager.NewFromConfig(k.Ports.AWS())
	out, err := client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{
		SecretId: &k.Ports.Config.VaultSecretARN,
	})
	if err != nil {
		return nil, fmt.Errorf("read the vault's secret: %w", err)
	}
	keys, keyARN, err := awskms.Unwrap(
		ctx, kms.NewFromConfig(k.Ports.AWS()), k.Ports.Config.Stage, out.SecretBinary)
	k.KeyARN = keyARN
	return keys, err
}

// Replace stores other keys. Secrets Manager keeps the previous keys as the version
// AWSPREVIOUS.
func (k *Keyset) Replace(ctx context.Context, renewed []byte) error {
	wrapped, err := awskms.Wrap(ctx, kms.NewFromConfig(k.Ports.AWS()), k.KeyARN, k.Ports.Config.Stage, renewed)
	if err != nil {
		return err
	}
	client := secretsmanager.NewFromConfig(k.Ports.AWS())
	_, err = client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &k.Ports.Config.VaultSecretARN, SecretBinary: wrapped,
	})
	if err != nil {
		return fmt.Errorf("store the vault's secret: %w", err)
	}
	return nil
}
