package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newSchedule runs a function every so many minutes. A failed or throttled run is not
// retried, because the next run does its work. By default, Lambda would retry it for
// six hours.
func newSchedule(
	scope constructs.Construct, s Settings, id, name, says string, minutes float64, function awslambda.IFunction,
	dead awssqs.IQueue,
) awsevents.Rule {
	function.ConfigureAsyncInvoke(&awslambda.EventInvokeConfigOptions{
		RetryAttempts: jsii.Number(0), MaxEventAge: awscdk.Duration_Minutes(jsii.Number(1)),
	})
	return awsevents.NewRule(scope, jsii.String(id), &awsevents.RuleProps{
		RuleName: jsii.String(s.Name(name)), Description: jsii.String(says),
		Schedule: awsevents.Schedule_Rate(awscdk.Duration_Minutes(jsii.Number(minutes))),
		Targets: &[]awsevents.IRuleTarget{awseventstargets.NewLambdaFunction(function, &awseventstargets.LambdaFunctionProps{
			DeadLetterQueue: dead, RetryAttempts: jsii.Number(0), MaxEventAge: awscdk.Duration_Minutes(jsii.Number(1)),
		})},
	})
}
