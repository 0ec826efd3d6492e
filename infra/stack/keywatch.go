package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"
)

// keyWatch is a rule on what CloudTrail reports of the stage's keys.
type keyWatch struct {
	ID, Name, Says string
	Detail         map[string]any
	// Reads reports that the events are read-only ones, which a rule gets only if its
	// state says so (EventBridge User Guide, "Receiving read-only management events from
	// AWS services").
	Reads bool
}

// watchKeys tells the topic of the end of a key, and of its use by anybody but the
// stage's own roles. CloudTrail must have a trail with management events.
func (o *observability) watchKeys(s Settings, c *core) {
	var ids []*string
	for _, key := range append([]awskms.Key{c.keys.Data, c.keys.Vault, c.keys.Telemetry},
		append(c.keys.Tokens, c.keys.Machines...)...) {
		ids = append(ids, key.KeyArn())
	}
	for _, w := range []keyWatch{
		{
			ID: "KeyEnds", Name: "key-ends", Says: "A key of the stage was disabled, or its deletion was scheduled.",
			Detail: map[string]any{
				"eventName": []any{"ScheduleKeyDeletion", "DisableKey", "PutKeyPolicy"},
				"resources": map[string]any{"ARN": ids},
			},
		},
		{
			ID: "KeyUse", Name: "key-use", Says: "Somebody other than the stage's roles decrypted with the vault's key.",
			Reads: true,
			Detail: map[string]any{
				"eventName": []any{"Decrypt"}, "resources": map[string]any{"ARN": []*string{c.keys.Vault.KeyArn()}},
				"$or": []any{
					map[string]any{"userIdentity": map[string]any{"type": []any{"IAMUser", "Root"}}},
					map[string]any{"userIdentity": map[string]any{"sessionContext": map[string]any{
						"sessionIssuer": map[string]any{
							"userName": []any{map[string]any{"anything-but": map[string]any{"prefix": s.Name("core") + "-"}}},
						},
					}}},
				},
			},
		},
	} {
		state := "ENABLED"
		if w.Reads {
			state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
		}
		// The CDK's own rule would let EventBridge use the topic's key without a condition.
		rule := awsevents.NewCfnRule(o.stack, jsii.String(w.ID), &awsevents.CfnRuleProps{
			Name: jsii.String(s.Name(w.Name)), Description: jsii.String(w.Says + " " + playbook + w.Name),
			State: jsii.String(state),
			EventPattern: map[string]any{
				"source": []any{"aws.kms"}, "detail-type": []any{"AWS API Call via CloudTrail"}, "detail": w.Detail,
			},
			Targets: []any{&awsevents.CfnRule_TargetProperty{
				Id: jsii.String("Alarms"), Arn: o.topic.TopicArn(),
				InputTransformer: &awsevents.CfnRule_InputTransformerProperty{
					InputPathsMap: map[string]any{"event": "$.detail.eventID"},
					InputTemplate: jsii.String(`"` + w.Says + ` Who and when: CloudTrail, event <event>. ` + playbook + w.Name + `"`),
				},
			}},
		})
		o.topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Sid:        jsii.String(w.ID),
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil)},
			Actions:    jsii.Strings("sns:Publish"), Resources: &[]*string{o.topic.TopicArn()},
			Conditions: &map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": rule.AttrArn()}},
		}))
	}
}
