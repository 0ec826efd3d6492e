package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newVaultSecret makes the secret of the vault's keysets. CloudFormation fills
// it with a random text, which opens nothing; the keysets are put in once, after
// the first deployment, wrapped by the vault key under an encryption context of
// this stage.
func newVaultSecret(scope constructs.Construct, s Settings, key awskms.IKey) awssecretsmanager.Secret {
	secret := awssecretsmanager.NewSecret(scope, jsii.String("VaultSecret"), &awssecretsmanager.SecretProps{
		SecretName: jsii.String(s.Name("vault")), Description: jsii.String("Keysets that seal personal data, wrapped by the vault key"),
		EncryptionKey: key, RemovalPolicy: removal(s),
	})
	suppress(secret, "Rotating the keysets re-wraps them with a new primary key, which a command of ours does; Secrets Manager cannot.", "AwsSolutions-SMG4")
	return secret
}
