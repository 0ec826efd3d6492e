package stack

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
)

// figure is a metric of the table with our own name.
type figure struct {
	Name   string
	Metric awscloudwatch.IMetric
}

// tableThrottles are the throttled reads and writes of the table and, separately, of
// each index. ThrottledRequests would include all of them, but DynamoDB has that
// metric only by operation (DynamoDB Developer Guide, "DynamoDB metrics and
// dimensions").
func tableThrottles(s Settings) []figure {
	var all []figure
	for _, index := range append([]string{""}, s.Indexes...) {
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

// tableErrors are DynamoDB's server errors, for the operations with which every step
// reads and commits. DynamoDB has this metric, too, only by operation.
func tableErrors(s Settings) []figure {
	failed := func(name, operation string) figure {
		return figure{
			name,
			metric("AWS/DynamoDB", "SystemErrors", "Sum", 5, map[string]string{"TableName": s.Name(""), "Operation": operation}),
		}
	}
	return []figure{failed("table-read-errors", "BatchGetItem"), failed("table-write-errors", "TransactWriteItems")}
}
