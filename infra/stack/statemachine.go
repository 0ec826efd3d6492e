package stack

import (
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"realname/shared/realname"
	"realname/shared/workflow"
)

// newStateMachine deploys shared/workflow/verification.asl.json. It logs errors
// without the data of executions, which is confidential.
func newStateMachine(scope constructs.Construct, c *core, finish awslambda.IFunction) awsstepfunctions.StateMachine {
	s := c.settings
	// Log groups with this prefix do not enlarge the account's log resource policy.
	logs := newLogGroup(scope, s, "WorkflowLogs", "/aws/vendedlogs/states/"+s.Name("verification"), c.keys.Telemetry)
	role := awsiam.NewRole(scope, jsii.String("WorkflowRole"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), nil),
		Description: jsii.String("State machine " + s.Name("verification")),
	})
	role.AddToPolicy(allow([]*string{c.table.TableArn()}, map[string]any{
		"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []string{"SESSION#*"}},
		"Null":                    map[string]any{"dynamodb:LeadingKeys": "false"},
	}, "dynamodb:PutItem"))
	role.AddToPolicy(allow([]*string{finish.FunctionArn()}, nil, "lambda:InvokeFunction"))
	machine := awsstepfunctions.NewStateMachine(scope, jsii.String("Workflow"), &awsstepfunctions.StateMachineProps{
		StateMachineName: jsii.String(s.Name("verification")), StateMachineType: awsstepfunctions.StateMachineType_STANDARD,
		Role:           role,
		DefinitionBody: awsstepfunctions.DefinitionBody_FromString(jsii.String(string(workflow.Definition))),
		DefinitionSubstitutions: &map[string]*string{
			"Partition": jsii.String(s.Region.partition()), "TableName": c.table.TableName(),
			"FinishFunctionArn": finish.FunctionArn(),
			"WaitSeconds":       jsii.String(fmt.Sprint(waitSeconds(s))),
		},
		Logs: &awsstepfunctions.LogOptions{
			Destination: logs, Level: awsstepfunctions.LogLevel_ERROR, IncludeExecutionData: jsii.Bool(false),
		},
		TracingEnabled: jsii.Bool(true), RemovalPolicy: removal(s),
	})
	suppress(role, "The policy belongs to the role of this state machine and goes with it.",
		"NIST.800.53.R5-IAMNoInlinePolicy")
	suppress(role,
		"X-Ray and the delivery of vended logs do not support resources "+
			"(Step Functions Developer Guide, \"IAM policies for logging\").",
		"AwsSolutions-IAM5[Resource::*]")
	suppress(machine,
		"Level ALL would log every state of every session without need: staff look for errors, and the history has the rest.",
		"AwsSolutions-SF1")
	return machine
}

// waitSeconds is how long the state machine waits for a step. Its user can extend the step
// until the session's end. The step's own deadline is stored with the session.
func waitSeconds(s Settings) int {
	timeout := realname.DefaultLimits().SessionTimeout
	if d, err := time.ParseDuration(s.Environment["REALNAME_SESSION_TIMEOUT"]); err == nil {
		timeout = d
	}
	return max(1, int(timeout.Seconds()))
}
