package e2e

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"realname/api/contract"
	"realname/e2e/world"
)

// A text's length counts as sent, including blanks that the service removes
// before validation. The test of functions/bank-callback covers the callback of
// a bank in the same manner.
func TestNoTextIsLongerThanTheContractSays(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	tried := 0
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.RequestBody == nil || op.OperationID == "bankCallback" {
				continue
			}
			content := op.RequestBody.Value.Content["application/json"]
			if content == nil {
				continue
			}
			at := strings.ReplaceAll(path, "{id}", s.Id)
			for _, example := range content.Examples {
				body, _ := example.Value.Value.(map[string]any)
				for pointer, long := range tooLong(t, schemaOf(content.Schema.Value, body), body) {
					raw, err := json.Marshal(long)
					if err != nil {
						t.Fatal(err)
					}
					p := c.wants(c.do(method, at, raw, "If-Match", `"1"`), 400, "invalid_request")
					if len(p.Errors) != 1 || p.Errors[0].Pointer != pointer || p.Errors[0].Rule != "length" {
						t.Errorf("%s %s: %s too long: %+v", method, path, pointer, p.Errors)
					}
					tried++
				}
			}
		}
	}
	if tried < 50 {
		t.Errorf("only %d texts were tried", tried)
	}
}

// Headers that hold lists may have any length. do validates accepted requests
// against the contract.
func TestListsInHeadersMayBeLong(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	if a := c.get("/v1/methods", "Accept-Language",
		strings.Repeat("de, ", 100)+"en"); !strings.Contains(string(a.Body), "I agree") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	v, etag := c.account()
	if a := c.put("/v1/account/region", map[string]any{"region": v.Region},
		"If-Match", strings.Repeat(`"0", `, 100)+etag); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	s := c.begin()
	read := c.get("/v1/sessions/" + s.Id)
	if a := c.get("/v1/sessions/"+s.Id, "If-None-Match",
		strings.Repeat(`"0", `, 100)+read.Header.Get("ETag")); a.Status != 304 && a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// schemaOf returns the schema that matches the body, out of those that the
// contract accepts.
func schemaOf(s *openapi3.Schema, body map[string]any) *openapi3.Schema {
	for _, one := range s.OneOf {
		if one.Value.VisitJSON(body) == nil {
			return one.Value
		}
	}
	return s
}

// tooLong returns bodies by pointer. In each body, one text is one character
// longer than its limit: either the text itself or blanks at its end.
func tooLong(t *testing.T, s *openapi3.Schema, body map[string]any) map[string]map[string]any {
	t.Helper()
	found := map[string]map[string]any{}
	for name, property := range s.Properties {
		switch value := body[name].(type) {
		case map[string]any:
			for pointer, inner := range tooLong(t, property.Value, value) {
				found["/"+name+pointer] = with(body, name, inner)
			}
		case string:
			if most := property.Value.MaxLength; most != nil {
				found["/"+name] = with(body, name, value+strings.Repeat(" ", int(*most)+1-len([]rune(value))))
			} else if property.Value.Enum == nil {
				t.Errorf("%q has no greatest length", name)
			}
		}
	}
	return found
}

func with(body map[string]any, name string, value any) map[string]any {
	body = maps.Clone(body)
	body[name] = value
	return body
}
