package realname

import "time"

// replyLife is how long the answer to a request is kept for its repetition.
const replyLife = 24 * time.Hour

// replay answers the repetition of a request: the same body gets the same
// answer, another body under the same key is refused.
func replay(kept *Reply, idem *Idempotency) (Reply, error) {
	if kept.Fingerprint != idem.Fingerprint {
		return Reply{}, &Error{Code: CodeKeyReused}
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
