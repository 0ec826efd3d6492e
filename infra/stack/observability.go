package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"
)

// observability is the stack of the alarms, their topic, and the dashboard.
type observability struct {
	stack awscdk.Stack
	topic awssns.Topic
}

func newObservability(app awscdk.App, s Settings, c *core) *observability {
	o := &observability{
		stack: awscdk.NewStack(app, jsii.String(s.Name("observability")),
			stackProps(s, "Enterprise real-name authentication: alarms and dashboard")),
	}
	o.topic = awssns.NewTopic(o.stack, jsii.String("Alarms"), &awssns.TopicProps{
		TopicName: jsii.String(s.Name("alarms")), MasterKey: c.keys.Telemetry, EnforceSSL: jsii.Bool(true),
	})
	// A topic with a policy, here that of EnforceSSL, lacks the default policy that
	// allows the account's alarms to publish.
	o.topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("Alarms"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sns:Publish"), Resources: &[]*string{o.topic.TopicArn()},
		Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": o.stack.Account()}},
	}))
	if s.AlarmEmail != "" {
		o.topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(jsii.String(s.AlarmEmail), nil))
	}
	action := awscloudwatchactions.NewSnsAction(o.topic)
	for _, a := range alarms(s, c) {
		made := awscloudwatch.NewAlarm(o.stack, jsii.String(a.Name), &awscloudwatch.AlarmProps{
			AlarmName:        jsii.String(s.Name(a.Name)),
			AlarmDescription: jsii.String(a.Says + " Playbook: docs/playbooks.md#" + first(a.Playbook, a.Name)),
			Metric:           a.Metric, Threshold: jsii.Number(a.Threshold), EvaluationPeriods: jsii.Number(a.Periods),
			DatapointsToAlarm:  jsii.Number(a.Points),
			ComparisonOperator: a.Compare, TreatMissingData: a.Missing,
		})
		made.AddAlarmAction(action)
		made.AddOkAction(action)
	}
	newDashboard(o.stack, s, c)
	return o
}
