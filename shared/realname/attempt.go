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
