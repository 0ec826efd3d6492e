// Package vault connects a function to the vault of the stage.
package vault

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"realname/shared/vault"
	"realname/shared/vault/awskms"
	"realname/shared/wiring"
)

// Vault returns the vault. Its keysets are in Secrets Manager, wrapped by KMS.
func Vault(p wiring.Ports) *vault.Vault {
	wrapped := func(ctx context.Context) ([]byte, error) {
		client := secretsmanager.NewFromConfig(p.AWS())
		out, err := client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{
			SecretId: &p.Config.VaultSecretARN,
		})
		if err != nil {
			return nil, err
		}
		return out.SecretBinary, nil
	}
	client := func() *kms.Client { return kms.NewFromConfig(p.AWS()) }
	v := vault.New(awskms.Load(client, p.Config.Stage, wrapped), p.Now)
	// A process without the latest keys does not find what others index with them.
	v.Kept = func(err error) {
		p.Log.Warn("vault's keys not loaded again: the former ones stay in use", "error", err.Error())
	}
	return v
}
