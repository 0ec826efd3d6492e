package table

import "fmt"

// ConditionKind is the form of a Condition.
type ConditionKind int

// The three forms; there are no others, so that every adapter can be right.
const (
	KindAlways ConditionKind = iota
	KindAbsent
	KindVersion
)

// Condition must hold for the item as it is stored, or the write is refused.
type Condition struct {
	Kind    ConditionKind
	Version int64
}

// Always holds.
func Always() Condition { return Condition{} }

// Absent holds when there is no such item, or only an expired one.
func Absent() Condition { return Condition{Kind: KindAbsent} }

// VersionIs holds when the item exists, has not expired, and has the version.
func VersionIs(n int64) Condition { return Condition{Kind: KindVersion, Version: n} }

// Action is what a Write does.
type Action int

// A write stores, removes, or only checks.
const (
	ActionPut Action = iota
	ActionDelete
	ActionCheck
)

// Write is one part of a transaction.
type Write struct {
	Action Action
	Item   Item // for a delete or a check only its key counts
	If     Condition
}

// Put stores the item.
func Put(item Item, c Condition) Write { return Write{ActionPut, item, c} }

// Delete removes the item; removing what is not there is no error.
func Delete(k Key, c Condition) Write { return Write{ActionDelete, Item{Key: k}, c} }

// Check writes nothing, but its condition must hold.
func Check(k Key, c Condition) Write { return Write{ActionCheck, Item{Key: k}, c} }

// Limits of DynamoDB that every adapter keeps.
const (
	maxWrites = 100
	MaxBytes  = 400 * 1024
)

// Validate refuses transactions that no adapter accepts: none or too many
// writes, one key twice, an empty key, an item without a version.
func Validate(writes []Write) error {
	if len(writes) == 0 || len(writes) > maxWrites {
		return fmt.Errorf("%w: %d writes in a transaction", ErrInvalid, len(writes))
	}
	seen := make(map[Key]bool, len(writes))
	for _, w := range writes {
		k := w.Item.Key
		switch {
		case k.PK == "" || k.SK == "":
			return fmt.Errorf("%w: empty key", ErrInvalid)
		case seen[k]:
			return fmt.Errorf("%w: one item twice in a transaction", ErrInvalid)
		case w.Action == ActionPut && w.Item.Version < 1:
			return fmt.Errorf("%w: item without a version", ErrInvalid)
		case (w.Item.GSI1.PK == "") != (w.Item.GSI1.SK == ""), (w.Item.GSI2.PK == "") != (w.Item.GSI2.SK == ""):
			return fmt.Errorf("%w: half an index key", ErrInvalid)
		}
		seen[k] = true
	}
	return nil
}
