// Package api is the service's contract, openapi.yaml, and the models that are
// generated from it.
package api

import _ "embed" // the document

//go:generate go tool oapi-codegen -config codegen.yaml openapi.yaml

// Document is api/openapi.yaml. A function that does not use it does not carry
// it: the linker leaves it out.
//
//go:embed openapi.yaml
var Document []byte
