package meter

import (
	"realname/shared/table"
)

// Sizes that one request unit covers (Amazon DynamoDB Developer Guide, "Read and
// write operations"): 4 KB of an item for a strongly consistent read, 1 KB for a
// write. A transaction needs two units for each.
const (
	readUnit  = 4096
	writeUnit = 1024
)

func readUnits(bytes int) float64 { return float64(max(1, (bytes+readUnit-1)/readUnit)) }

func kilobytes(bytes int) float64 { return float64(max(1, (bytes+writeUnit-1)/writeUnit)) }

// size is 0 for the zero item, which does not exist.
func size(it table.Item) int {
	if it.Version == 0 {
		return 0
	}
	return table.Size(it)
}

// writeUnits returns the units of one write outside a transaction. A put counts the
// larger of the new and the old item, any other write the old item.
func writeUnits(w table.Write, old table.Item) float64 {
	if w.Action == table.ActionPut {
		return kilobytes(max(size(old), size(w.Item)))
	}
	return kilobytes(size(old))
}

// indexUnits returns the units of a write in the indexes, which project the whole
// item: one write if the entry keeps its place, two if it moves. DynamoDB updates
// indexes after the commit, so a transaction does not double them.
func indexUnits(w table.Write, old table.Item) float64 {
	if w.Action == table.ActionCheck {
		return 0
	}
	var now table.Item
	if w.Action == table.ActionPut {
		now = w.Item
	}
	return entryUnits(now, old, now.GSI1, old.GSI1) + entryUnits(now, old, now.GSI2, old.GSI2)
}

func entryUnits(now, old table.Item, nowAt, oldAt table.IndexKey) float64 {
	none := table.IndexKey{}
	if nowAt == none && oldAt == none {
		return 0
	}
	switch {
	case nowAt == oldAt:
		return kilobytes(max(size(now), size(old)))
	case oldAt == none:
		return kilobytes(size(now))
	case nowAt == none:
		return kilobytes(size(old))
	default:
		return kilobytes(size(old)) + kilobytes(size(now))
	}
}
