package stack

import (
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// route leads a method and a path to a function.
type route struct {
	Method, Path string // Path as OpenAPI writes it: /v1/sessions/{id}
	Function     string
	Public       bool // served without the authorizer
}

// key is the route's key in an HTTP API.
func (r route) key() string { return r.Method + " " + r.Path }

// publicRoutes are the routes that nobody needs a token for, each with the
// reason. A public route of the contract that is not here stops the synthesis:
// leaving a door open takes two people to agree, in two files.
var publicRoutes = map[string]string{
	"POST /v1/login":                 "It gives the token. A login name is locked after wrong passwords, and the route is throttled by itself.",
	"POST /v1/oauth/token":           "It gives machine clients their token, for a secret of 256 random bits.",
	"POST /v1/activations":           "Whoever has the one-time code of an imported account sets its first password.",
	"POST /v1/password-reset-codes":  "Whoever forgot the password cannot log in; every answer is alike, and codes are limited.",
	"POST /v1/password-resets":       "It needs the code that was sent to the bound mobile number.",
	"POST /v1/email-confirmations":   "The link in the e-mail carries a one-time secret.",
	"GET /v1/jwks.json":              "The public keys of tokens are public.",
	"POST /v1/bank-callbacks/{bank}": "A bank is known by its signature, which the function checks before anything else.",
	"GET /v1/bank-returns/{bank}":    "A browser comes back here by navigation; the route shows no more than a state, and decides nothing.",
}

// routesOf reads the routes from the contract, in order of their keys. An
// operation without security is public; every other one needs a token.
func routesOf(doc *openapi3.T) ([]route, error) {
	var all []route
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			function, ok := op.Extensions["x-function"].(string)
			if !ok {
				return nil, fmt.Errorf("api/openapi.yaml: %s %s has no x-function", method, path)
			}
			if _, ok := functions[function]; !ok {
				return nil, fmt.Errorf("api/openapi.yaml: %s %s names function %q, which is not in infra/stack/functions.go",
					method, path, function)
			}
			r := route{Method: method, Path: path, Function: function, Public: op.Security != nil && len(*op.Security) == 0}
			if r.Public && publicRoutes[r.key()] == "" {
				return nil, fmt.Errorf("api/openapi.yaml: %s is public: say why in publicRoutes of infra/stack/routes.go", r.key())
			}
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b route) int {
		if a.key() < b.key() {
			return -1
		}
		return 1
	})
	return all, nil
}
