package meter

import (
	"realname/shared/table"
)

// Sizes that one request unit pays for (Amazon DynamoDB Developer Guide, "Read
// and write operations": a strongly consistent read unit is up to 4 KB of an item,
// a write unit up to 1 KB, in a transaction two for each).
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

// writeUnits are the units of one write outside a transaction: a put's by the
// larger of the new item and the old one, else by the old one.
func writeUnits(w table.Write, old table.Item) float64 {
	if w.Action == table.ActionPut {
		return kilobytes(max(size(old), size(w.Item)))
	}
	return kilobytes(size(old))
}

// indexUnits are the units of what a write changes in the indexes, which project
// the whole item: one write where the entry stays in its place, two where it
// moves. They are written after the commit and not doubled.
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
	switch none := (table.IndexKey{}); {
	case nowAt == oldAt && nowAt == none:
		return 0
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
