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
	return newSecret(scope, s, "VaultSecret", "vault", "Keysets that seal personal data, wrapped by the vault key", key,
		"Rotating the keysets re-wraps them with a new primary key, which a command of ours does; Secrets Manager cannot.")
}

// newTencentSecret makes the secret of the Tencent Cloud credentials, which an
// operator puts in (docs/providers.md).
func newTencentSecret(scope constructs.Construct, s Settings, key awskms.IKey) awssecretsmanager.Secret {
	return newSecret(scope, s, "TencentSecret", "tencent", "Credentials of Tencent Cloud", key,
		"The key pair is made in Tencent Cloud's console, out of reach of Secrets Manager; functions read a new one without a deployment.")
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

// secretARN takes the attribute that is the ARN. Ref, which the CDK takes, is the
// same on AWS, but the secret's name on the emulator.
func secretARN(secret awssecretsmanager.Secret) *string {
	return secret.Node().DefaultChild().(awssecretsmanager.CfnSecret).AttrId()
}
