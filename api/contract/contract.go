// Package contract parses the service's contract, for tests. It is separate from
// package api so that functions do not link a parser.
package contract

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"

	"realname/api"
)

// Load parses api/openapi.yaml.
func Load() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(api.Document)
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	return doc, nil
}
