package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// keys are the stage's KMS keys. Each purpose has its own key, to limit the effect
// of a stolen permission.
type keys struct {
	Data      awskms.Key   // the table at rest
	Vault     awskms.Key   // wraps the keysets that seal personal data, and the secrets
	Tokens    []awskms.Key // all verify persons' tokens, one signs; the private keys never leave KMS
	Machines  []awskms.Key // the same for machine clients' tokens
	Telemetry awskms.Key   // logs and the alarm topic
}

func newKeys(scope constructs.Construct, s Settings) keys {
	k := keys{
		Data:      newKey(scope, s, "DataKey", "data", "Encrypts the table at rest"),
		Vault:     newKey(scope, s, "VaultKey", "vault", "Wraps the keysets that seal personal data, and encrypts secrets"),
		Telemetry: newKey(scope, s, "TelemetryKey", "telemetry", "Encrypts logs and the alarm topic"),
	}
	k.Tokens = newTokenKeys(scope, s, "Signs persons' tokens", []tokenSlot{
		{keyNames{"TokenKey", "token"}, keyNames{"TokenKeyRSA", "token-rsa"}},
		{keyNames{"TokenKeyNext", "token-next"}, keyNames{"TokenKeyRSANext", "token-rsa-next"}},
	})
	k.Machines = newTokenKeys(scope, s, "Signs machine clients' tokens", []tokenSlot{
		{keyNames{"MachineTokenKey", "machine-token"}, keyNames{"MachineTokenKeyRSA", "machine-token-rsa"}},
		{keyNames{"MachineTokenKeyNext", "machine-token-next"}, keyNames{"MachineTokenKeyRSANext", "machine-token-rsa-next"}},
	})
	stack := awscdk.Stack_Of(scope)
	// A principal with access to the table may use its key only through DynamoDB
	// (DynamoDB Developer Guide, "Encryption at rest: how it works").
	k.Data.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String("ThroughDynamoDB"), Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
		Resources: jsii.Strings("*"),
		Actions: jsii.Strings("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant",
			"kms:DescribeKey"),
		Conditions: &map[string]any{"StringEquals": map[string]any{
			"kms:CallerAccount": stack.Account(), "kms:ViaService": "dynamodb." + string(s.Region) + "." + s.Region.urlSuffix(),
		}},
	}), nil)
	encryptsLogs(k.Telemetry, s)
	encryptsAlarms(k.Telemetry)
	return k
}

// encryptsLogs lets CloudWatch Logs use a key for the stage's log groups.
func encryptsLogs(key awskms.Key, s Settings) {
	key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String("Logs"), Resources: jsii.Strings("*"),
		Principals: &[]awsiam.IPrincipal{
			awsiam.NewServicePrincipal(jsii.String("logs."+string(s.Region)+"."+s.Region.urlSuffix()), nil),
		},
		Actions: jsii.Strings("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
		Conditions: &map[string]any{"ArnLike": map[string]any{
			"kms:EncryptionContext:aws:logs:arn": "arn:" + s.Region.partition() + ":logs:" + string(s.Region) + ":" +
				*awscdk.Stack_Of(key).Account() + ":log-group:*" + s.Name("") + "*",
		}},
	}), nil)
}

// encryptsAlarms lets the senders of alarms use a key: CloudWatch, and EventBridge for
// the rules on keys.
func encryptsAlarms(key awskms.Key) {
	for _, from := range []struct{ sid, service string }{
		{"Alarms", "cloudwatch.amazonaws.com"}, {"Rules", "events.amazonaws.com"},
	} {
		key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Sid: jsii.String(from.sid), Resources: jsii.Strings("*"),
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(from.service), nil)},
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"),
			Conditions: &map[string]any{"StringEquals": map[string]any{
				"aws:SourceAccount": awscdk.Stack_Of(key).Account(),
			}},
		}), nil)
	}
}

// newKey creates a symmetric key that KMS rotates every year.
func newKey(scope constructs.Construct, s Settings, id, alias, does string) awskms.Key {
	return awskms.NewKey(scope, jsii.String(id), &awskms.KeyProps{
		Description: jsii.String(does), Alias: jsii.String("alias/" + s.Name(alias)),
		EnableKeyRotation: jsii.Bool(true), RemovalPolicy: removal(s),
	})
}

// keyNames are the construct ID and the alias of a key.
type keyNames struct{ id, alias string }

// tokenSlot has the names of the keys of both algorithms in one place of a kind's list.
type tokenSlot struct{ es256, rs256 keyNames }

// newTokenKeys creates the token keys of a kind. KMS does not rotate asymmetric keys:
// realname keys rotate token and machine-token make the next key of the list sign. In a
// stage with both algorithms the list alternates, so that a rotation changes the algorithm.
func newTokenKeys(scope constructs.Construct, s Settings, does string, slots []tokenSlot) []awskms.Key {
	var all []awskms.Key
	for _, slot := range slots {
		if s.TokenKeys != tokenKeysRS256 {
			all = append(all, newSigningKey(scope, s, slot.es256, does+" (ES256)", awskms.KeySpec_ECC_NIST_P256))
		}
		if s.TokenKeys != tokenKeysES256 {
			all = append(all, newSigningKey(scope, s, slot.rs256, does+" (RS256)", awskms.KeySpec_RSA_2048))
		}
	}
	return all
}

// newSigningKey creates a key whose private half never leaves KMS. CloudFormation
// replaces a key whose spec changes, so each spec has IDs and aliases of its own.
func newSigningKey(
	scope constructs.Construct, s Settings, names keyNames, does string, spec awskms.KeySpec,
) awskms.Key {
	return awskms.NewKey(scope, jsii.String(names.id), &awskms.KeyProps{
		Description: jsii.String(does), Alias: jsii.String("alias/" + s.Name(names.alias)),
		KeySpec: spec, KeyUsage: awskms.KeyUsage_SIGN_VERIFY, RemovalPolicy: removal(s),
	})
}

// removal retains resources with data when a stack of a protected stage is deleted. If
// the creation of the stack fails, they are deleted, because the next attempt needs
// their names.
func removal(s Settings) awscdk.RemovalPolicy {
	if s.Protect {
		return awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE
	}
	return awscdk.RemovalPolicy_DESTROY
}

// firmRemoval also retains resources that CloudFormation could not delete after a
// failed creation: a protected table, and a bucket that is not empty.
func firmRemoval(s Settings) awscdk.RemovalPolicy {
	if s.Protect {
		return awscdk.RemovalPolicy_RETAIN
	}
	return awscdk.RemovalPolicy_DESTROY
}

func arnsOf(keys []awskms.Key) []*string {
	var arns []*string
	for _, key := range keys {
		arns = append(arns, key.KeyArn())
	}
	return arns
}
