package stack

import (
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// route maps a method and a path to a function.
type route struct {
	Method, Path string // Path as OpenAPI writes it: /v1/sessions/{id}
	Function     string
	Public       bool // served without the authorizer
}

// key is the route's key in an HTTP API.
func (r route) key() string { return r.Method + " " + r.Path }

// publicRoutes are the routes without a token, each with its reason. If a public
// route of the contract is missing here, the synthesis fails: a public route needs
// an entry in two files.
var publicRoutes = map[string]string{
	"POST /v1/login":                 "It issues the token. Wrong passwords lock a login name; the route is throttled.",
	"POST /v1/oauth/token":           "It issues tokens to machine clients, for a secret of 256 random bits.",
	"POST /v1/activations":           "The user of an imported account sets its first password with a one-time code.",
	"POST /v1/password-reset-codes":  "A user without a password cannot sign in. All answers are equal; codes are few.",
	"POST /v1/password-resets":       "It requires the code sent to the bound mobile number.",
	"POST /v1/email-confirmations":   "The link in the e-mail contains a one-time secret.",
	"GET /v1/jwks.json":              "The public keys of tokens are public.",
	"POST /v1/bank-callbacks/{bank}": "The signature identifies the bank. The function verifies it first.",
	"GET /v1/bank-returns/{bank}":    "The browser returns here by navigation. The route shows only a state.",

	"GET /":          pagesArePublic,
	"GET /{proxy+}":  pagesArePublic,
	"HEAD /":         pagesArePublic,
	"HEAD /{proxy+}": pagesArePublic,
}

const pagesArePublic = "Everybody may read the pages. They hold no data."

// pageRoutes are the routes of the pages, which the contract does not have. Each of
// its routes comes before {proxy+} (API Gateway Developer Guide, "Create routes for
// HTTP APIs").
func pageRoutes() []route {
	var all []route
	for _, method := range []string{"GET", "HEAD"} {
		for _, path := range []string{"/", "/{proxy+}"} {
			all = append(all, route{Method: method, Path: path, Function: "pages", Public: true})
		}
	}
	return all
}

// routesOf reads the routes from the contract, sorted by key. An operation without
// security is public. Every other one needs a token.
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
