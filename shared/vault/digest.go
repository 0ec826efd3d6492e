package vault

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Digests returns a digest of each key of a document. It tells whether another document
// has the same key for the same purpose, and nothing else about it.
func Digests(document []byte) ([]string, error) {
	d, err := parse(document)
	if err != nil {
		return nil, err
	}
	digests := []string{digest("index", d.Index), digest("activation", d.Activation)}
	for _, k := range d.Keys {
		digests = append(digests, digest("seal "+strconv.FormatUint(uint64(k.ID), 10), k.Secret))
	}
	for _, k := range d.Holders {
		digests = append(digests, digest("holders", k.Secret))
	}
	for _, k := range d.Codes {
		digests = append(digests, digest("codes", k.Secret))
	}
	return digests, nil
}

// digest needs no salt: every key is random.
func digest(purpose string, key []byte) string {
	sum := sha256.Sum256(append([]byte(purpose+"\n"), key...))
	return hex.EncodeToString(sum[:16])
}
