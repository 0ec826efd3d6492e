package guard

import "time"

// Policy holds the limits of one check of one provider.
type Policy struct {
	Rate       int           // requests per second that the provider accepts from all instances together
	Attempt    time.Duration // deadline of one request
	Retries    int           // requests after the first
	Repeatable bool          // a second request has no effect, so a request whose answer was lost may be repeated
	InFlight   int           // concurrent requests of one instance
	// The breaker opens for OpenFor when Failures of the last Of requests had no
	// answer. The time doubles each time its probe fails, up to OpenMost.
	Failures, Of      uint
	OpenFor, OpenMost time.Duration
}

// DefaultPolicy suits the documented limit of Tencent Cloud's checks: 20 requests
// per second each (docs/providers.md).
func DefaultPolicy() Policy {
	return Policy{
		Rate: 20, Attempt: 3500 * time.Millisecond, Retries: 2, Repeatable: true, InFlight: 40,
		Failures: 5, Of: 10, OpenFor: 5 * time.Second, OpenMost: time.Minute,
	}
}
