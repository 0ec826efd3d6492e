package wiring

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"realname/shared/auth"
	"realname/shared/auth/kmssigner"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/dynamo"
	"realname/shared/vault"
	"realname/shared/vault/awskms"
	workflow "realname/shared/workflow/sfn"
)

// Ports are a deployed function's ports.
type Ports struct {
	Config Config
	Log    *slog.Logger
	Now    func() time.Time

	aws func() aws.Config
}

// Cloud reads the configuration and exits with a clear message when it is wrong:
// a function that cannot work must not start.
func Cloud() Ports {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	c, err := FromEnv()
	if err != nil {
		log.Error("configuration", "error", err.Error())
		os.Exit(1)
	}
	return Ports{Config: c, Log: log, Now: time.Now, aws: sync.OnceValue(func() aws.Config {
		// Without a shared configuration file there is nothing that can fail.
		cfg, err := config.LoadDefaultConfig(context.Background())
		if err != nil {
			log.Error("AWS configuration", "error", err.Error())
			os.Exit(1)
		}
		return cfg
	})}
}

// API returns what every API function shares.
func (p Ports) API() httpapi.API { return httpapi.API{Log: p.Log, Now: p.Now} }

// Store returns the store on DynamoDB.
func (p Ports) Store() *store.Store {
	client := sync.OnceValue(func() *dynamodb.Client { return dynamodb.NewFromConfig(p.aws()) })
	return store.New(dynamo.New(client, p.Config.Table, p.Now))
}

// Vault returns the vault, whose keysets lie in Secrets Manager wrapped by KMS.
func (p Ports) Vault() *vault.Vault {
	wrapped := func(ctx context.Context) ([]byte, error) {
		out, err := secretsmanager.NewFromConfig(p.aws()).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &p.Config.VaultSecretARN})
		if err != nil {
			return nil, err
		}
		return out.SecretBinary, nil
	}
	return vault.New(awskms.Load(func() *kms.Client { return kms.NewFromConfig(p.aws()) }, p.Config.Stage, wrapped))
}

// Signer returns the token key in KMS.
func (p Ports) Signer() *kmssigner.Signer {
	return kmssigner.New(sync.OnceValue(func() *kms.Client { return kms.NewFromConfig(p.aws()) }), p.Config.TokenKeyARN)
}

// Issuer returns the token issuer.
func (p Ports) Issuer() *auth.Issuer {
	return &auth.Issuer{Signer: p.Signer(), Name: p.Config.Issuer, Audience: p.Config.Stage, TTL: p.Config.TokenTTL, Now: p.Now, NewID: NewID}
}

// Verifier returns the token verifier.
func (p Ports) Verifier() *auth.Verifier {
	return &auth.Verifier{Keys: p.Signer().PublicKeys, Name: p.Config.Issuer, Audience: p.Config.Stage, Now: p.Now}
}

// Verification returns the use cases on AWS.
func (p Ports) Verification() *realname.Verification {
	client := sync.OnceValue(func() *sfn.Client { return sfn.NewFromConfig(p.aws()) })
	none := unconfigured{}
	return &realname.Verification{
		Store: p.Store(), Workflow: workflow.New(client, p.Config.StateMachineARN), Sealer: p.Vault(),
		Registry: none, IDCards: none, BankCards: none, SMS: none,
		Limits: p.Config.Limits, Now: p.Now, NewID: NewID, Wait: Wait, Log: p.Log, RepairAfter: p.Config.RepairAfter,
		NewCode: func() (string, error) { return auth.NewCode(rand.Reader) },
	}
}
