package realname

import (
	"context"
	"time"
)

// replyLife is how long the answer to a request is kept for its repetition.
const replyLife = 24 * time.Hour

// runningLife bounds how long a request counts as running: no function runs
// longer, so one that has not answered by then has died.
const runningLife = 30 * time.Second

// replay answers the repetition of a request: the same body gets the same
// answer, another body under the same key is refused, and so is a repetition
// while the first is still running.
// Errors: CodeKeyReused, CodeKeyInProgress.
func replay(kept *Reply, idem *Idempotency) (Reply, error) {
	if kept.Fingerprint != idem.Fingerprint {
		return Reply{}, &Error{Code: CodeKeyReused}
	}
	if kept.Running {
		return Reply{}, &Error{Code: CodeKeyInProgress, RetryAfter: time.Second}
	}
	return *kept, nil
}

// keep returns the reply as it is stored for a repetition, or nil when the
// request carried no key.
func (v *Verification) keep(r Reply, idem *Idempotency) *Reply {
	if idem == nil {
		return nil
	}
	r.Key, r.Fingerprint = idem.Key, idem.Fingerprint
	r.ExpiresAt = v.Now().Add(replyLife)
	return &r
}

// running returns the mark of a request that has begun and has no answer yet,
// for requests whose effect outside comes after their first write.
func (v *Verification) running(idem *Idempotency) *Reply {
	r := v.keep(Reply{Running: true}, idem)
	if r != nil {
		r.ExpiresAt = v.Now().Add(runningLife)
	}
	return r
}

// repeated reports whether a request whose answer has no body was answered under
// its key before.
// Errors: CodeKeyReused.
func (a *Accounts) repeated(ctx context.Context, idem *Idempotency) (bool, error) {
	if idem == nil {
		return false, nil
	}
	kept, err := a.Directory.LoadReply(ctx, *idem)
	if err != nil || kept == nil {
		return false, err
	}
	_, err = replay(kept, idem)
	return err == nil, err
}

// done is the answer without a body as it is kept for a repetition.
func (a *Accounts) done(idem *Idempotency) *Reply {
	const noContent = 204 // RFC 9110, 15.3.5
	return a.keep(Reply{Status: noContent}, idem)
}
