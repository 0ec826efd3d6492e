// Package verification connects the use cases of verification sessions to AWS.
package verification

import (
	"context"
	"crypto/rand"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/vault"
	"realname/shared/vault/awskms"
	"realname/shared/wiring"
	"realname/shared/wiring/storage"
	workflow "realname/shared/workflow/sfn"
)

// New returns the use cases on AWS.
func New(p wiring.Ports) *realname.Verification {
	client := sync.OnceValue(func() *sfn.Client { return sfn.NewFromConfig(p.AWS()) })
	none := unconfigured{}
	return &realname.Verification{
		Store: storage.Store(p), Workflow: workflow.New(client, p.Config.StateMachineARN), Sealer: keys(p),
		Registry: none, IDCards: none, BankCards: none, SMS: none,
		Limits: p.Config.Limits, Now: p.Now, NewID: wiring.NewID, Wait: wiring.Wait, Log: p.Log, RepairAfter: p.Config.RepairAfter,
		NewCode: func() (string, error) { return auth.NewCode(rand.Reader) },
	}
}

// keys returns the vault, whose keysets lie in Secrets Manager wrapped by KMS.
func keys(p wiring.Ports) *vault.Vault {
	wrapped := func(ctx context.Context) ([]byte, error) {
		out, err := secretsmanager.NewFromConfig(p.AWS()).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &p.Config.VaultSecretARN})
		if err != nil {
			return nil, err
		}
		return out.SecretBinary, nil
	}
	return vault.New(awskms.Load(func() *kms.Client { return kms.NewFromConfig(p.AWS()) }, p.Config.Stage, wrapped))
}
