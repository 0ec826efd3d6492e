package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"realname/shared/awsapi"
	"realname/shared/awsapi/sdk"
	"realname/shared/vault"
	"realname/shared/vault/awskms"
	"realname/shared/wiring"
)

type keys struct {
	Create keysCreate `cmd:"" help:"Create the vault's keysets of a newly deployed stage."`
	Rotate keysRotate `cmd:"" help:"Rotate a key without downtime. For bank keys, see bank rotate."`
}

// keysCreate creates the keysets of a stage, once. It never replaces existing
// keysets, because the service could no longer open sealed data.
type keysCreate struct {
	output
	Stage  string `env:"REALNAME_STAGE" required:"" help:"The stage, such as prod."`
	Secret string `env:"REALNAME_VAULT_SECRET_ARN" required:"" help:"Secret for the keysets: output VaultSecretArn."`
	Key    string `env:"REALNAME_VAULT_KEY_ARN" required:"" help:"KMS key that wraps them: output VaultKeyArn."`
}

var errKeysExist = errors.New("the stage already has its keysets; nothing was changed")

// Run generates the keysets, wraps them and stores them in the secret.
func (c *keysCreate) Run(ctx context.Context) error {
	own, err := sdk.Load(ctx)
	if err != nil {
		return err
	}
	p := wiring.Ports{AWS: func() awsapi.Config { return own }}
	_, old, err := p.Secret(ctx, c.Secret)
	if err != nil {
		return fmt.Errorf("read the secret: %w", err)
	}
	if len(old) > 0 { // a new deployment stores text, not bytes
		return errKeysExist
	}
	keysets, err := vault.Generate()
	if err != nil {
		return err
	}
	wrapped, err := awskms.Wrap(ctx, p.Client(awsapi.KMS)(), c.Key, c.Stage, keysets)
	if err != nil {
		return err
	}
	if err := p.PutSecret(ctx, c.Secret, nil, wrapped); err != nil {
		return fmt.Errorf("store the keysets: %w", err)
	}
	return c.print(os.Stdout, map[string]string{"stage": c.Stage}, func(w io.Writer) {
		say(w, "Created the keysets of stage %s.", c.Stage)
	})
}
