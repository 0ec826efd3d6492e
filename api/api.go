// Package api holds the service's contract, openapi.yaml, and the models generated
// from it.
package api

import _ "embed" // the document

//go:generate go tool oapi-codegen -config codegen.yaml openapi.yaml

// Document is api/openapi.yaml. The linker omits it from programs that do not use it.
//
//go:embed openapi.yaml
var Document []byte
