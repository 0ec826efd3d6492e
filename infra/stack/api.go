package stack

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"realname/shared/edge"
)

// authorizerCache is how long API Gateway caches the authorizer's answer for a token.
const authorizerCache = 60

// newAPI creates the HTTP API with the routes of the contract.
func newAPI(
	scope constructs.Construct, c *core, routes []route, deployed map[string]awslambda.Function,
) awsapigatewayv2.HttpApi {
	s := c.settings
	api := awsapigatewayv2.NewHttpApi(scope, jsii.String("Api"), &awsapigatewayv2.HttpApiProps{
		ApiName: jsii.String(s.Name("")), Description: jsii.String("Enterprise real-name verification"),
		CreateDefaultStage: jsii.Bool(false), CorsPreflight: cors(s),
		DisableExecuteApiEndpoint: jsii.Bool(s.APIDomainName != ""),
	})
	authorizer := awsapigatewayv2authorizers.NewHttpLambdaAuthorizer(jsii.String("Authorizer"), deployed["authorizer"],
		&awsapigatewayv2authorizers.HttpLambdaAuthorizerProps{
			AuthorizerName: jsii.String("token"), IdentitySource: identity(s),
			ResponseTypes: &[]awsapigatewayv2authorizers.HttpLambdaResponseType{
				awsapigatewayv2authorizers.HttpLambdaResponseType_SIMPLE,
			},
			ResultsCacheTtl: awscdk.Duration_Seconds(jsii.Number(authorizerCache)),
		})
	stage := newAPIStage(scope, c, api, routes)
	integrations := map[string]awsapigatewayv2.HttpRouteIntegration{}
	for _, r := range routes {
		if integrations[r.Function] == nil {
			integrations[r.Function] = awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String(r.Function),
				deployed[r.Function], &awsapigatewayv2integrations.HttpLambdaIntegrationProps{
					PayloadFormatVersion: awsapigatewayv2.PayloadFormatVersion_VERSION_2_0(),
				})
		}
		options := awsapigatewayv2.AddRoutesOptions{
			Path: jsii.String(r.Path), Methods: &[]awsapigatewayv2.HttpMethod{awsapigatewayv2.HttpMethod(r.Method)},
			Integration: integrations[r.Function],
		}
		if !r.Public {
			options.Authorizer = authorizer
		}
		// The throttling of the stage names routes, so they must exist before it.
		for _, made := range *api.AddRoutes(&options) {
			stage.Node().AddDependency(made)
			if r.Public {
				suppress(made, publicRoutes[r.key()], "AwsSolutions-APIG4")
			}
		}
	}
	return api
}

// identity names the headers without which the gateway answers 401 by itself, and by
// which it caches the authorizer's answer (API Gateway Developer Guide, "Control access
// to HTTP APIs with AWS Lambda authorizers").
func identity(s Settings) *[]*string {
	if !s.checksOrigin() {
		return jsii.Strings("$request.header.Authorization")
	}
	return jsii.Strings("$request.header.Authorization", "$request.header."+edge.Header)
}

// newAPIDomain creates the API's own domain name, in place of the one that every API
// has, which the API then refuses ("Disable the default endpoint for HTTP APIs").
func newAPIDomain(scope constructs.Construct, s Settings, api awsapigatewayv2.HttpApi) awsapigatewayv2.DomainName {
	if s.APIDomainName == "" {
		return nil
	}
	domain := awsapigatewayv2.NewDomainName(scope, jsii.String("ApiDomain"), &awsapigatewayv2.DomainNameProps{
		DomainName: jsii.String(s.APIDomainName), SecurityPolicy: awsapigatewayv2.SecurityPolicy_TLS_1_2,
		Certificate: awscertificatemanager.Certificate_FromCertificateArn(scope, jsii.String("ApiCertificate"),
			jsii.String(s.APICertificateARN)),
	})
	awsapigatewayv2.NewCfnApiMapping(scope, jsii.String("ApiMapping"), &awsapigatewayv2.CfnApiMappingProps{
		ApiId: api.ApiId(), DomainName: domain.Name(), Stage: jsii.String("$default"),
	}).Node().AddDependency(scope.Node().FindChild(jsii.String("ApiStage")))
	return domain
}

func cors(s Settings) *awsapigatewayv2.CorsPreflightOptions {
	if len(s.CORSOrigins) == 0 {
		return nil // pages and API have the same origin
	}
	return &awsapigatewayv2.CorsPreflightOptions{
		AllowOrigins: jsii.Strings(s.CORSOrigins...),
		AllowMethods: &[]awsapigatewayv2.CorsHttpMethod{
			awsapigatewayv2.CorsHttpMethod_GET, awsapigatewayv2.CorsHttpMethod_POST, awsapigatewayv2.CorsHttpMethod_PUT,
			awsapigatewayv2.CorsHttpMethod_DELETE,
		},
		AllowHeaders: jsii.Strings("authorization", "content-type", "idempotency-key", "accept-language", "if-match",
			"if-none-match"),
		ExposeHeaders: jsii.Strings("etag", "location", "retry-after", "x-request-id"),
		MaxAge:        awscdk.Duration_Minutes(jsii.Number(10)),
	}
}

// accessLog lists the logged fields of a request. It omits the IP address, the path,
// which may contain identifiers, and the query string.
var accessLog = map[string]string{
	"requestId": "$context.requestId", "time": "$context.requestTimeEpoch", "route": "$context.routeKey",
	"status":  "$context.status",
	"latency": "$context.responseLatency", "integrationLatency": "$context.integrationLatency",
	"integrationStatus": "$context.integrationStatus",
	"length":            "$context.responseLength", "error": "$context.error.messageString",
	"integrationError": "$context.integrationErrorMessage",
	"authorizerError":  "$context.authorizer.error", "accountId": "$context.authorizer.accountId",
}

// newAPIStage creates the $default stage, which throttles each route separately.
// The names of its settings are those of the CloudFormation resource.
func newAPIStage(
	scope constructs.Construct, c *core, api awsapigatewayv2.HttpApi, routes []route,
) awsapigatewayv2.CfnStage {
	s := c.settings
	logs := newLogGroup(scope, s, "AccessLogs", "/aws/vendedlogs/api/"+s.Name(""), c.keys.Telemetry)
	countLimited(scope, s, logs)
	format, err := json.Marshal(accessLog)
	if err != nil {
		panic(err) // strings always encode
	}
	throttles := map[string]any{}
	for _, r := range routes {
		rate, burst := s.Rate, s.Burst
		if r.Public {
			rate, burst = s.PublicRate, s.PublicBurst
		}
		throttles[r.key()] = map[string]any{
			"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst, "DetailedMetricsEnabled": true,
		}
	}
	return awsapigatewayv2.NewCfnStage(scope, jsii.String("ApiStage"), &awsapigatewayv2.CfnStageProps{
		ApiId: api.ApiId(), StageName: jsii.String("$default"), AutoDeploy: jsii.Bool(true),
		AccessLogSettings: &awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
			DestinationArn: logs.LogGroupArn(), Format: jsii.String(string(format)),
		},
		DefaultRouteSettings: &awsapigatewayv2.CfnStage_RouteSettingsProperty{
			ThrottlingRateLimit: jsii.Number(s.Rate), ThrottlingBurstLimit: jsii.Number(s.Burst),
			DetailedMetricsEnabled: jsii.Bool(true),
		},
		RouteSettings: throttles,
	})
}
