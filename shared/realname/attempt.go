package realname

import (
	"time"
)

// Asked is a request to a provider that did not decide an attempt: a check
// without an answer, or a message. It is evidence in addition to the session's
// attempts.
type Asked struct {
	SessionID, ID string
	Attempt       Attempt
}

// Attempt is one decided attempt at a step. It is kept as long as its session.
type Attempt struct {
	Step     StepName  `json:"step"`
	By       By        `json:"by,omitempty"`
	At       time.Time `json:"at"`
	Passed   bool      `json:"passed"`
	Code     Code      `json:"code,omitempty"`
	Charged  bool      `json:"charged,omitempty"`
	Evidence Evidence  `json:"evidence"`
}

// CodeSent reports whether the attempt only records that an SMS code was sent, which
// neither passes nor refuses a step. Every refusal has a code.
func (a Attempt) CodeSent() bool { return !a.Passed && a.Code == "" }
