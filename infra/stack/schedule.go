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

// newRepairSchedule runs repair every minute. A run that failed is not tried
// again, since the next one does its work.
func newRepairSchedule(scope constructs.Construct, s Settings, repair awslambda.IFunction, dead awssqs.IQueue) awsevents.Rule {
	return awsevents.NewRule(scope, jsii.String("RepairSchedule"), &awsevents.RuleProps{
		RuleName: jsii.String(s.Name("repair")), Description: jsii.String("Sends lost workflow signals again"),
		Schedule: awsevents.Schedule_Rate(awscdk.Duration_Minutes(jsii.Number(1))),
		Targets: &[]awsevents.IRuleTarget{awseventstargets.NewLambdaFunction(repair, &awseventstargets.LambdaFunctionProps{
			DeadLetterQueue: dead, RetryAttempts: jsii.Number(0), MaxEventAge: awscdk.Duration_Minutes(jsii.Number(1)),
		})},
	})
}
