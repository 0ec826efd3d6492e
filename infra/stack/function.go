package stack

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	deployed "realname/functions"
	"realname/shared/store"
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
		for _, statement := range c.statements(p, name) {
			role.AddToPolicy(statement)
		}
		for k, v := range c.environment(p) {
			environment[k] = v
		}
	}
	memory, concurrency := f.MemoryMB, 0
	if s.Reserve {
		concurrency = f.Concurrency
	}
	if n, ok := s.Memory[name]; ok {
		memory = n
	}
	if n, ok := s.Concurrency[name]; ok {
		concurrency = n
	}
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

// leadingKeys limits a statement to the partitions of the table.
func leadingKeys(partitions []store.Partition) map[string]any {
	var patterns []string
	for _, p := range partitions {
		patterns = append(patterns, p.Pattern())
	}
	return map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": patterns}}
}

// statements returns the IAM statements of a function's permission.
func (c *core) statements(p permission, function string) []awsiam.PolicyStatement {
	access := deployed.TableAccess()[function]
	reads, writes := leadingKeys(access.MayRead()), leadingKeys(access.Writes)
	table := c.table.TableArn()
	switch p {
	case readTable:
		return []awsiam.PolicyStatement{allow([]*string{table}, reads, "dynamodb:GetItem", "dynamodb:BatchGetItem")}
	case writeTable:
		return []awsiam.PolicyStatement{
			allow([]*string{table}, writes, "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"),
		}
	case queryTable:
		queried := []*string{table}
		for _, index := range c.settings.Indexes {
			queried = append(queried, jsii.String(*table+"/index/"+index))
		}
		return []awsiam.PolicyStatement{allow(queried, reads, "dynamodb:Query")}
	case openVault:
		return append(readSecret(c, secretARN(c.vault)),
			allow([]*string{c.keys.Vault.KeyArn()}, map[string]any{"StringEquals": map[string]any{
				"kms:EncryptionContext:service": "realname", "kms:EncryptionContext:use": "vault",
				"kms:EncryptionContext:stage": c.settings.Stage,
			}}, "kms:Decrypt"))
	case publishEvents:
		return []awsiam.PolicyStatement{allow([]*string{c.bus.EventBusArn()}, nil, "events:PutEvents")}
	case readStream:
		return []awsiam.PolicyStatement{
			allow([]*string{c.table.TableStreamArn()}, nil, "dynamodb:DescribeStream", "dynamodb:GetRecords",
				"dynamodb:GetShardIterator"),
			allow([]*string{jsii.String("*")}, nil, "dynamodb:ListStreams"),
		}
	case sendMail:
		return c.mailStatements()
	case sendMessages:
		return c.messageStatements()
	case askProviders:
		var all []awsiam.PolicyStatement
		for _, p := range providerSecrets(c.settings) {
			all = append(all, readSecret(c, secretARN(c.providers[p.variable]))...)
		}
		return all
	case knowOrigin:
		if !c.settings.checksOrigin() {
			return nil
		}
		return readSecret(c, secretARN(c.origin))
	case checkTokens:
		return []awsiam.PolicyStatement{allow(arnsOf(c.keys.Tokens), nil, "kms:GetPublicKey")}
	case signTokens:
		return []awsiam.PolicyStatement{allow(arnsOf(c.keys.Tokens), nil, "kms:Sign")}
	case checkMachineTokens:
		return []awsiam.PolicyStatement{allow(arnsOf(c.keys.Machines), nil, "kms:GetPublicKey")}
	case signMachineTokens:
		return []awsiam.PolicyStatement{allow(arnsOf(c.keys.Machines), nil, "kms:Sign")}
	case startWorkflow:
		return []awsiam.PolicyStatement{allow(c.stateMachineARNs(), nil, "states:StartExecution")}
	case answerWorkflow:
		return []awsiam.PolicyStatement{
			allow(c.stateMachineARNs(), nil, "states:SendTaskSuccess", "states:SendTaskFailure"),
		}
	}
	panic("no statements for the permission to " + string(p))
}

// readSecret allows reading a secret, and using its key only for that.
func readSecret(c *core, arn *string) []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{
		allow([]*string{arn}, nil, "secretsmanager:GetSecretValue"),
		allow([]*string{c.keys.Vault.KeyArn()}, map[string]any{"StringEquals": map[string]any{
			"kms:ViaService": "secretsmanager." + string(c.settings.Region) + "." +
				c.settings.Region.urlSuffix(),
			"kms:EncryptionContext:SecretARN": arn,
		}}, "kms:Decrypt"),
	}
}

func allow(resources []*string, conditions map[string]any, actions ...string) awsiam.PolicyStatement {
	props := awsiam.PolicyStatementProps{Actions: jsii.Strings(actions...), Resources: &resources}
	if conditions != nil {
		props.Conditions = &conditions
	}
	return awsiam.NewPolicyStatement(&props)
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
