package realname

import (
	"time"
)

// Asked is a request to a provider that decided no try: a check without an
// answer, or a message. It is evidence beside the session's attempts.
type Asked struct {
	SessionID, ID string
	Attempt       Attempt
}

// Attempt is one decided try of a step, kept for as long as its session.
type Attempt struct {
	Step     StepName  `json:"step"`
	By       By        `json:"by,omitempty"`
	At       time.Time `json:"at"`
	Passed   bool      `json:"passed"`
	Code     Code      `json:"code,omitempty"`
	Charged  bool      `json:"charged,omitempty"`
	Evidence Evidence  `json:"evidence"`
}
