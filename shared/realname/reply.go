package realname

import "time"

// replyLife is how long the answer to a request is kept for its repetition.
const replyLife = 24 * time.Hour

// runningLife bounds how long a request counts as running: no function runs
// longer, so one that has not answered by then has died.
const runningLife = 30 * time.Second

// Replay answers the repetition of a request: the same body gets the same
// answer, another body under the same key is refused, and so is a repetition
// while the first is still running.
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

// Keep returns the reply as it is stored for a repetition, or nil when the
// request carried no key.
func (p *Ports) Keep(r Reply, idem *Idempotency) *Reply {
	if idem == nil {
		return nil
	}
	r.Key, r.Fingerprint = idem.Key, idem.Fingerprint
	r.ExpiresAt = p.Now().Add(replyLife)
	return &r
}

// Running returns the mark of a request that has begun and has no answer yet,
// for requests whose effect outside comes after their first write.
func (p *Ports) Running(idem *Idempotency) *Reply {
	r := p.Keep(Reply{Running: true}, idem)
	if r != nil {
		r.ExpiresAt = p.Now().Add(runningLife)
	}
	return r
}
