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

// indexUnits returns the units of a write in the indexes, which project only keys: none
// if the entry keeps its place, one if it appears or disappears, two if it moves.
// DynamoDB updates indexes after the commit, so a transaction does not double them.
func indexUnits(w table.Write, old table.Item) float64 {
	if w.Action == table.ActionCheck {
		return 0
	}
	var now table.Item
	if w.Action == table.ActionPut {
		now = w.Item
	}
	return entryUnits(now.GSI1, old.GSI1) + entryUnits(now.GSI2, old.GSI2)
}

// entryUnits counts one unit for each entry: the keys are at most 1 KB, as their parts
// are identifiers and instants.
func entryUnits(now, old table.IndexKey) float64 {
	none, units := table.IndexKey{}, 0.0
	if now == old {
		return 0
	}
	for _, at := range []table.IndexKey{now, old} {
		if at != none {
			units++
		}
	}
	return units
}
