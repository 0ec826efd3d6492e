// Package infra holds what is deployed. Its state machine is also what the
// embedded default executes.
package infra

import _ "embed" // the definition

// Definition is the state machine of a session, with ${…} placeholders.
//
//go:embed verification.asl.json
var Definition []byte
