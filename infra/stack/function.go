package stack

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newFunction deploys one function of functions/ with its own role, log group and
// permissions.
func newFunction(scope constructs.Construct, c *core, name string) awslambda.Function {
	f, s := functions[name], c.settings
	unit := constructs.NewConstruct(scope, jsii.String(name))
	logs := newLogGroup(unit, s, "Logs", "/aws/lambda/"+s.Name(name), c.keys.Telemetry)
	role := awsiam.NewRole(unit, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		Description: jsii.String("Function " + s.Name(name)),
	})
	logs.GrantWrite(role)
	for _, p := range f.May {
		for _, statement := range c.statements(p, name) {
			role.AddToPolicy(statement)
		}
	}
	environment := c.environmentOf(f)
	memory, concurrency := s.sizes(name, f)
	props := awslambda.FunctionProps{
		FunctionName: jsii.String(s.Name(name)), Role: role, LogGroup: logs, Environment: &environment,
		Runtime: awslambda.Runtime_PROVIDED_AL2023(), Handler: jsii.String("bootstrap"), Architecture: architecture(s),
		Code:       awslambda.Code_FromAsset(jsii.String(filepath.Join(s.Dist, name)), nil),
		MemorySize: jsii.Number(memory), Timeout: awscdk.Duration_Seconds(jsii.Number(f.TimeoutSeconds)),
		LoggingFormat:         awslambda.LoggingFormat_JSON,
		ApplicationLogLevelV2: awslambda.ApplicationLogLevel_INFO, SystemLogLevelV2: awslambda.SystemLogLevel_WARN,
	}
	if s.Region.features().FunctionTracing {
		props.Tracing = awslambda.Tracing_ACTIVE
	}
	if s.Region.features().RecursionDetection {
		props.RecursiveLoop = awslambda.RecursiveLoop_TERMINATE
	}
	if concurrency > 0 {
		props.ReservedConcurrentExecutions = jsii.Number(concurrency)
	}
	made := awslambda.NewFunction(unit, jsii.String("Function"), &props)
	c.network.connect(name, made, role)
	suppressInFunction(unit)
	suppress(role,
		"X-Ray's PutTraceSegments and PutTelemetryRecords, and dynamodb:ListStreams of functions that read the stream, "+
			"do not support resources (Service Authorization Reference). sns:Publish of functions that send messages is "+
			"for telephone numbers, which are not resources; every topic is denied (infra/stack/messages.go).",
		"AwsSolutions-IAM5[Resource::*]")
	return made
}

// environmentOf returns the variables that a function gets.
func (c *core) environmentOf(f function) map[string]*string {
	s := c.settings
	environment := map[string]*string{
		"REALNAME_STAGE": jsii.String(s.Stage), "REALNAME_ISSUER": jsii.String(issuer), "REALNAME_TABLE": c.table.TableName(),
	}
	for k, v := range s.Environment {
		if needs := only(k); needs == "" || slices.Contains(f.May, needs) {
			environment[k] = jsii.String(v)
		}
	}
	if to := recipients(s); to != "" {
		environment["REALNAME_RECIPIENTS"] = jsii.String(to)
	}
	for _, p := range f.May {
		maps.Copy(environment, c.environment(p))
	}
	return environment
}

// sizes returns a function's memory in MB and its reserved concurrency; 0 reserves none.
// The stage's settings win over the function's.
func (s Settings) sizes(name string, f function) (memory, concurrency int) {
	memory = f.MemoryMB
	if s.Reserve {
		concurrency = f.Concurrency
	}
	if n, ok := s.Memory[name]; ok {
		memory = n
	}
	if n, ok := s.Concurrency[name]; ok {
		concurrency = n
	}
	return memory, concurrency
}

// environment returns the variables that name the resource of a permission.
func (c *core) environment(p permission) map[string]*string {
	switch p {
	case openVault:
		return map[string]*string{"REALNAME_VAULT_SECRET_ARN": secretARN(c.vault)}
	case publishEvents:
		return map[string]*string{"REALNAME_EVENT_BUS": c.bus.EventBusName()}
	case knowOrigin:
		if c.settings.checksOrigin() {
			return map[string]*string{"REALNAME_ORIGIN_SECRET_ARN": secretARN(c.origin)}
		}
	case askProviders:
		arns := map[string]*string{}
		for variable, secret := range c.providers {
			arns[variable] = secretARN(secret)
		}
		return arns
	case checkTokens, signTokens:
		arns := arnsOf(c.keys.Tokens)
		return map[string]*string{"REALNAME_TOKEN_KEY_ARN": awscdk.Fn_Join(jsii.String(","), &arns)}
	case checkMachineTokens, signMachineTokens:
		arns := arnsOf(c.keys.Machines)
		return map[string]*string{"REALNAME_MACHINE_TOKEN_KEY_ARN": awscdk.Fn_Join(jsii.String(","), &arns)}
	case startWorkflow, answerWorkflow:
		return map[string]*string{"REALNAME_STATE_MACHINE_ARN": c.stateMachineARN(former)}
	}
	return nil
}

// recipients names the providers of every check, for the consent texts. Functions that
// ask none of them need the names too.
func recipients(s Settings) string {
	var pairs []string
	for _, c := range []struct{ check, variable string }{
		{"registry", "REALNAME_REGISTRY_PROVIDERS"},
		{"id_card", "REALNAME_ID_CARD_PROVIDERS"},
		{"bank_card", "REALNAME_BANK_CARD_PROVIDERS"},
		{"sms", "REALNAME_SMS_PROVIDERS"},
	} {
		if s.Environment[c.variable] == "" {
			continue
		}
		for name := range strings.SplitSeq(s.Environment[c.variable], ",") {
			pairs = append(pairs, c.check+"="+strings.TrimSpace(name))
		}
	}
	return strings.Join(pairs, ",")
}

// only returns the permission that a function needs to get the variable, or "" if
// every function gets it. A function that has the names of the providers also needs
// their secret, so functions without askProviders do not get the names.
func only(variable string) permission {
	switch {
	case strings.HasSuffix(variable, "_PROVIDERS"), strings.HasPrefix(variable, "REALNAME_TENCENT_"),
		strings.HasPrefix(variable, "REALNAME_ALIYUN_"), strings.HasPrefix(variable, "REALNAME_BAIDU_"):
		return askProviders
	case strings.HasPrefix(variable, "REALNAME_SNS_"):
		return sendMessages
	}
	return ""
}

func architecture(s Settings) awslambda.Architecture {
	if s.Architecture == "x86_64" {
		return awslambda.Architecture_X86_64()
	}
	return awslambda.Architecture_ARM_64()
}
