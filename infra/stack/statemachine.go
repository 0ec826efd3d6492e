package stack

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"realname/shared/realname"
	"realname/shared/workflow"
)

// newStateMachines deploys the definitions of shared/workflow, one for each method. They
// log errors without the data of executions, which is confidential.
//
// The state machine of version 1.0 stays for its running executions, which
// CloudFormation would end by deleting it, and for functions of version 1.0, which start
// sessions on it until the deployment has replaced them.
func newStateMachines(scope constructs.Construct, c *core, finish awslambda.IFunction) []awsstepfunctions.StateMachine {
	s := c.settings
	// Log groups with this prefix do not enlarge the account's log resource policy.
	logs := newLogGroup(scope, s, "WorkflowLogs", "/aws/vendedlogs/states/"+s.Name("verification"), c.keys.Telemetry)
	role := awsiam.NewRole(scope, jsii.String("WorkflowRole"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), nil),
		Description: jsii.String("State machines " + s.Name("verification")),
	})
	role.AddToPolicy(allow([]*string{c.table.TableArn()}, map[string]any{
		"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []string{"SESSION#*"}},
		"Null":                    map[string]any{"dynamodb:LeadingKeys": "false"},
	}, "dynamodb:PutItem"))
	role.AddToPolicy(allow([]*string{finish.FunctionArn()}, nil, "lambda:InvokeFunction"))
	suppress(role, "The policy belongs to the role of these state machines and goes with it.",
		"NIST.800.53.R5-IAMNoInlinePolicy")
	suppress(role,
		"X-Ray and the delivery of vended logs do not support resources "+
			"(Step Functions Developer Guide, \"IAM policies for logging\").",
		"AwsSolutions-IAM5[Resource::*]")
	var all []awsstepfunctions.StateMachine
	for _, name := range machineNames() {
		id, definition, removed := "Workflow-"+name, workflow.Definitions()[name], removal(s)
		if name == former { // not retained, so that the release that drops it also deletes it
			id, definition, removed = "Workflow", workflow.Former, awscdk.RemovalPolicy_DESTROY
		}
		machine := awsstepfunctions.NewStateMachine(scope, jsii.String(id), &awsstepfunctions.StateMachineProps{
			StateMachineName: jsii.String(s.Name(ofMachine("verification", name))), Role: role,
			StateMachineType: awsstepfunctions.StateMachineType_STANDARD,
			DefinitionBody:   awsstepfunctions.DefinitionBody_FromString(jsii.String(string(definition))),
			DefinitionSubstitutions: &map[string]*string{
				"Partition": jsii.String(s.Region.partition()), "TableName": c.table.TableName(),
				"FinishFunctionArn": finish.FunctionArn(),
				"WaitSeconds":       jsii.String(fmt.Sprint(waitSeconds(s))),
			},
			Logs: &awsstepfunctions.LogOptions{
				Destination: logs, Level: awsstepfunctions.LogLevel_ERROR, IncludeExecutionData: jsii.Bool(false),
			},
			TracingEnabled: jsii.Bool(true), RemovalPolicy: removed,
		})
		suppress(machine,
			"Level ALL would log every state of every session without need: staff look for errors, and the history has the "+
				"rest.",
			"AwsSolutions-SF1")
		all = append(all, machine)
	}
	return all
}

// former is the name of the state machine of version 1.0.
const former = ""

// machineNames returns the names of the state machines in order: those of the methods, and
// that of version 1.0.
func machineNames() []string { return append(slices.Sorted(maps.Keys(workflow.Definitions())), former) }

// ofMachine returns the name of something that each state machine has.
func ofMachine(what, machine string) string {
	if machine == former {
		return what
	}
	return what + "-" + machine
}

// startAfter makes the functions that start executions wait for the state machines, which
// a deployment could otherwise create after them.
func (c *core) startAfter(machines []awsstepfunctions.StateMachine) {
	for _, name := range functionNames() {
		if !slices.Contains(functions[name].May, startWorkflow) {
			continue
		}
		for _, m := range machines {
			c.functions[name].Node().AddDependency(m)
		}
	}
}

// stateMachineARN composes the ARN of a state machine instead of referring to the
// resource. A reference would be circular: functions start the workflow, and the workflow
// calls a function.
func (c *core) stateMachineARN(name string) *string {
	return c.stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("states"), Resource: jsii.String("stateMachine"),
		ResourceName: jsii.String(c.settings.Name(ofMachine("verification", name))),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}

// stateMachineARNs returns the ARNs of all state machines.
func (c *core) stateMachineARNs() []*string {
	var all []*string
	for _, name := range machineNames() {
		all = append(all, c.stateMachineARN(name))
	}
	return all
}

// waitSeconds is how long a state machine waits for a step. Its user can extend the step
// until the session's end. The step's own deadline is stored with the session.
func waitSeconds(s Settings) int {
	timeout := realname.DefaultLimits().SessionTimeout
	if d, err := time.ParseDuration(s.Environment["REALNAME_SESSION_TIMEOUT"]); err == nil {
		timeout = d
	}
	return max(1, int(timeout.Seconds()))
}
