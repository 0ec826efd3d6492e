// Package workflow holds the state machine that sequences the steps of a session, in
// the Amazon States Language. AWS Step Functions runs it in a deployed stage, and
// local/engine runs the same file in the embedded default.
package workflow

import _ "embed"

// Definition is the state machine of a session, with ${…} placeholders.
//
//go:embed verification.asl.json
var Definition []byte
