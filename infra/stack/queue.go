package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newDeadLetters creates a queue for events that failed. It keeps them as long as
// SQS allows. The first one raises an alarm.
func newDeadLetters(scope constructs.Construct, s Settings, id, name string) awssqs.Queue {
	queue := awssqs.NewQueue(scope, jsii.String(id), &awssqs.QueueProps{
		QueueName: jsii.String(s.Name(name)), Encryption: awssqs.QueueEncryption_SQS_MANAGED, EnforceSSL: jsii.Bool(true),
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)), RemovalPolicy: removal(s),
	})
	suppress(queue, "It is a dead-letter queue.", "AwsSolutions-SQS3")
	return queue
}
