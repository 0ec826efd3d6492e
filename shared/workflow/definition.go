// Package workflow holds the state machines that sequence the steps of a session, one
// for each method, in the Amazon States Language. AWS Step Functions runs them in a
// deployed stage, and local/engine runs the same files in the embedded default.
package workflow

import (
	_ "embed" // the files
	"encoding/json"
	"strings"

	"realname/shared/realname"
)

var (
	//go:embed legal-representative.asl.json
	legalRepresentative []byte
	//go:embed bank-ukey.asl.json
	bankUKey []byte
	//go:embed ic-card.asl.json
	icCard []byte
	//go:embed account-holder.asl.json
	accountHolder []byte
)

// Former is the one state machine of all methods in version 1.0, which began with a
// state that chose the method. A stage keeps it for the executions that it has started,
// and no new ones start on it.
//
//go:embed former.asl.json
var Former []byte

// Definitions returns the state machines by name, with ${…} placeholders.
func Definitions() map[string][]byte {
	return map[string][]byte{
		Name(realname.LegalRepresentative): legalRepresentative, Name(realname.BankUKey): bankUKey,
		Name(realname.ICCard): icCard, Name(realname.AccountHolder): accountHolder,
	}
}

// Name returns the name of the method's state machine: the name of its file, and the end
// of its ARN in a stage.
func Name(m realname.Method) string { return strings.ReplaceAll(string(m), "_", "-") }

// Of returns the name of the state machine for an execution with this input, empty if it
// names no method. Inputs of version 1.0 are the same.
func Of(input []byte) string {
	var x realname.Execution
	if json.Unmarshal(input, &x) != nil {
		return ""
	}
	return Name(x.Method)
}
