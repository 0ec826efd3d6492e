package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newWebACL creates the web ACL of the distribution: a limit for each address, then
// AWS's rules on known attackers, known attacks and malformed requests.
func newWebACL(scope constructs.Construct, s Settings, key awskms.IKey) awswafv2.CfnWebACL {
	rules := []any{
		&awswafv2.CfnWebACL_RuleProperty{
			Name: jsii.String("rate"), Priority: jsii.Number(0), VisibilityConfig: visible(s, "rate"),
			Action: &awswafv2.CfnWebACL_RuleActionProperty{Block: map[string]any{}},
			Statement: &awswafv2.CfnWebACL_StatementProperty{RateBasedStatement: &awswafv2.CfnWebACL_RateBasedStatementProperty{
				AggregateKeyType: jsii.String("IP"), Limit: jsii.Number(s.WebRateLimit),
			}},
		},
		managedRules(s, 1, "AWSManagedRulesAmazonIpReputationList"),
		managedRules(s, 2, "AWSManagedRulesKnownBadInputsRuleSet"),
		// Bodies may have 16 KiB, twice the limit of the rule, and a bank's system may
		// call without a user agent.
		managedRules(s, 3, "AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY", "NoUserAgent_HEADER"),
	}
	acl := awswafv2.NewCfnWebACL(scope, jsii.String("WebAcl"), &awswafv2.CfnWebACLProps{
		Name: jsii.String(s.Name("web")), Scope: jsii.String("CLOUDFRONT"), VisibilityConfig: visible(s, "web"), Rules: rules,
		DefaultAction: &awswafv2.CfnWebACL_DefaultActionProperty{Allow: map[string]any{}},
	})
	logBlocked(scope, s, acl, key)
	return acl
}

// redacted are the headers that the web ACL's log leaves out: secrets, and what a client
// makes up.
var redacted = []string{"authorization", "cookie", "idempotency-key", "if-match", "if-none-match", "rn-signature"}

// logBlocked keeps a log of the blocked requests only, without query string and secrets.
// A log group of a web ACL has a name with a fixed beginning (AWS WAF Developer Guide,
// "Sending web ACL traffic logs to an Amazon CloudWatch Logs log group").
func logBlocked(scope constructs.Construct, s Settings, acl awswafv2.CfnWebACL, key awskms.IKey) {
	logs := newLogGroup(scope, s, "WebAclLogs", "aws-waf-logs-"+s.Name("web"), key)
	left := []any{&awswafv2.CfnLoggingConfiguration_FieldToMatchProperty{QueryString: map[string]any{}}}
	for _, header := range redacted {
		left = append(left, &awswafv2.CfnLoggingConfiguration_FieldToMatchProperty{
			SingleHeader: map[string]any{"Name": header}, // the CDK's own type writes "name"
		})
	}
	awswafv2.NewCfnLoggingConfiguration(scope, jsii.String("WebAclLogging"), &awswafv2.CfnLoggingConfigurationProps{
		ResourceArn: acl.AttrArn(), RedactedFields: left,
		LogDestinationConfigs: &[]any{awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("logs"), Resource: jsii.String("log-group"), ResourceName: logs.LogGroupName(),
			ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
		})},
		LoggingFilter: map[string]any{
			"DefaultBehavior": "DROP",
			"Filters": []any{map[string]any{
				"Behavior": "KEEP", "Requirement": "MEETS_ANY",
				"Conditions": []any{map[string]any{"ActionCondition": map[string]any{"Action": "BLOCK"}}},
			}},
		},
	})
}

// managedRules is one of AWS's rule groups, with rules that only count.
func managedRules(s Settings, priority int, name string, counted ...string) *awswafv2.CfnWebACL_RuleProperty {
	var overrides []any
	for _, rule := range counted {
		overrides = append(overrides, &awswafv2.CfnWebACL_RuleActionOverrideProperty{
			Name: jsii.String(rule), ActionToUse: &awswafv2.CfnWebACL_RuleActionProperty{Count: map[string]any{}},
		})
	}
	group := awswafv2.CfnWebACL_ManagedRuleGroupStatementProperty{VendorName: jsii.String("AWS"), Name: jsii.String(name)}
	if overrides != nil {
		group.RuleActionOverrides = overrides
	}
	return &awswafv2.CfnWebACL_RuleProperty{
		Name: jsii.String(name), Priority: jsii.Number(priority), VisibilityConfig: visible(s, name),
		OverrideAction: &awswafv2.CfnWebACL_OverrideActionProperty{None: map[string]any{}},
		Statement:      &awswafv2.CfnWebACL_StatementProperty{ManagedRuleGroupStatement: &group},
	}
}

func visible(s Settings, name string) *awswafv2.CfnWebACL_VisibilityConfigProperty {
	return &awswafv2.CfnWebACL_VisibilityConfigProperty{
		// Samples would store requests with their personal data.
		SampledRequestsEnabled: jsii.Bool(false), CloudWatchMetricsEnabled: jsii.Bool(true),
		MetricName: jsii.String(s.Name(name)),
	}
}

// newEdge is the stack of the web ACL if the service is in another region: web ACLs
// for CloudFront must be in us-east-1.
func newEdge(app awscdk.App, s Settings) *string {
	props := stackProps(s, "Enterprise real-name authentication: web ACL of the pages")
	props.Env.Region = jsii.String("us-east-1")
	props.CrossRegionReferences = jsii.Bool(true)
	stack := awscdk.NewStack(app, jsii.String(s.Name("edge")), props)
	there := s
	there.Region = "us-east-1"
	key := newKey(stack, there, "TelemetryKey", "edge-telemetry", "Encrypts the log of the web ACL")
	encryptsLogs(key, there)
	return newWebACL(stack, there, key).AttrArn()
}
