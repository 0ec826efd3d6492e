package vault

import (
	"context"
	"fmt"

	"realname/shared/awsapi"
	"realname/shared/vault/awskms"
	"realname/shared/wiring"
)

// Keyset reads and replaces the vault's secret, for staff.
type Keyset struct {
	Ports wiring.Ports
	// KeyARN is the KMS key that wrapped the keys. Clear sets it.
	KeyARN string
}

func (k *Keyset) kms() *awsapi.Client { return awsapi.New(k.Ports.AWS(), awsapi.KMS) }

// Clear returns the decrypted keys.
func (k *Keyset) Clear(ctx context.Context) ([]byte, error) {
	_, wrapped, err := k.Ports.Secret(ctx, k.Ports.Config.VaultSecretARN)
	if err != nil {
		return nil, fmt.Errorf("read the vault's secret: %w", err)
	}
	keys, keyARN, err := awskms.Unwrap(ctx, k.kms(), k.Ports.Config.Stage, wrapped)
	k.KeyARN = keyARN
	return keys, err
}

// Replace stores other keys. Secrets Manager keeps the previous keys as the version
// AWSPREVIOUS.
func (k *Keyset) Replace(ctx context.Context, renewed []byte) error {
	wrapped, err := awskms.Wrap(ctx, k.kms(), k.KeyARN, k.Ports.Config.Stage, renewed)
	if err != nil {
		return err
	}
	if err := k.Ports.PutSecret(ctx, k.Ports.Config.VaultSecretARN, nil, wrapped); err != nil {
		return fmt.Errorf("store the vault's secret: %w", err)
	}
	return nil
}
