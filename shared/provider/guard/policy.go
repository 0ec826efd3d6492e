package guard

import "time"

// Policy bounds what one check of one provider may cost and take.
type Policy struct {
	Rate       int           // requests a second that the provider takes, from all instances together
	Attempt    time.Duration // deadline of one request
	Retries    int           // requests beside the first
	Repeatable bool          // asking twice changes nothing, so a request whose answer was lost may be sent again
	InFlight   int           // requests under way from one instance
	// The breaker opens when Failures of the last Of requests had no answer, for
	// OpenFor, and twice as long each time its probe fails, up to OpenMost.
	Failures, Of      uint
	OpenFor, OpenMost time.Duration
}

// DefaultPolicy suits the documented limit of Tencent Cloud's checks: 20
// requests a second each (docs/providers.md).
func DefaultPolicy() Policy {
	return Policy{
		Rate: 20, Attempt: 3500 * time.Millisecond, Retries: 2, Repeatable: true, InFlight: 40,
		Failures: 5, Of: 10, OpenFor: 5 * time.Second, OpenMost: time.Minute,
	}
}
