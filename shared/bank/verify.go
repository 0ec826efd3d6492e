package bank

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"realname/shared/realname"
)

// ClockTolerance is how far a callback's timestamp may lie from our clock, in
// whole seconds either way.
const ClockTolerance = 300 * time.Second

// Seen is what is kept of a callback whose signature was right, so that it
// counts once.
type Seen struct {
	Nonce string
	// Digest is the SHA-256 of the signed message and its serial in hex: the
	// very same callback is recognised by it.
	Digest string
	// Until is when the timestamp alone refuses the callback.
	Until time.Time
}

// Verify checks who sent a callback: the serial is one of the bank's live keys,
// the clock is right, the signature covers timestamp, nonce and body. It tells
// nothing of whether the nonce was seen before, which the store decides.
// Errors: realname.CodeBankSignature, CodeBankSerial, CodeBankClock.
func Verify(b Bank, h http.Header, body []byte, now time.Time) (Seen, error) {
	p, ok := ParseProof(h)
	if !ok {
		return Seen{}, &realname.Error{Code: realname.CodeBankSignature}
	}
	key, ok := liveKey(b.Keys, p.Serial, now)
	if !ok {
		return Seen{}, &realname.Error{Code: realname.CodeBankSerial}
	}
	if !clockRight(p.At, now) {
		return Seen{}, &realname.Error{Code: realname.CodeBankClock}
	}
	public, err := key.Public()
	if err != nil {
		return Seen{}, fmt.Errorf("key %s of %s: %w", key.Serial, b.Code, err)
	}
	message := CallbackMessage(p.Timestamp, p.Nonce, body)
	if p.Algorithm != key.Algorithm || !p.Algorithm.Verify(public, message, p.Signature) {
		return Seen{}, &realname.Error{Code: realname.CodeBankSignature}
	}
	digest := sha256.Sum256(append([]byte(p.Serial+"\n"), message...))
	return Seen{Nonce: p.Nonce, Digest: hex.EncodeToString(digest[:]), Until: p.At.Add(ClockTolerance + time.Second)}, nil
}

func liveKey(keys []Key, serial string, now time.Time) (Key, bool) {
	for _, k := range keys {
		if k.Serial == serial && k.Live(now) {
			return k, true
		}
	}
	return Key{}, false
}

// clockRight compares whole seconds, since that is what a timestamp has.
func clockRight(at, now time.Time) bool {
	off := now.Unix() - at.Unix()
	return off <= int64(ClockTolerance/time.Second) && -off <= int64(ClockTolerance/time.Second)
}
