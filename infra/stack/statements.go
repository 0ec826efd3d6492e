package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	deployed "realname/functions"
	"realname/shared/store"
)

// leadingKeys limits a statement to the partitions of the table.
func leadingKeys(partitions []store.Partition) map[string]any {
	var patterns []string
	for _, p := range partitions {
		patterns = append(patterns, p.Pattern())
	}
	return map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": patterns}}
}

// statements returns the IAM statements of a function's permission.
func (c *core) statements(p permission, function string) []awsiam.PolicyStatement {
	access := deployed.TableAccess()[function]
	reads, writes := leadingKeys(access.MayRead()), leadingKeys(access.Writes)
	table := c.table.TableArn()
	switch p {
	case readTable:
		return []awsiam.PolicyStatement{allow([]*string{table}, reads, "dynamodb:GetItem", "dynamodb:BatchGetItem")}
	case writeTable:
		return []awsiam.PolicyStatement{
			allow([]*string{table}, writes, "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"),
		}
	case queryTable:
		queried := []*string{table}
		for _, index := range c.settings.Indexes {
			queried = append(queried, jsii.String(*table+"/index/"+index))
		}
		return []awsiam.PolicyStatement{allow(queried, reads, "dynamodb:Query")}
	case openVault:
		return append(readSecret(c, secretARN(c.vault)),
			allow([]*string{c.keys.Vault.KeyArn()}, map[string]any{"StringEquals": map[string]any{
				"kms:EncryptionContext:service": "realname", "kms:EncryptionContext:use": "vault",
				"kms:EncryptionContext:stage": c.settings.Stage,
			}}, "kms:Decrypt"))
	case publishEvents:
		return []awsiam.PolicyStatement{allow([]*string{c.bus.EventBusArn()}, nil, "events:PutEvents")}
	case readStream:
		return []awsiam.PolicyStatement{
			allow([]*string{c.table.TableStreamArn()}, nil, "dynamodb:DescribeStream", "dynamodb:GetRecords",
				"dynamodb:GetShardIterator"),
			allow([]*string{jsii.String("*")}, nil, "dynamodb:ListStreams"),
		}
	case sendMail:
		return c.mailStatements()
	case sendMessages:
		return c.messageStatements()
	case askProviders:
		var all []awsiam.PolicyStatement
		for _, p := range providerSecrets(c.settings) {
			all = append(all, readSecret(c, secretARN(c.providers[p.variable]))...)
		}
		return all
	case knowOrigin:
		if !c.settings.checksOrigin() {
			return nil
		}
		return readSecret(c, secretARN(c.origin))
	case checkTokens:
		return []awsiam.PolicyStatement{allow(arnsOf(c.keys.Tokens), nil, "kms:GetPublicKey")}
	case signTokens:
		return []awsiam.PolicyStatement{allow(arnsOf(c.keys.Tokens), nil, "kms:Sign")}
	case checkMachineTokens:
		return []awsiam.PolicyStatement{allow(arnsOf(c.keys.Machines), nil, "kms:GetPublicKey")}
	case signMachineTokens:
		return []awsiam.PolicyStatement{allow(arnsOf(c.keys.Machines), nil, "kms:Sign")}
	case startWorkflow:
		return []awsiam.PolicyStatement{allow(c.stateMachineARNs(), nil, "states:StartExecution")}
	case answerWorkflow:
		return []awsiam.PolicyStatement{
			allow(c.stateMachineARNs(), nil, "states:SendTaskSuccess", "states:SendTaskFailure"),
		}
	}
	panic("no statements for the permission to " + string(p))
}

// readSecret allows reading a secret, and using its key only for that.
func readSecret(c *core, arn *string) []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{
		allow([]*string{arn}, nil, "secretsmanager:GetSecretValue"),
		allow([]*string{c.keys.Vault.KeyArn()}, map[string]any{"StringEquals": map[string]any{
			"kms:ViaService": "secretsmanager." + string(c.settings.Region) + "." +
				c.settings.Region.urlSuffix(),
			"kms:EncryptionContext:SecretARN": arn,
		}}, "kms:Decrypt"),
	}
}

func allow(resources []*string, conditions map[string]any, actions ...string) awsiam.PolicyStatement {
	props := awsiam.PolicyStatementProps{Actions: jsii.Strings(actions...), Resources: &resources}
	if conditions != nil {
		props.Conditions = &conditions
	}
	return awsiam.NewPolicyStatement(&props)
}
