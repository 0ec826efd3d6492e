// Package stack declares the CDK stacks of a stage: Core, which answers requests,
// Web, which holds the pages, and Observability, which holds the alarms and the
// dashboard.
package stack

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// issuer is the name of the built-in token issuer.
const issuer = "realname"

// core is the stack that answers requests.
type core struct {
	stack     awscdk.Stack
	settings  Settings
	routes    []route
	keys      keys
	table     awsdynamodb.Table
	vault     awssecretsmanager.Secret
	providers map[string]awssecretsmanager.Secret // by the variable with the ARN
	origin    awssecretsmanager.Secret
	bus       awsevents.EventBus
	network   *network // nil without vpc
	functions map[string]awslambda.Function
	api       awsapigatewayv2.HttpApi
	apiDomain awsapigatewayv2.DomainName // nil without apiDomainName
	dead      map[string]awssqs.Queue    // by name
}

func newCore(app awscdk.App, s Settings, routes []route) *core {
	c := &core{
		stack: awscdk.NewStack(app, jsii.String(s.Name("core")),
			stackProps(s, "Enterprise real-name verification: functions, table, workflow, API")),
		settings: s, routes: routes, functions: map[string]awslambda.Function{}, dead: map[string]awssqs.Queue{},
		providers: map[string]awssecretsmanager.Secret{},
	}
	c.keys = newKeys(c.stack, s)
	c.table = newTable(c.stack, s, c.keys.Data)
	c.vault = newVaultSecret(c.stack, s, c.keys.Vault)
	for _, p := range providerSecrets(s) {
		c.providers[p.variable] = newProviderSecret(c.stack, s, p, c.keys.Vault)
	}
	c.origin = newOriginSecret(c.stack, s, c.keys.Vault)
	c.bus = awsevents.NewEventBus(c.stack, jsii.String("Bus"), &awsevents.EventBusProps{
		EventBusName: jsii.String(s.Name("")), Description: jsii.String("Verified and withdrawn aspects"),
	})
	c.network = newNetwork(c.stack, s, c.keys.Telemetry)
	for _, name := range functionNames() {
		c.functions[name] = newFunction(c.stack, c, name)
	}
	c.startAfter(newStateMachines(c.stack, c, c.functions["finish"]))
	for _, of := range []struct {
		id, function, says string
		minutes            float64
	}{
		{"Repair", "repair", "Resends lost workflow signals", 1},
		{"Notify", "notify", "Retries undelivered events", 1},
		{"ResetMessages", "reset-messages", "Retries unsent messages of password resets", 1},
		{"Retention", "retention", "Erases persons whose retention has ended, a day after the announcement", 24 * 60},
	} {
		dead := of.function + "-dead"
		c.dead[dead] = newDeadLetters(c.stack, s, of.id+"DeadLetters", dead)
		newSchedule(c.stack, s, of.id+"Schedule", of.function, of.says, of.minutes, c.functions[of.function],
			c.dead[dead])
	}
	for _, of := range streams {
		newStream(c.stack, c, of)
	}
	c.api = newAPI(c.stack, c, routes, c.functions)
	c.apiDomain = newAPIDomain(c.stack, s, c.api)
	c.outputs()
	return c
}

// apiHost returns the host name of the API, which only CloudFront calls.
func (c *core) apiHost() string {
	if c.apiDomain != nil {
		return c.settings.APIDomainName
	}
	return *c.api.ApiId() + ".execute-api." + string(c.settings.Region) + "." + c.settings.Region.urlSuffix()
}

// outputs adds the outputs of the stack for tools outside it.
func (c *core) outputs() {
	values := map[string]*string{
		"ApiUrl": jsii.String("https://" + c.apiHost()), "ApiId": c.api.ApiId(), "TableName": c.table.TableName(),
		"VaultSecretArn": secretARN(c.vault), "VaultKeyArn": c.keys.Vault.KeyArn(),
		"OriginSecretArn": secretARN(c.origin),
		"StateMachineArn": c.stateMachineARN(former),
		"Version":         jsii.String(c.settings.Version), "Commit": jsii.String(c.settings.Commit),
	}
	for _, p := range providerSecrets(c.settings) {
		values[p.id+"Arn"] = secretARN(c.providers[p.variable])
	}
	if c.apiDomain != nil {
		values["ApiTarget"] = c.apiDomain.RegionalDomainName()
	}
	for _, name := range slices.Sorted(maps.Keys(values)) { // for a reproducible template
		awscdk.NewCfnOutput(c.stack, jsii.String(name), &awscdk.CfnOutputProps{Value: values[name]})
	}
}

func stackProps(s Settings, description string) *awscdk.StackProps {
	env := awscdk.Environment{Region: jsii.String(string(s.Region))}
	if s.Account != "" {
		env.Account = jsii.String(s.Account)
	}
	return &awscdk.StackProps{
		Env: &env, Description: jsii.String(description), TerminationProtection: jsii.Bool(s.Protect),
		Tags: &map[string]*string{"application": jsii.String("realname"), "stage": jsii.String(s.Stage)},
	}
}
