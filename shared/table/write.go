package table

// ConditionKind is the form of a Condition.
type ConditionKind int

// The three forms. There are no others, which keeps the adapters simple.
const (
	KindAlways ConditionKind = iota
	KindAbsent
	KindVersion
)

// Condition must hold for the stored item, or the write is refused.
type Condition struct {
	Kind    ConditionKind
	Version int64
}

// Always returns a condition that always holds.
func Always() Condition { return Condition{} }

// Absent returns a condition that holds if the item does not exist or has expired.
func Absent() Condition { return Condition{Kind: KindAbsent} }

// VersionIs returns a condition that holds if the item exists, has not expired, and
// has the version.
func VersionIs(n int64) Condition { return Condition{Kind: KindVersion, Version: n} }

// Action is the kind of a Write.
type Action int

// A write stores an item, removes it, or only checks its condition.
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

// Delete removes the item. Removing an item that does not exist is not an error.
func Delete(k Key, c Condition) Write { return Write{ActionDelete, Item{Key: k}, c} }

// Check writes nothing, but its condition must hold. The condition Always is
// ErrInvalid.
func Check(k Key, c Condition) Write { return Write{ActionCheck, Item{Key: k}, c} }
