package vault

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"realname/shared/vault/awskms"
	"realname/shared/wiring"
)

// Keyset is the vault's secret as an operator handles it.
type Keyset struct {
	Ports wiring.Ports
	// KeyARN is the KMS key that wrapped it, known after Clear.
	KeyARN string
}

// Clear returns the keys in clear.
func (k *Keyset) Clear(ctx context.Context) ([]byte, error) {
	out, err := secretsmanager.NewFromConfig(k.Ports.AWS()).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &k.Ports.Config.VaultSecretARN})
	if err != nil {
		return nil, fmt.Errorf("read the vault's secret: %w", err)
	}
	clear, keyARN, err := awskms.Unwrap(ctx, kms.NewFromConfig(k.Ports.AWS()), k.Ports.Config.Stage, out.SecretBinary)
	k.KeyARN = keyARN
	return clear, err
}

// Replace stores other keys. Secrets Manager keeps the ones before as the
// version AWSPREVIOUS.
func (k *Keyset) Replace(ctx context.Context, renewed []byte) error {
	wrapped, err := awskms.Wrap(ctx, kms.NewFromConfig(k.Ports.AWS()), k.KeyARN, k.Ports.Config.Stage, renewed)
	if err != nil {
		return err
	}
	_, err = secretsmanager.NewFromConfig(k.Ports.AWS()).PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &k.Ports.Config.VaultSecretARN, SecretBinary: wrapped})
	if err != nil {
		return fmt.Errorf("store the vault's secret: %w", err)
	}
	return nil
}
