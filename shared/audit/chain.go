// Package audit chains the entries of an enterprise's audit trail. Each entry
// holds its number, the hash of the previous entry, and its own hash, so Verify
// finds every entry that was changed, removed or inserted.
package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Members that Chain adds to an entry.
const (
	SeqField  = "seq"  // its number in the trail, from 1 without a gap
	PrevField = "prev" // the hash of the previous entry; "" in the first
	HashField = "hash"
)

// Hash returns an entry's hash: the hex SHA-256 of its JSON object without the
// member "hash". The members are sorted by name, there is no white space, and
// only the characters that RFC 8259 demands are escaped.
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

// Chain numbers the entry, links it to the previous one, and sets its hash.
func Chain(entry map[string]any, seq int64, prev string) (hash string, err error) {
	entry[SeqField], entry[PrevField] = json.Number(fmt.Sprint(seq)), prev
	if hash, err = Hash(entry); err != nil {
		return "", err
	}
	entry[HashField] = hash
	return hash, nil
}
