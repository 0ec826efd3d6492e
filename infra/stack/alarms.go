package stack

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	figures "realname/shared/telemetry/metric"
)

// alarm is one condition that staff must check. Its playbook in docs/playbooks.md
// has the same name.
type alarm struct {
	Name, Says      string
	Playbook        string // heading in docs/playbooks.md; "" for that of the name
	Metric          awscloudwatch.IMetric
	Threshold       float64
	Periods, Points int
	Compare         awscloudwatch.ComparisonOperator
	Missing         awscloudwatch.TreatMissingData
}

// alarms returns every alarm of a stage.
func alarms(s Settings, c *core) []alarm {
	above := awscloudwatch.ComparisonOperator_GREATER_THAN_THRESHOLD
	below := awscloudwatch.ComparisonOperator_LESS_THAN_THRESHOLD
	fine, bad := awscloudwatch.TreatMissingData_NOT_BREACHING, awscloudwatch.TreatMissingData_BREACHING
	api := map[string]string{"ApiId": *c.api.ApiId()}
	all := []alarm{
		{
			Name: "api-errors", Says: "More than 5 requests in 5 minutes failed with 5xx.",
			Metric: metric("AWS/ApiGateway", "5xx", "Sum", 5, api), Threshold: 5, Periods: 1, Points: 1, Compare: above,
			Missing: fine,
		},
		// A page that waits for a bank makes long requests of 5 seconds.
		{
			Name: "api-slow", Says: "1 % of requests take more than 8 seconds.",
			Metric: metric("AWS/ApiGateway", "Latency", "p99", 5, api), Threshold: 8000, Periods: 3, Points: 3, Compare: above,
			Missing: fine,
		},
		{
			Name: "api-refusals", Says: "More than 1,000 requests in 5 minutes, three times in a row, ended as 4xx.",
			Metric: metric("AWS/ApiGateway", "4xx", "Sum", 5, api), Threshold: 1000, Periods: 3, Points: 3, Compare: above,
			Missing: fine,
		},
		{
			Name: "sign-in-refusals", Says: "More than 200 sign-ins in 5 minutes were refused.",
			Metric: metric("AWS/ApiGateway", "4xx", "Sum", 5, map[string]string{
				"ApiId": *c.api.ApiId(), "Stage": "$default", "Method": "POST", "Resource": "/v1/login",
			}), Threshold: 200, Periods: 1, Points: 1, Compare: above, Missing: fine,
		},
		{
			Name: "sign-in-limited", Playbook: "sign-in-refusals",
			Says:   "More than 20 sign-ins in 5 minutes were answered 429: locked names, or limits.",
			Metric: metric(gatewayNamespace(s), signInLimited, "Sum", 5, nil), Threshold: 20, Periods: 1, Points: 1,
			Compare: above, Missing: fine,
		},
		{
			Name: "repair-silent", Says: "Repair has not run for 5 minutes.", Metric: functionMetric("repair", "Invocations", s),
			Threshold: 1, Periods: 1, Points: 1, Compare: below, Missing: bad,
		},
	}
	for _, name := range machineNames() {
		of := map[string]string{"StateMachineArn": *c.stateMachineARN(name)}
		all = append(all, alarm{
			Name: ofMachine("workflow-failed", name), Playbook: "workflow-failed",
			Says:   "An execution ended without closing its session.",
			Metric: metric("AWS/States", "ExecutionsFailed", "Sum", 5, of), Threshold: 0, Periods: 1, Points: 1,
			Compare: above, Missing: fine,
		})
	}
	for _, f := range tableThrottles(s) {
		all = append(all, alarm{
			Name: f.Name, Playbook: "table-throttles", Says: "DynamoDB throttles requests.", Metric: f.Metric,
			Threshold: 10, Periods: 1, Points: 1, Compare: above, Missing: fine,
		})
	}
	for _, f := range tableErrors(s) {
		all = append(all, alarm{
			Name: f.Name, Playbook: "table-errors", Says: "DynamoDB answers with server errors.", Metric: f.Metric,
			Threshold: 10, Periods: 1, Points: 1, Compare: above, Missing: fine,
		})
	}
	tries := func(outcome string, minutes int) awscloudwatch.Metric {
		return metric(figures.Namespace(s.Stage), "NoticeTries", "Sum", minutes, map[string]string{"Outcome": outcome})
	}
	all = append(all,
		alarm{
			Name: "notices-dead", Says: "An event for the platform failed for a day and is dead.", Metric: tries("dead", 5),
			Threshold: 0, Periods: 1, Points: 1, Compare: above, Missing: fine,
		},
		// The last retries of a single event are twice an hour.
		alarm{
			Name: "notices-failing", Says: "The platform's webhook or the event bus has refused events for 15 minutes.",
			Metric: tries("failed", 5), Threshold: 0, Periods: 24, Points: 3, Compare: above, Missing: fine,
		},
	)
	all = append(all, alarm{
		Name: "erasure-overdue", Says: "A request for erasure has waited longer than REALNAME_ERASURE_ANSWER.",
		Metric:    metric(figures.Namespace(s.Stage), "ErasuresOverdue", "Maximum", 60, nil),
		Threshold: 0, Periods: 1, Points: 1, Compare: above, Missing: fine,
	})
	all = append(all, alarm{
		Name: "erasures-announced", Says: "Persons whose retention has ended will be erased in a day.",
		Metric: metric(figures.Namespace(s.Stage), "ErasuresAnnounced", "Sum", 5, nil), Threshold: 0, Periods: 1, Points: 1,
		Compare: above, Missing: fine,
	})
	all = append(all, alarm{
		Name: "site-certificate", Playbook: "certificate", Says: "The certificate of the pages ends within 30 days.",
		Metric: metric(figures.Namespace(s.Stage), "CertificateDays", "Minimum", 24*60, nil), Threshold: 30, Periods: 1,
		Points: 1, Compare: below, Missing: fine,
	})
	days := metric(figures.Namespace(s.Stage), "BankKeyDays", "Minimum", 24*60, nil)
	all = append(all, alarm{
		Name: "bank-keys", Says: "A bank's key, or ours for a bank, expires within 30 days without a successor.",
		Metric:    days,
		Threshold: 30, Periods: 1, Points: 1, Compare: below, Missing: fine,
	})
	if s.ProviderBudget > 0 {
		all = append(all, alarm{
			Name: "provider-budget", Says: "Questions to providers cost more than the budget of a day.",
			Metric:    metric(figures.Namespace(s.Stage), "ProviderCost", "Sum", 24*60, nil),
			Threshold: 1000 * float64(s.ProviderBudget), Periods: 1, Points: 1, Compare: above, Missing: fine,
		})
	}
	for _, f := range behindTheScenes(c.routes) {
		all = append(all,
			alarm{
				Name: f + "-errors", Playbook: "function-errors", Says: "Function " + f + " crashed or timed out.",
				Metric: functionMetric(f, "Errors", s), Threshold: 0, Periods: 2, Points: 2, Compare: above, Missing: fine,
			},
			alarm{
				Name: f + "-throttles", Playbook: "function-errors",
				Says: "Function " + f + " was throttled for lack of concurrency.", Metric: functionMetric(f, "Throttles", s),
				Threshold: 0, Periods: 2, Points: 2, Compare: above, Missing: fine,
			})
	}
	for _, q := range c.deadLetters() {
		all = append(all, alarm{
			Name: q, Playbook: "dead-letters", Says: "A failed event is in the queue " + s.Name(q) + ".",
			Metric: queueMetric(q, s), Threshold: 0, Periods: 1, Points: 1, Compare: above, Missing: fine,
		})
	}
	return all
}

// signInLimited counts the sign-ins that were answered 429, from the access log: the
// gateway's own metrics do not tell 429 from other refusals.
const signInLimited = "SignInLimited"

// gatewayNamespace is the namespace of metrics that come from the access log, not from
// functions.
func gatewayNamespace(s Settings) string { return figures.Namespace(s.Stage) + "-gateway" }

// countLimited makes the metric of the access log's lines.
func countLimited(scope constructs.Construct, s Settings, logs awslogs.LogGroup) {
	awslogs.NewMetricFilter(scope, jsii.String("SignInLimited"), &awslogs.MetricFilterProps{
		LogGroup: logs, FilterName: jsii.String(s.Name("sign-in-limited")),
		FilterPattern:   awslogs.FilterPattern_Literal(jsii.String(`{ $.route = "POST /v1/login" && $.status = "429" }`)),
		MetricNamespace: jsii.String(gatewayNamespace(s)), MetricName: jsii.String(signInLimited),
		MetricValue: jsii.String("1"),
	})
}

// edgeAlarms returns the alarms on CloudFront and its web ACL, whose metrics are in
// us-east-1 (CloudFront Developer Guide, "Types of metrics for CloudFront"; AWS WAF
// Developer Guide, "AWS WAF metrics and dimensions").
func edgeAlarms(s Settings, distribution *string) []alarm {
	above, fine := awscloudwatch.ComparisonOperator_GREATER_THAN_THRESHOLD, awscloudwatch.TreatMissingData_NOT_BREACHING
	all := []alarm{
		{
			Name: "front-errors", Says: "More than 5 % of the requests to CloudFront ended as 5xx for 15 minutes.",
			Metric: metric("AWS/CloudFront", "5xxErrorRate", "Average", 5, map[string]string{
				"DistributionId": *distribution, "Region": "Global",
			}), Threshold: 5, Periods: 3, Points: 3, Compare: above, Missing: fine,
		},
		{
			Name: "requests-blocked", Says: "The web ACL blocked more than 500 requests in 5 minutes.",
			Metric: metric("AWS/WAFV2", "BlockedRequests", "Sum", 5, map[string]string{
				"WebACL": s.Name("web"), "Rule": "ALL",
			}), Threshold: 500, Periods: 1, Points: 1, Compare: above, Missing: fine,
		},
	}
	if s.CertificateARN != "" {
		all = append(all, alarm{
			Name: "certificate", Says: "The certificate of the pages ends within 30 days.",
			Metric: metric("AWS/CertificateManager", "DaysToExpiry", "Minimum", 24*60, map[string]string{
				"CertificateArn": s.CertificateARN,
			}), Threshold: 30, Periods: 1, Points: 1,
			Compare: awscloudwatch.ComparisonOperator_LESS_THAN_THRESHOLD, Missing: fine,
		})
	}
	return all
}

// behindTheScenes are the functions without a route. Failures of the others appear
// as 5xx of the API.
func behindTheScenes(routes []route) []string {
	return slices.DeleteFunc(functionNames(), func(f string) bool {
		return slices.ContainsFunc(routes, func(r route) bool { return r.Function == f })
	})
}

func metric(namespace, name, statistic string, minutes int, dimensions map[string]string) awscloudwatch.Metric {
	d := map[string]*string{}
	for k, v := range dimensions {
		d[k] = jsii.String(v)
	}
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: jsii.String(namespace), MetricName: jsii.String(name), Statistic: jsii.String(statistic),
		Period: awscdk.Duration_Minutes(jsii.Number(minutes)), DimensionsMap: &d,
	})
}

func functionMetric(function, name string, s Settings) awscloudwatch.Metric {
	return metric("AWS/Lambda", name, "Sum", 5, map[string]string{"FunctionName": s.Name(function)})
}

func queueMetric(queue string, s Settings) awscloudwatch.Metric {
	return metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", 5, map[string]string{
		"QueueName": s.Name(queue),
	})
}

// deadLetters returns the sorted names of the dead-letter queues.
func (c *core) deadLetters() []string { return slices.Sorted(maps.Keys(c.dead)) }
