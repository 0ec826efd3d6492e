package stack

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"realname/api/contract"
)

func TestEveryRouteOfTheContractIsServedByItsFunctionAndNoOther(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	routes, err := routesOf(doc)
	if err != nil || len(routes) == 0 {
		t.Fatal(routes, err)
	}
	everywhere(t, func(t *testing.T, v *variant) {
		integrations := map[string]string{}
		for _, i := range v.of("AWS::ApiGatewayV2::Integration") {
			if i.at("PayloadFormatVersion") != "2.0" || i.at("IntegrationType") != "AWS_PROXY" {
				t.Errorf("%+v", i.Properties)
			}
			_, id, _ := strings.Cut(i.ID, "/")
			integrations[id] = flat(i.at("IntegrationUri"))
		}
		served := map[string]resource{}
		for _, r := range v.of("AWS::ApiGatewayV2::Route") {
			served[r.at("RouteKey").(string)] = r
		}
		for _, want := range append(routes, pageRoutes()...) {
			r, ok := served[want.key()]
			if !ok {
				t.Errorf("%s is not served", want.key())
				continue
			}
			delete(served, want.key())
			target := flat(r.at("Target"))
			function := ""
			for id, uri := range integrations {
				if strings.Contains(target, `"`+id+`"`) {
					function = uri
				}
			}
			if !strings.Contains(function, `"`+strings.ReplaceAll(want.Function, "-", "")+"Function") {
				t.Errorf("%s leads to %s, want %s", want.key(), function, want.Function)
			}
		}
		if len(served) > 0 {
			t.Errorf("routes that the contract does not know: %v", slices.Collect(maps.Keys(served)))
		}
	})
}

// identities are the headers by which the gateway caches the authorizer's answer, by
// whether the stage has a distribution.
var identities = map[bool]string{
	false: `["$request.header.Authorization"]`,
	true:  `["$request.header.Authorization","$request.header.realname-origin"]`,
}

func TestOnlyTheListedRoutesAreServedWithoutAToken(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for _, r := range v.of("AWS::ApiGatewayV2::Route") {
			key := r.at("RouteKey").(string)
			guarded := r.at("AuthorizationType") == "CUSTOM" && r.at("AuthorizerId") != nil
			if guarded == (publicRoutes[key] != "") {
				t.Errorf("%s: guarded %v, authorization %v", key, guarded, r.at("AuthorizationType"))
			}
		}
		a := v.only(t, "AWS::ApiGatewayV2::Authorizer")
		if a.at("AuthorizerType") != "REQUEST" || a.at("AuthorizerResultTtlInSeconds") != 60.0 ||
			a.at("EnableSimpleResponses") != true ||
			flat(a.at("IdentitySource")) != identities[v.settings.hasSite()] ||
			!strings.Contains(flat(a.at("AuthorizerUri")), "authorizerFunction") {
			t.Errorf("%+v", a.Properties)
		}
	})
}

// A principal that may invoke a function bypasses the authorizer.
func TestFunctionsAreReachedThroughTheirGatewayAndScheduleOnly(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		if got := v.of("AWS::Lambda::Url"); len(got) > 0 {
			t.Errorf("%v", got)
		}
		for _, c := range v.of("AWS::Lambda::EventInvokeConfig") {
			if c.at("DestinationConfig") != nil {
				t.Errorf("%s hands its function's answers on: %+v", c.ID, c.Properties)
			}
		}
		for _, p := range v.of("AWS::Lambda::Permission") {
			principal := p.at("Principal")
			if principal != "apigateway.amazonaws.com" && principal != "events.amazonaws.com" || p.at("SourceArn") == nil ||
				p.at("Action") != "lambda:InvokeFunction" {
				t.Errorf("%s: %+v", p.ID, p.Properties)
			}
		}
	})
}

func TestEachRouteIsThrottledByItself(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		stage := v.only(t, "AWS::ApiGatewayV2::Stage")
		for _, r := range v.of("AWS::ApiGatewayV2::Route") {
			key := r.at("RouteKey").(string)
			rate, burst := v.settings.Rate, v.settings.Burst
			if publicRoutes[key] != "" {
				rate, burst = v.settings.PublicRate, v.settings.PublicBurst
			}
			if stage.at("RouteSettings", key, "ThrottlingRateLimit") != float64(rate) ||
				stage.at("RouteSettings", key, "ThrottlingBurstLimit") != float64(burst) {
				t.Errorf("%s: %v", key, stage.at("RouteSettings", key))
			}
		}
	})
}

func TestTheAccessLogTellsNothingThatWasTyped(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		var format map[string]string
		if err := json.Unmarshal([]byte(v.only(t, "AWS::ApiGatewayV2::Stage").at("AccessLogSettings", "Format").(string)),
			&format); err != nil {
			t.Fatal(err)
		}
		for name, value := range format {
			for _, wrong := range []string{"path", "Path", "query", "sourceIp", "userAgent", "protocol"} {
				if strings.Contains(value, wrong) {
					t.Errorf("%s logs %s", name, value)
				}
			}
		}
		if format["requestId"] != "$context.requestId" {
			t.Error("a log line without request ID is of no use")
		}
	})
}

func TestCORSIsForTheListedOrigins(t *testing.T) {
	if got := dev.synth(t).only(t, "AWS::ApiGatewayV2::Api").at("CorsConfiguration"); got != nil {
		t.Errorf("no origin was listed: %v", got)
	}
	if got := flat(prod.synth(t).only(t, "AWS::ApiGatewayV2::Api").at("CorsConfiguration",
		"AllowOrigins")); got != `["https://other.example.com"]` {
		t.Error(got)
	}
}

func TestRoutesThatCannotBeDeployed(t *testing.T) {
	for want, operation := range map[string]string{
		"GET /v1/x has no x-function":                  `{"responses":{}}`,
		`GET /v1/x names function "nobody", which is`:  `{"x-function":"nobody","responses":{}}`,
		"GET /v1/x is public: say why in publicRoutes": `{"x-function":"login","security":[],"responses":{}}`,
	} {
		var doc openapi3.T
		if err := json.Unmarshal([]byte(`{"openapi":"3.0.3","paths":{"/v1/x":{"get":`+operation+`}}}`), &doc); err != nil {
			t.Fatal(err)
		}
		if _, err := routesOf(&doc); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A public function that did not check would be the side door.
func TestEveryFunctionThatStrangersReachKnowsTheOrigin(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	routes, err := routesOf(doc)
	if err != nil {
		t.Fatal(err)
	}
	reached := map[string]bool{"authorizer": true}
	for _, r := range append(routes, pageRoutes()...) {
		if r.Public {
			reached[r.Function] = true
		}
	}
	for name, f := range functions {
		if slices.Contains(f.May, knowOrigin) != reached[name] {
			t.Errorf("%s is reached by strangers: %v, and knows the origin secret: %v", name, reached[name], !reached[name])
		}
	}
}

func TestTheAPIsOwnDomainReplacesItsDefaultEndpoint(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		own := v.settings.APIDomainName
		if got := v.only(t, "AWS::ApiGatewayV2::Api").at("DisableExecuteApiEndpoint"); got != (own != "") {
			t.Errorf("the default endpoint is disabled: %v", got)
		}
		if own == "" {
			if got := v.of("AWS::ApiGatewayV2::DomainName"); len(got) > 0 {
				t.Errorf("%v", got)
			}
			return
		}
		domain, mapping := v.only(t, "AWS::ApiGatewayV2::DomainName"), v.only(t, "AWS::ApiGatewayV2::ApiMapping")
		if domain.at("DomainName") != own || mapping.at("Stage") != "$default" ||
			domain.at("DomainNameConfigurations", 0, "SecurityPolicy") != "TLS_1_2" ||
			domain.at("DomainNameConfigurations", 0, "CertificateArn") != v.settings.APICertificateARN ||
			v.stacks["core"].Outputs["ApiTarget"] == nil {
			t.Errorf("%+v %+v", domain.Properties, mapping.Properties)
		}
		site := v.only(t, "AWS::CloudFront::Distribution")
		if got := site.at("DistributionConfig", "Origins", 0, "DomainName"); got != own {
			t.Errorf("CloudFront calls %v", got)
		}
	})
}
