// Package vault connects a function to the vault of the stage.
package vault

import (
	"context"

	"realname/shared/awsapi"
	"realname/shared/vault"
	"realname/shared/vault/awskms"
	"realname/shared/wiring"
)

// Vault returns the vault. Its keysets are in Secrets Manager, wrapped by KMS.
func Vault(p wiring.Ports) *vault.Vault {
	wrapped := func(ctx context.Context) ([]byte, error) {
		_, keysets, err := p.Secret(ctx, p.Config.VaultSecretARN)
		return keysets, err
	}
	v := vault.New(awskms.Load(p.Client(awsapi.KMS), p.Config.Stage, wrapped), p.Now)
	// A process without the latest keys does not find what others index with them.
	v.Kept = func(err error) {
		p.Log.Warn("vault's keys not loaded again: the former ones stay in use", "error", err.Error())
	}
	return v
}
