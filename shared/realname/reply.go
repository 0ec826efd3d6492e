package realname

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"strconv"
	"strings"
	"time"
)

// runningLife limits how long a request counts as running. No function runs longer,
// so a request without an answer by then has died.
const runningLife = 30 * time.Second

// Replay answers a repeated request. The same body gets the same answer. It refuses
// another body under the same key, and a repetition while the first request runs.
//
// A reply that an earlier release stored has its body in clear. Such replies expire a
// day after the upgrade.
// Errors: CodeKeyReused, CodeKeyInProgress.
func (p *Ports) Replay(kept *Reply, idem *Idempotency) (Reply, error) {
	if kept.Fingerprint != idem.Fingerprint {
		return Reply{}, &Error{Code: CodeKeyReused}
	}
	if kept.Running {
		return Reply{}, &Error{Code: CodeKeyInProgress, RetryAfter: time.Second}
	}
	r := *kept
	if r.Sealed == "" {
		return r, nil
	}
	body, err := p.Sealer.Open(r.Sealed, ReplyItem(r), ReplyField(r))
	r.Body, r.Sealed = body, ""
	return r, err
}

// Keep returns the reply as it is stored for repeated requests, or nil if the
// request carried no key. The body is sealed, because it can hold masked personal data
// or a challenge.
func (p *Ports) Keep(r Reply, idem *Idempotency) (*Reply, error) {
	if idem == nil {
		return nil, nil
	}
	r.Key, r.Fingerprint = idem.Key, idem.Fingerprint
	r.ExpiresAt = p.Now().Add(ReplyLife)
	if len(r.Body) > 0 {
		sealed, err := p.Sealer.Seal(r.Body, ReplyItem(r), ReplyField(r))
		if err != nil {
			return nil, err
		}
		r.Body, r.Sealed = nil, sealed
	}
	return &r, nil
}

// ReplyItem names the stored reply that its sealed body is bound to.
func ReplyItem(r Reply) string { return "reply/" + r.Key }

// ReplyField binds a sealed body to its request and status, so that it opens in no
// other answer.
func ReplyField(r Reply) string { return r.Fingerprint + "/" + strconv.Itoa(r.Status) }

// Running returns the reply that marks a request as begun but not answered. It is
// for requests that act outside the table after their first write.
func (p *Ports) Running(idem *Idempotency) *Reply {
	if idem == nil {
		return nil
	}
	return &Reply{
		Key: idem.Key, Fingerprint: idem.Fingerprint, Running: true, ExpiresAt: p.Now().Add(runningLife),
	}
}

// begunLife limits how long a day remembers that a question was begun. Its counters stay
// small by it.
const begunLife = time.Hour

// Question identifies a question that a request puts to a provider, or "" if the request
// carries no key.
func (i *Idempotency) Question(words ...string) string {
	if i == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(append(words, i.Key, i.Fingerprint), "\n")))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// HasBegun reports whether a request with the same key has begun to put the question.
// While that request may still run, it returns CodeKeyInProgress.
func (d AccountDay) HasBegun(question string, now time.Time) (bool, error) {
	at, begun := d.Begun[question]
	if begun && now.Sub(at) < runningLife {
		return true, &Error{Code: CodeKeyInProgress, RetryAfter: time.Second}
	}
	return begun, nil
}

// Begins returns the day with the question begun, and without those of long ago.
func (d AccountDay) Begins(question string, now time.Time) AccountDay {
	d.Begun = maps.Clone(d.Begun)
	maps.DeleteFunc(d.Begun, func(_ string, at time.Time) bool { return now.Sub(at) >= begunLife })
	if question == "" {
		return d
	}
	if d.Begun == nil {
		d.Begun = map[string]time.Time{}
	}
	d.Begun[question] = now
	return d
}

// Ends returns the day without the questions.
func (d AccountDay) Ends(questions ...string) AccountDay {
	d.Begun = maps.Clone(d.Begun)
	for _, q := range questions {
		delete(d.Begun, q)
	}
	return d
}
