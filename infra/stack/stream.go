package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdaeventsources"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"realname/shared/store"
)

// stream passes the new items of a partition on to a function.
type stream struct {
	ID, Function string
	From         store.Partition
	BatchSize    int
}

// streams lists the functions that the table's stream invokes. DynamoDB allows two
// (Developer Guide, "DynamoDB Streams and AWS Lambda triggers").
var streams = []stream{
	{ID: "OutboxStream", Function: "notify", From: store.OutboxPartition, BatchSize: 100},
	// A provider may take seconds for each message.
	{ID: "ResetMessagesStream", Function: "reset-messages", From: store.MessagePartition, BatchSize: 5},
}

// newStream invokes a function for each new item of a partition. Up to ten batches of a
// shard run at once; those of one partition key run in order. If the function fails on a
// batch, Lambda splits it, retries it five times, and then sends it to the queue. Its
// items stay in the table, and the function's schedule finds them.
func newStream(scope constructs.Construct, c *core, s stream) awslambda.EventSourceMapping {
	return awslambda.NewEventSourceMapping(scope, jsii.String(s.ID), &awslambda.EventSourceMappingProps{
		Target: c.functions[s.Function], EventSourceArn: c.table.TableStreamArn(),
		StartingPosition: awslambda.StartingPosition_TRIM_HORIZON,
		BatchSize:        jsii.Number(s.BatchSize), ParallelizationFactor: jsii.Number(10),
		ReportBatchItemFailures: jsii.Bool(true), BisectBatchOnError: jsii.Bool(true), RetryAttempts: jsii.Number(5),
		MaxRecordAge: awscdk.Duration_Hours(jsii.Number(1)),
		OnFailure:    awslambdaeventsources.NewSqsDlq(c.dead[s.Function+"-dead"]),
		Filters: &[]*map[string]any{awslambda.FilterCriteria_Filter(&map[string]any{
			"eventName": awslambda.FilterRule_IsEqual("INSERT"),
			"dynamodb": map[string]any{
				"Keys": map[string]any{"PK": map[string]any{"S": awslambda.FilterRule_BeginsWith(jsii.String(string(s.From)))}},
			},
		})},
	})
}
