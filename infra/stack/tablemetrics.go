package stack

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
)

// figure is a metric of the table under a name of ours.
type figure struct {
	Name   string
	Metric awscloudwatch.IMetric
}

// tableThrottles are the reads and writes that DynamoDB refused for their rate,
// the table's own apart from each index's. ThrottledRequests would be all of
// them, but there is no such metric of a table, only of each operation (DynamoDB
// Developer Guide, "DynamoDB metrics and dimensions").
func tableThrottles(s Settings) []figure {
	var all []figure
	for _, index := range []string{"", "GSI1", "GSI2"} {
		of, dimensions := "table-", map[string]string{"TableName": s.Name("")}
		if index != "" {
			of += strings.ToLower(index) + "-"
			dimensions["GlobalSecondaryIndexName"] = index
		}
		for _, kind := range []string{"Read", "Write"} {
			all = append(all, figure{
				of + strings.ToLower(kind) + "-throttles", metric("AWS/DynamoDB", kind+"ThrottleEvents", "Sum", 5, dimensions),
			})
		}
	}
	return all
}

// tableErrors are DynamoDB's own failures, of the operations by which every step
// reads and commits. They too are told of each operation only.
func tableErrors(s Settings) []figure {
	failed := func(name, operation string) figure {
		return figure{
			name,
			metric("AWS/DynamoDB", "SystemErrors", "Sum", 5, map[string]string{"TableName": s.Name(""), "Operation": operation}),
		}
	}
	return []figure{failed("table-read-errors", "BatchGetItem"), failed("table-write-errors", "TransactWriteItems")}
}
