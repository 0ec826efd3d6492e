package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newVaultSecret creates the secret for the vault's keysets. CloudFormation fills it
// with a random text without meaning. After the first deployment, realname keys
// create stores the keysets, wrapped by the vault key with this stage's encryption
// context.
func newVaultSecret(scope constructs.Construct, s Settings, key awskms.IKey) awssecretsmanager.Secret {
	return newSecret(scope, s, "VaultSecret", "vault", "Keysets that seal personal data, wrapped by the vault key", key,
		"Rotating the keysets re-wraps them with a new primary key, which a command of ours does; Secrets Manager cannot.")
}

// newTencentSecret creates the secret for the Tencent Cloud credentials, which
// staff store there (docs/providers.md).
func newTencentSecret(scope constructs.Construct, s Settings, key awskms.IKey) awssecretsmanager.Secret {
	return newSecret(scope, s, "TencentSecret", "tencent", "Credentials of Tencent Cloud", key,
		"Tencent Cloud's console creates the key pair, so Secrets Manager cannot rotate it. "+
			"Functions read a new one without a deployment.")
}

func newSecret(
	scope constructs.Construct, s Settings, id, name, holds string, key awskms.IKey, unrotated string,
) awssecretsmanager.Secret {
	secret := awssecretsmanager.NewSecret(scope, jsii.String(id), &awssecretsmanager.SecretProps{
		SecretName: jsii.String(s.Name(name)), Description: jsii.String(holds),
		EncryptionKey: key, RemovalPolicy: removal(s),
	})
	suppress(secret, unrotated, "AwsSolutions-SMG4")
	return secret
}

// secretARN returns the attribute with the ARN. The CDK uses Ref, which is also the
// ARN on AWS, but the secret's name on the emulator.
func secretARN(secret awssecretsmanager.Secret) *string {
	return secret.Node().DefaultChild().(awssecretsmanager.CfnSecret).AttrId()
}
