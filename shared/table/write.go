package table

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

// Check writes nothing, but its condition must hold; Always, which checks
// nothing, is ErrInvalid here.
func Check(k Key, c Condition) Write { return Write{ActionCheck, Item{Key: k}, c} }
