package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// observability is the stack of the alarms, their topic, and the dashboard.
type observability struct {
	stack awscdk.Stack
	topic awssns.Topic
}

func newObservability(app awscdk.App, s Settings, c *core, w *site) *observability {
	o := &observability{
		stack: awscdk.NewStack(app, jsii.String(s.Name("observability")),
			stackProps(s, "Enterprise real-name authentication: alarms and dashboard")),
	}
	o.topic = newTopic(o.stack, s, c.keys.Telemetry)
	o.ring(s, alarms(s, c))
	o.watchKeys(s, c)
	if w != nil && s.Region.features().WebACL { // the partition has CloudFront's metrics in us-east-1
		o.watchEdge(app, s, w)
	}
	newDashboard(o.stack, s, c)
	return o
}

// newTopic creates the topic of the alarms.
func newTopic(scope constructs.Construct, s Settings, key awskms.IKey) awssns.Topic {
	topic := awssns.NewTopic(scope, jsii.String("Alarms"), &awssns.TopicProps{
		TopicName: jsii.String(s.Name("alarms")), MasterKey: key, EnforceSSL: jsii.Bool(true),
	})
	// A topic with a policy, here that of EnforceSSL, lacks the default policy that
	// allows the account's alarms to publish.
	topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("Alarms"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sns:Publish"), Resources: &[]*string{topic.TopicArn()},
		Conditions: &map[string]any{"StringEquals": map[string]any{
			"aws:SourceAccount": awscdk.Stack_Of(topic).Account(),
		}},
	}))
	if s.AlarmEmail != "" {
		topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(jsii.String(s.AlarmEmail), nil))
	}
	return topic
}

// ring creates alarms that tell the topic.
func (o *observability) ring(s Settings, all []alarm) {
	action := awscloudwatchactions.NewSnsAction(o.topic)
	for _, a := range all {
		made := awscloudwatch.NewAlarm(o.stack, jsii.String(a.Name), &awscloudwatch.AlarmProps{
			AlarmName:        jsii.String(s.Name(a.Name)),
			AlarmDescription: jsii.String(a.Says + " " + playbook + first(a.Playbook, a.Name)),
			Metric:           a.Metric, Threshold: jsii.Number(a.Threshold), EvaluationPeriods: jsii.Number(a.Periods),
			DatapointsToAlarm:  jsii.Number(a.Points),
			ComparisonOperator: a.Compare, TreatMissingData: a.Missing,
		})
		made.AddAlarmAction(action)
		made.AddOkAction(action)
	}
}

// playbook precedes the heading of a playbook in a message.
const playbook = "Playbook: docs/playbooks.md#"

// watchEdge creates the alarms on CloudFront. If the service is in another region, they
// are in a stack of their own in us-east-1, with a topic there.
func (o *observability) watchEdge(app awscdk.App, s Settings, w *site) {
	if s.Region == "us-east-1" {
		o.ring(s, edgeAlarms(s, w.front.AttrId()))
		return
	}
	props := stackProps(s, "Enterprise real-name authentication: alarms of CloudFront")
	props.Env.Region, props.CrossRegionReferences = jsii.String("us-east-1"), jsii.Bool(true)
	there := &observability{stack: awscdk.NewStack(app, jsii.String(s.Name("edge-alarms")), props)}
	at := s
	at.Region = "us-east-1"
	key := newKey(there.stack, at, "AlarmKey", "edge-alarms", "Encrypts the alarm topic")
	encryptsAlarms(key)
	there.topic = newTopic(there.stack, at, key)
	there.ring(s, edgeAlarms(s, w.front.AttrId()))
}
