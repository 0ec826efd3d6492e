package bank

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"realname/shared/realname"
)

// ClockTolerance is the largest difference between a callback's timestamp and our
// clock, in whole seconds either way.
const ClockTolerance = 300 * time.Second

// Seen is the record of a callback with a valid signature. The store keeps it so
// that the callback counts only once.
type Seen struct {
	Nonce string
	// Digest is the hex SHA-256 of the serial and the signed message. It
	// recognizes an identical callback.
	Digest string
	// Until is the instant from which the timestamp alone refuses the callback.
	Until time.Time
}

// Verify checks the sender of a callback: the serial names a live key of the bank,
// the timestamp is within ClockTolerance, and the signature covers timestamp,
// nonce and body. The store, not Verify, refuses a repeated nonce.
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
	return Seen{
		Nonce:  p.Nonce,
		Digest: hex.EncodeToString(digest[:]),
		Until:  p.At.Add(ClockTolerance + time.Second),
	}, nil
}

func liveKey(keys []Key, serial string, now time.Time) (Key, bool) {
	for _, k := range keys {
		if k.Serial == serial && k.Live(now) {
			return k, true
		}
	}
	return Key{}, false
}

// clockRight compares whole seconds, the unit of a timestamp.
func clockRight(at, now time.Time) bool {
	off := now.Unix() - at.Unix()
	return off <= int64(ClockTolerance/time.Second) && -off <= int64(ClockTolerance/time.Second)
}
