// Package audit is the chain of an enterprise's audit trail: each entry holds
// its number, the hash of the entry before it, and its own hash, so that an
// entry that was changed, removed or slipped in is found.
package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Members that the chain adds to an entry.
const (
	SeqField  = "seq"  // its number in the trail, from 1 without a gap
	PrevField = "prev" // the hash of the entry before; "" in the first
	HashField = "hash"
)

// Hash returns an entry's hash: SHA-256, in hex, of its JSON object without the
// member "hash", members sorted by name, no white space, nothing escaped that
// RFC 8259 does not demand.
func Hash(entry map[string]any) (string, error) {
	rest := make(map[string]any, len(entry))
	for name, value := range entry {
		if name != HashField {
			rest[name] = value
		}
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(rest); err != nil {
		return "", fmt.Errorf("hash an audit entry: %w", err)
	}
	sum := sha256.Sum256(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
	return hex.EncodeToString(sum[:]), nil
}

// Chain numbers the entry, ties it to the one before, and sets its hash.
func Chain(entry map[string]any, seq int64, prev string) (hash string, err error) {
	entry[SeqField], entry[PrevField] = json.Number(fmt.Sprint(seq)), prev
	if hash, err = Hash(entry); err != nil {
		return "", err
	}
	entry[HashField] = hash
	return hash, nil
}
