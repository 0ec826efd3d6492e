package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdaeventsources"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newOutboxStream invokes notify for each new notice of the outbox. Up to ten
// batches of a shard run at once; those of one enterprise run in order. If the
// function fails on a batch, Lambda splits it, retries it five times, and then sends
// it to the queue. Its notices stay on the outbox's list.
func newOutboxStream(
	scope constructs.Construct, c *core, notify awslambda.Function, dead awssqs.Queue,
) awslambda.EventSourceMapping {
	return awslambda.NewEventSourceMapping(scope, jsii.String("OutboxStream"), &awslambda.EventSourceMappingProps{
		Target: notify, EventSourceArn: c.table.TableStreamArn(), StartingPosition: awslambda.StartingPosition_TRIM_HORIZON,
		BatchSize: jsii.Number(100), ParallelizationFactor: jsii.Number(10), ReportBatchItemFailures: jsii.Bool(true),
		BisectBatchOnError: jsii.Bool(true), RetryAttempts: jsii.Number(5),
		MaxRecordAge: awscdk.Duration_Hours(jsii.Number(1)),
		OnFailure:    awslambdaeventsources.NewSqsDlq(dead),
		Filters: &[]*map[string]any{awslambda.FilterCriteria_Filter(&map[string]any{
			"eventName": awslambda.FilterRule_IsEqual("INSERT"),
			"dynamodb": map[string]any{
				"Keys": map[string]any{"PK": map[string]any{"S": awslambda.FilterRule_BeginsWith(jsii.String("OUTBOX#"))}},
			},
		})},
	})
}
