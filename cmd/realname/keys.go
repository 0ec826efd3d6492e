package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"realname/shared/vault"
	"realname/shared/vault/awskms"
)

type keys struct {
	Create keysCreate `cmd:"" help:"Make the vault's keysets of a stage that was just deployed."`
	Rotate keysRotate `cmd:"" help:"Put a new key into use, without downtime: vault, token or webhook. Bank keys: realname bank rotate."`
}

// keysCreate is done once in a stage's life: without its keysets nothing that
// was sealed opens again, so existing ones are never replaced.
type keysCreate struct {
	output
	Stage  string `env:"REALNAME_STAGE" required:"" help:"The stage, such as prod."`
	Secret string `env:"REALNAME_VAULT_SECRET_ARN" required:"" help:"The secret that holds the keysets: output VaultSecretArn of the deployment."`
	Key    string `env:"REALNAME_VAULT_KEY_ARN" required:"" help:"The KMS key that wraps them: output VaultKeyArn."`
}

var errKeysExist = errors.New("the stage has its keysets already; nothing was changed")

// Run makes the keysets, wraps them and puts them into the secret.
func (c *keysCreate) Run(ctx context.Context) error {
	sdk, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("read the AWS configuration: %w", err)
	}
	secrets := secretsmanager.NewFromConfig(sdk)
	old, err := secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &c.Secret})
	if err != nil {
		return fmt.Errorf("look at the secret: %w", err)
	}
	if len(old.SecretBinary) > 0 { // a deployment leaves a text in it
		return errKeysExist
	}
	clear, err := vault.Generate()
	if err != nil {
		return err
	}
	wrapped, err := awskms.Wrap(ctx, kms.NewFromConfig(sdk), c.Key, c.Stage, clear)
	if err != nil {
		return err
	}
	if _, err := secrets.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &c.Secret, SecretBinary: wrapped,
	}); err != nil {
		return fmt.Errorf("keep the keysets: %w", err)
	}
	return c.print(os.Stdout, map[string]string{"stage": c.Stage}, func(w io.Writer) {
		say(w, "made the keysets of stage %s", c.Stage)
	})
}
