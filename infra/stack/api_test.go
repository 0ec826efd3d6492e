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
			flat(a.at("IdentitySource")) != `["$request.header.Authorization"]` ||
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
