package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"realname/shared/realname"
)

// indexes holds the keys of each purpose, the oldest first. Other purposes use the keys
// of "".
type indexes map[string][]indexKey

// indexesOf returns the keys by purpose. Blind indexes of people, SMS codes and
// activation codes have keys of their own, so that one that leaks reveals nothing of the
// others.
func indexesOf(d document) indexes {
	base := []indexKey{{Secret: d.Index}}
	or := func(keys []indexKey) []indexKey {
		if len(keys) == 0 {
			return base
		}
		return keys
	}
	activation := base
	if len(d.Activation) > 0 {
		activation = []indexKey{{Secret: d.Activation}}
	}
	holders := or(d.Holders)
	return indexes{
		"": base, realname.HolderPurpose: holders, realname.CheckPurpose: holders, realname.CodePurpose: or(d.Codes),
		realname.ActivationPurpose: activation,
	}
}

func (i indexes) of(purpose string) []indexKey {
	if keys, ok := i[purpose]; ok {
		return keys
	}
	return i[""]
}

// current returns the place of the key that makes new indexes.
func current(keys []indexKey, now time.Time) int {
	at := 0
	for i, k := range keys {
		if !now.Before(k.From) {
			at = i
		}
	}
	return at
}

func (k indexKey) index(purpose, value string) string {
	mac := hmac.New(sha256.New, k.Secret)
	mac.Write(binding(purpose, value))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Index implements realname.Sealer: 16 bytes of HMAC-SHA256 in hex, different for each
// purpose. An index can only be compared for equality.
// Errors: the error of loading the keys. Index then returns no placeholder, because
// placeholders would equal each other and a wrong SMS code would pass.
func (v *Vault) Index(purpose, value string) (string, error) {
	all, err := v.Indexes(purpose, value)
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// Indexes implements realname.Sealer.
func (v *Vault) Indexes(purpose, value string) ([]string, error) {
	k, err := v.loaded()
	if err != nil {
		return nil, err
	}
	keys := k.indexes.of(purpose)
	now := current(keys, v.now())
	all := []string{keys[now].index(purpose, value)}
	for i, key := range keys {
		if i != now {
			all = append(all, key.index(purpose, value))
		}
	}
	return all, nil
}
