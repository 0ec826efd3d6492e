package contract_test

import (
	"strings"
	"testing"

	"realname/api/contract"
)

func TestDocumentIsValidAndItsExamplesFitTheirSchemas(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestEveryProblemCodeHasAnExample(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, r := range doc.Components.Responses {
		if c := r.Value.Content["application/problem+json"]; c != nil {
			for name := range c.Examples {
				shown[name] = true
			}
		}
	}
	for _, code := range doc.Components.Schemas["ProblemCode"].Value.Enum {
		if !shown[code.(string)] {
			t.Errorf("no example of %v", code)
		}
	}
}

func TestEveryOperationButPublicOnesNeedsAToken(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	public := map[string]bool{
		"login": true, "jwks": true, "activate": true, "confirmEmail": true, "sendResetCode": true, "resetPassword": true,
		"issueMachineToken": true, "bankCallback": true, "bankReturn": true,
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if open := op.Security != nil && len(*op.Security) == 0; open != public[op.OperationID] {
				t.Errorf("%s %s: public=%v", method, path, open)
			}
			if !strings.HasPrefix(path, "/v1/") || op.Responses.Status(500) == nil {
				t.Errorf("%s %s: want a path under /v1/ and a response 500", method, path)
			}
		}
	}
}
