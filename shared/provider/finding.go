package provider

import (
	"errors"

	"realname/shared/realname"
)

// Finding is the result of a harmless request to a provider.
type Finding struct {
	Provider  string             `json:"provider"`
	Check     realname.CheckName `json:"check"`
	Works     bool               `json:"works"`
	Code      string             `json:"code"` // the provider's own
	RequestID string             `json:"requestId"`
	Advice    string             `json:"advice,omitempty"` // the action to take if it does not work
}

// With returns the finding with the request ID and the code of an answer, or those of the
// failure if there is one.
func (f Finding) With(requestID, code string, err error) Finding {
	f.RequestID, f.Code = requestID, code
	var failure *Failure
	if errors.As(err, &failure) {
		f.RequestID, f.Code = failure.RequestID, failure.Code
	}
	return f
}

// Access describes how the service reaches a provider.
type Access struct {
	Provider string // its name for people
	Hosts    string
	Fields   string // of the secret
	Variable string // the beginning of the names of its settings
}

// Advice returns the cause and the fix of a code that is not the provider's own, or else
// what own returns, or else where to ask.
func (a Access) Advice(code string, own func(code string) string) string {
	switch code {
	case CodeCredentials:
		return "The secret cannot be read, or it is not a JSON object with " + a.Fields + ": check " +
			a.Variable + "_SECRET_ARN and the role's permission to read it, or " + a.Variable + "_SECRET_FILE."
	case CodeUnreachable, CodeTimeout:
		return "No answer: check that the network allows HTTPS to " + a.Hosts + ", and " + a.Variable + "_ENDPOINT."
	case CodeMalformed:
		return "Something other than " + a.Provider + " answered: check " + a.Variable + "_ENDPOINT and proxies."
	}
	if advice := own(code); advice != "" {
		return advice
	}
	return "Look up the code in the API's documentation, or contact the provider's support with the request ID."
}
