package stack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newDashboard shows the first figures that staff need in an incident: requests and
// errors, latency, failures by function, and finished sessions.
func newDashboard(scope constructs.Construct, s Settings, c *core) awscloudwatch.Dashboard {
	api := map[string]string{"ApiId": *c.api.ApiId()}
	table := map[string]string{"TableName": s.Name("")}
	graph := func(title string, metrics ...awscloudwatch.IMetric) awscloudwatch.IWidget {
		return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{
			Title: jsii.String(title), Width: jsii.Number(8), Height: jsii.Number(6), Left: &metrics,
		})
	}
	each := func(name, statistic string) []awscloudwatch.IMetric {
		var all []awscloudwatch.IMetric
		for _, f := range functionNames() {
			all = append(all, metric("AWS/Lambda", name, statistic, 5, map[string]string{"FunctionName": s.Name(f)}))
		}
		return all
	}
	var dead []awscloudwatch.IMetric
	for _, q := range c.deadLetters() {
		dead = append(dead, queueMetric(q, s))
	}
	refused := []awscloudwatch.IMetric{metric("AWS/DynamoDB", "TransactionConflict", "Sum", 5, table)}
	for _, f := range slices.Concat(tableThrottles(s), tableErrors(s)) {
		refused = append(refused, f.Metric)
	}
	d := awscloudwatch.NewDashboard(scope, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{
		DashboardName: jsii.String(s.Name("")),
	})
	d.AddWidgets(
		graph("Requests", metric("AWS/ApiGateway", "Count", "Sum", 5, api), metric("AWS/ApiGateway", "4xx", "Sum", 5, api),
			metric("AWS/ApiGateway", "5xx", "Sum", 5, api)),
		graph("Latency (ms)", metric("AWS/ApiGateway", "Latency", "p50", 5, api),
			metric("AWS/ApiGateway", "Latency", "p99", 5, api), metric("AWS/ApiGateway", "IntegrationLatency", "p99", 5, api)),
		graph("Sessions' workflows", c.executions("ExecutionsStarted"), c.executions("ExecutionsSucceeded"),
			c.executions("ExecutionsFailed")))
	d.AddWidgets(
		graph("Function errors", each("Errors", "Sum")...), graph("Function durations, p99 (ms)", each("Duration", "p99")...),
		graph("Concurrent executions", each("ConcurrentExecutions", "Maximum")...))
	d.AddWidgets(
		graph("Table: consumed", metric("AWS/DynamoDB", "ConsumedReadCapacityUnits", "Sum", 5, table),
			metric("AWS/DynamoDB", "ConsumedWriteCapacityUnits", "Sum", 5, table)),
		graph("Table: refused and failed", refused...),
		graph("Dead letters", dead...))
	addDecisions(d, s)
	return d
}

// executions adds the metric of all state machines.
func (c *core) executions(name string) awscloudwatch.IMetric {
	var terms []string
	of := map[string]awscloudwatch.IMetric{}
	for i, machine := range machineNames() {
		id := fmt.Sprintf("%s%d", strings.ToLower(name), i)
		terms = append(terms, id)
		of[id] = metric("AWS/States", name, "Sum", 5, map[string]string{"StateMachineArn": *c.stateMachineARN(machine)})
	}
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: jsii.String("SUM([" + strings.Join(terms, ",") + "])"), Label: jsii.String(name),
		Period: awscdk.Duration_Minutes(jsii.Number(5)), UsingMetrics: &of,
	})
}
