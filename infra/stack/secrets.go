package stack

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"realname/shared/edge"
)

// newVaultSecret creates the secret for the vault's keysets. CloudFormation fills it
// with a random text without meaning. After the first deployment, realname keys
// create stores the keysets, wrapped by the vault key with this stage's encryption
// context.
func newVaultSecret(scope constructs.Construct, s Settings, key awskms.IKey) awssecretsmanager.Secret {
	return newSecret(scope, s, "VaultSecret", "vault", "Keysets that seal personal data, wrapped by the vault key", key,
		"Rotating the keysets re-wraps them with a new primary key, which a command of ours does; Secrets Manager cannot.")
}

// providerSecret is the secret with the credentials of one provider.
type providerSecret struct {
	id, name, of string
	variable     string // the variable with its ARN
}

// providerSecrets returns the secrets of a stage. Tencent Cloud has one in every stage,
// the others where the settings name them, because each secret has a monthly fee.
func providerSecrets(s Settings) []providerSecret {
	secrets := []providerSecret{{"TencentSecret", "tencent", "Tencent Cloud", "REALNAME_TENCENT_SECRET_ARN"}}
	if s.asks("aliyun") {
		secrets = append(secrets, providerSecret{"AliyunSecret", "aliyun", "Alibaba Cloud", "REALNAME_ALIYUN_SECRET_ARN"})
	}
	if s.asks("baidu") {
		secrets = append(secrets, providerSecret{"BaiduSecret", "baidu", "Baidu AI Cloud", "REALNAME_BAIDU_SECRET_ARN"})
	}
	return secrets
}

// newProviderSecret creates the secret for a provider's credentials, which staff store
// there (docs/providers.md).
func newProviderSecret(
	scope constructs.Construct, s Settings, p providerSecret, key awskms.IKey,
) awssecretsmanager.Secret {
	return newSecret(scope, s, p.id, p.name, "Credentials of "+p.of, key,
		p.of+"'s console creates the keys, so Secrets Manager cannot rotate them. "+
			"Functions read new ones without a deployment.")
}

// newOriginSecret creates the secret that CloudFront sends to the API. Slot a has a
// random value; realname keys rotate origin fills slot b.
func newOriginSecret(scope constructs.Construct, s Settings, key awskms.IKey) awssecretsmanager.Secret {
	template, err := json.Marshal(map[string]string{edge.Slots[1]: ""})
	if err != nil {
		panic(err) // texts always encode
	}
	return newSecretOf(scope, s, "OriginSecret", "origin", "What CloudFront sends to the API", key,
		"realname keys rotate origin replaces it. A deployment must then tell CloudFront the other slot, which "+
			"Secrets Manager cannot.",
		&awssecretsmanager.SecretStringGenerator{
			SecretStringTemplate: jsii.String(string(template)), GenerateStringKey: jsii.String(edge.Slots[0]),
			ExcludePunctuation: jsii.Bool(true), PasswordLength: jsii.Number(originLength),
		})
}

// originLength is the length of a value of the origin secret: letters and digits, 285
// random bits.
const originLength = 48

func newSecret(
	scope constructs.Construct, s Settings, id, name, holds string, key awskms.IKey, unrotated string,
) awssecretsmanager.Secret {
	return newSecretOf(scope, s, id, name, holds, key, unrotated, nil)
}

func newSecretOf(
	scope constructs.Construct, s Settings, id, name, holds string, key awskms.IKey, unrotated string,
	first *awssecretsmanager.SecretStringGenerator,
) awssecretsmanager.Secret {
	secret := awssecretsmanager.NewSecret(scope, jsii.String(id), &awssecretsmanager.SecretProps{
		SecretName: jsii.String(s.Name(name)), Description: jsii.String(holds),
		EncryptionKey: key, RemovalPolicy: removal(s), GenerateSecretString: first,
	})
	suppress(secret, unrotated, "AwsSolutions-SMG4")
	suppress(secret, unrotated, "NIST.800.53.R5-SecretsManagerRotationEnabled")
	return secret
}

// secretARN returns the attribute with the ARN. The CDK uses Ref, which is also the
// ARN on AWS, but the secret's name on the emulator.
func secretARN(secret awssecretsmanager.Secret) *string {
	return secret.Node().DefaultChild().(awssecretsmanager.CfnSecret).AttrId()
}
