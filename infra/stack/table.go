package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"realname/shared/table"
)

// newTable creates the only table, with the layout of shared/table: keys PK and SK,
// the indexes of the settings, expiry in "expires". Its stream contains only keys, so
// that no item is copied into an invocation. Its functions read the items themselves.
func newTable(scope constructs.Construct, s Settings, key awskms.IKey) awsdynamodb.Table {
	attribute := func(name string) *awsdynamodb.Attribute {
		return &awsdynamodb.Attribute{Name: jsii.String(name), Type: awsdynamodb.AttributeType_STRING}
	}
	t := awsdynamodb.NewTable(scope, jsii.String("Table"), &awsdynamodb.TableProps{
		TableName: jsii.String(s.Name("")), PartitionKey: attribute("PK"), SortKey: attribute("SK"),
		BillingMode: awsdynamodb.BillingMode_PAY_PER_REQUEST,
		Encryption:  awsdynamodb.TableEncryption_CUSTOMER_MANAGED, EncryptionKey: key,
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(true),
		},
		TimeToLiveAttribute: jsii.String("expires"),
		Stream:              awsdynamodb.StreamViewType_KEYS_ONLY,
		DeletionProtection:  jsii.Bool(s.Protect),
		RemovalPolicy:       firmRemoval(s),
	})
	suppress(t,
		"Point-in-time recovery restores any second of 35 days (docs/command-line.md). A backup plan of AWS Backup would "+
			"keep personal data longer than its erasure.",
		"NIST.800.53.R5-DynamoDBInBackupPlan")
	for _, index := range s.Indexes {
		attributes, projection := table.Attributes(index), awsdynamodb.ProjectionType_KEYS_ONLY
		if attributes == index { // of version 1.0.0
			projection = awsdynamodb.ProjectionType_ALL
		}
		t.AddGlobalSecondaryIndex(&awsdynamodb.GlobalSecondaryIndexProps{
			IndexName: jsii.String(index), PartitionKey: attribute(attributes + "PK"), SortKey: attribute(attributes + "SK"),
			ProjectionType: projection,
		})
	}
	return t
}
