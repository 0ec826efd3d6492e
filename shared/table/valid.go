package table

import (
	"fmt"
	"unicode/utf8"
)

// Limits that every adapter keeps; those of Amazon DynamoDB (Developer Guide,
// "Quotas in Amazon DynamoDB") but for the size of a page, which is ours.
const (
	// MaxBytes is the largest item as Size counts it.
	MaxBytes = 400 * 1024
	// MaxTransactionBytes is the largest sum of the items of one transaction.
	MaxTransactionBytes = 4 * 1024 * 1024

	maxWrites    = 100
	maxKeys      = 100
	maxPKBytes   = 2048
	maxSKBytes   = 1024
	defaultLimit = 100
	maxLimit     = 1000
)

// Validate refuses transactions that no adapter accepts. ErrInvalid: none or too
// many writes, one key twice, a key that is empty, too long or not UTF-8, half an
// index key, an item without a version, an expiry before 1970, a check of
// nothing. ErrTooLarge: an item above MaxBytes, a sum above MaxTransactionBytes.
func Validate(writes []Write) error {
	if len(writes) == 0 || len(writes) > maxWrites {
		return fmt.Errorf("%w: %d writes in a transaction", ErrInvalid, len(writes))
	}
	total := 0
	seen := make(map[Key]bool, len(writes))
	for _, w := range writes {
		k := w.Item.Key
		if err := validPair(k.PK, k.SK); err != nil {
			return err
		}
		if seen[k] {
			return fmt.Errorf("%w: one item twice in a transaction", ErrInvalid)
		}
		seen[k] = true
		switch w.Action {
		case ActionPut:
			size, err := validItem(w.Item)
			if err != nil {
				return err
			}
			total += size
		case ActionCheck:
			if w.If.Kind == KindAlways {
				return fmt.Errorf("%w: a check without a condition", ErrInvalid)
			}
		}
	}
	if total > MaxTransactionBytes {
		return fmt.Errorf("%w: a transaction of %d bytes", ErrTooLarge, total)
	}
	return nil
}

func validItem(it Item) (size int, err error) {
	if it.Version < 1 {
		return 0, fmt.Errorf("%w: item without a version", ErrInvalid)
	}
	if !it.Expires.IsZero() && it.Expires.Unix() < 0 {
		return 0, fmt.Errorf("%w: expiry before 1970", ErrInvalid)
	}
	for _, k := range []IndexKey{it.GSI1, it.GSI2} {
		if k != (IndexKey{}) {
			if err := validPair(k.PK, k.SK); err != nil {
				return 0, err
			}
		}
	}
	if size = Size(it); size > MaxBytes {
		return 0, fmt.Errorf("%w: an item of %d bytes", ErrTooLarge, size)
	}
	return size, nil
}

func validPair(pk, sk string) error {
	switch {
	case pk == "" || sk == "":
		return fmt.Errorf("%w: a key or index key with an empty part", ErrInvalid)
	case len(pk) > maxPKBytes || len(sk) > maxSKBytes:
		return fmt.Errorf("%w: a key that is too long", ErrInvalid)
	case !utf8.ValidString(pk) || !utf8.ValidString(sk):
		return fmt.Errorf("%w: a key that is not UTF-8", ErrInvalid)
	}
	return nil
}

// DistinctKeys returns the keys of a Get, each once. ErrInvalid: none, more than
// 100, or a key that no item can have.
func DistinctKeys(keys []Key) ([]Key, error) {
	distinct := make([]Key, 0, len(keys))
	seen := make(map[Key]bool, len(keys))
	for _, k := range keys {
		if err := validPair(k.PK, k.SK); err != nil {
			return nil, err
		}
		if !seen[k] {
			seen[k] = true
			distinct = append(distinct, k)
		}
	}
	if len(distinct) == 0 || len(distinct) > maxKeys {
		return nil, fmt.Errorf("%w: %d keys in a get", ErrInvalid, len(distinct))
	}
	return distinct, nil
}

// Checked returns the query with its limit set and the place that After tells,
// nil at the beginning. ErrInvalid: an index there is not, no partition, prefix
// and bound together, a limit below 0 or above 1000, a cursor of another query.
func (q Query) Checked() (Query, *Place, error) {
	switch {
	case q.Index != Primary && q.Index != GSI1 && q.Index != GSI2:
		return q, nil, fmt.Errorf("%w: no such index", ErrInvalid)
	case q.SKPrefix != "" && q.SKBelow != "":
		return q, nil, fmt.Errorf("%w: a query with prefix and bound", ErrInvalid)
	case q.Limit < 0 || q.Limit > maxLimit:
		return q, nil, fmt.Errorf("%w: a query's limit of %d", ErrInvalid, q.Limit)
	}
	// The prefix and the bound are parts of sort keys, so they obey their rules.
	sk := q.SKPrefix + q.SKBelow
	if sk == "" {
		sk = "any"
	}
	if err := validPair(q.PK, sk); err != nil {
		return q, nil, err
	}
	if q.Limit == 0 {
		q.Limit = defaultLimit
	}
	place, err := q.place()
	return q, place, err
}
