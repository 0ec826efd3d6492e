package table

import (
	"fmt"
	"unicode/utf8"
)

// Limits of every adapter. They are the limits of Amazon DynamoDB (Developer Guide,
// "Quotas in Amazon DynamoDB"), except the size of a page, which is our own.
const (
	// MaxBytes is the largest result of Size for an item.
	MaxBytes = 400 * 1024
	// MaxTransactionBytes is the largest sum of the items of one transaction.
	MaxTransactionBytes = 4 * 1024 * 1024
	// MaxWrites is the most writes of one transaction.
	MaxWrites = 100
	// MaxKeys is the most different keys of one Get.
	MaxKeys = 100

	maxPKBytes   = 2048
	maxSKBytes   = 1024
	defaultLimit = 100
	maxLimit     = 1000
)

// Validate refuses transactions that no adapter accepts.
// Errors: ErrInvalid for no writes or too many, a duplicate key, a key that is empty,
// too long or not UTF-8, an incomplete index key, an item without a version, an expiry
// before 1970, or a check without a condition; ErrTooLarge for an item above MaxBytes
// or a sum above MaxTransactionBytes.
func Validate(writes []Write) error {
	if len(writes) == 0 || len(writes) > MaxWrites {
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
			return fmt.Errorf("%w: a transaction writes one item twice", ErrInvalid)
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
		return 0, fmt.Errorf("%w: an item has no version", ErrInvalid)
	}
	if !it.Expires.IsZero() && it.Expires.Unix() < 0 {
		return 0, fmt.Errorf("%w: an item expires before 1970", ErrInvalid)
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
		return fmt.Errorf("%w: a key or an index key has an empty part", ErrInvalid)
	case len(pk) > maxPKBytes || len(sk) > maxSKBytes:
		return fmt.Errorf("%w: a key is longer than %d and %d bytes", ErrInvalid, maxPKBytes, maxSKBytes)
	case !utf8.ValidString(pk) || !utf8.ValidString(sk):
		return fmt.Errorf("%w: a key is not UTF-8", ErrInvalid)
	}
	return nil
}

// DistinctKeys returns the keys of a Get, each once.
// Errors: ErrInvalid for no key, more than MaxKeys, or a key that no item can have.
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
	if len(distinct) == 0 || len(distinct) > MaxKeys {
		return nil, fmt.Errorf("%w: %d keys in a get", ErrInvalid, len(distinct))
	}
	return distinct, nil
}

// Checked returns the query with its limit set, and the place of After, nil at the
// beginning.
// Errors: ErrInvalid for an unknown index, no partition, prefix and bound together, a
// limit below 0 or above 1000, or the cursor of another query.
func (q Query) Checked() (Query, *Place, error) {
	switch {
	case q.Index != Primary && q.Index != GSI1 && q.Index != GSI2:
		return q, nil, fmt.Errorf("%w: unknown index %q", ErrInvalid, q.Index)
	case q.SKPrefix != "" && q.SKBelow != "":
		return q, nil, fmt.Errorf("%w: a query has both a prefix and a bound", ErrInvalid)
	case q.Limit < 0 || q.Limit > maxLimit:
		return q, nil, fmt.Errorf("%w: limit: want 0 to %d, got %d", ErrInvalid, maxLimit, q.Limit)
	}
	// The prefix and the bound are parts of sort keys, so the rules of sort keys apply.
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
