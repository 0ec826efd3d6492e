package realname

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
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
	if err == nil && r.Packed {
		body, err = unpack(body)
	}
	r.Body, r.Sealed, r.Packed = body, "", false
	return r, err
}

// Keep returns the reply as it is stored for repeated requests, or nil if the
// request carried no key. The body is sealed, because it can hold masked personal data
// or a challenge, and compressed, because a session's answer would exceed a kilobyte:
// above that, its write costs twice as many units.
func (p *Ports) Keep(r Reply, idem *Idempotency) (*Reply, error) {
	if idem == nil {
		return nil, nil
	}
	r.Key, r.Fingerprint = idem.Key, idem.Fingerprint
	r.ExpiresAt = p.Now().Add(ReplyLife)
	if len(r.Body) > 0 {
		var body []byte
		body, r.Packed = pack(r.Body)
		sealed, err := p.Sealer.Seal(body, ReplyItem(r), ReplyField(r))
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
// other answer. A function of a former version, which would answer with a compressed
// body, cannot open it.
func ReplyField(r Reply) string {
	field := r.Fingerprint + "/" + strconv.Itoa(r.Status)
	if r.Packed {
		field += "/packed"
	}
	return field
}

// packers are reused, because one takes some hundred kilobytes.
var packers = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed) // fails for an unknown level alone
	return w
}}

// pack returns the compressed body, or the body itself if that is not longer.
func pack(body []byte) (as []byte, packed bool) {
	w, ok := packers.Get().(*flate.Writer)
	if !ok {
		return body, false
	}
	defer packers.Put(w)
	var text bytes.Buffer
	w.Reset(&text)
	if _, err := w.Write(body); err != nil || w.Close() != nil || text.Len() >= len(body) {
		return body, false
	}
	return text.Bytes(), true
}

func unpack(body []byte) ([]byte, error) {
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(body)))
	if err != nil {
		return nil, fmt.Errorf("decompress a kept answer: %w", err)
	}
	return text, nil
}

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

// Mark returns what a session notes of the request that starts or decides it; "" without a
// key.
func (i *Idempotency) Mark() string {
	if i == nil {
		return ""
	}
	return short(i.Key) + "." + short(i.Fingerprint)
}

// Marked reports whether a mark has the request's key, and whether its body too.
func (i *Idempotency) Marked(mark string) (key, same bool) {
	return i != nil && strings.HasPrefix(mark, short(i.Key)+"."), i != nil && mark == i.Mark()
}

// short returns 72 bits of the text's hash.
func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// Question identifies a question that a request puts to a provider, or "" if the request
// carries no key.
func (i *Idempotency) Question(words ...string) string {
	if i == nil {
		return ""
	}
	return short(strings.Join(append(words, i.Key, i.Fingerprint), "\n"))
}
