package realname

import "time"

// replyLife is how long the answer to a request is kept for repeated requests.
const replyLife = 24 * time.Hour

// runningLife limits how long a request counts as running. No function runs longer,
// so a request without an answer by then has died.
const runningLife = 30 * time.Second

// Replay answers a repeated request. The same body gets the same answer. It refuses
// another body under the same key, and a repetition while the first request runs.
// Errors: CodeKeyReused, CodeKeyInProgress.
func Replay(kept *Reply, idem *Idempotency) (Reply, error) {
	if kept.Fingerprint != idem.Fingerprint {
		return Reply{}, &Error{Code: CodeKeyReused}
	}
	if kept.Running {
		return Reply{}, &Error{Code: CodeKeyInProgress, RetryAfter: time.Second}
	}
	return *kept, nil
}

// Keep returns the reply as it is stored for repeated requests, or nil if the
// request carried no key.
func (p *Ports) Keep(r Reply, idem *Idempotency) *Reply {
	if idem == nil {
		return nil
	}
	r.Key, r.Fingerprint = idem.Key, idem.Fingerprint
	r.ExpiresAt = p.Now().Add(replyLife)
	return &r
}

// Running returns the reply that marks a request as begun but not answered. It is
// for requests that act outside the table after their first write.
func (p *Ports) Running(idem *Idempotency) *Reply {
	r := p.Keep(Reply{Running: true}, idem)
	if r != nil {
		r.ExpiresAt = p.Now().Add(runningLife)
	}
	return r
}
