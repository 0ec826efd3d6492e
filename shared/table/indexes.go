package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Indexes are the names of a table's indexes. GSI1Keys and GSI2Keys project keys only,
// so that a write costs nothing in an index where its item keeps its place. The table
// of version 1.0.0 had GSI1 and GSI2 instead, which project whole items. DynamoDB
// cannot change a projection, so a table has both while one replaces the other.
type Indexes []string

// KeysOnly are the indexes of a new table.
func KeysOnly() Indexes { return Indexes{keysOf(GSI1), keysOf(GSI2)} }

func keysOf(index Index) string { return string(index) + "Keys" }

// ParseIndexes reads names separated by commas; "" gives KeysOnly. The error names
// what is missing or unknown.
func ParseIndexes(text string) (Indexes, error) {
	if text == "" {
		return KeysOnly(), nil
	}
	var indexes Indexes
	var errs error
	known := append(KeysOnly(), string(GSI1), string(GSI2))
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); !slices.Contains(known, name) || slices.Contains(indexes, name) {
			errs = errors.Join(errs, fmt.Errorf("want each of %s at most once, got %q", strings.Join(known, ", "), name))
		}
		indexes = append(indexes, name)
	}
	for _, index := range []Index{GSI1, GSI2} {
		if !slices.Contains(indexes, indexes.Name(index)) {
			errs = errors.Join(errs, fmt.Errorf("want %s or %s", keysOf(index), index))
		}
	}
	return indexes, errs
}

// Name returns the index's name in DynamoDB: the one that projects keys only, unless
// the table has only the former one.
func (i Indexes) Name(index Index) string {
	if name := keysOf(index); slices.Contains(i, name) || !slices.Contains(i, string(index)) {
		return name
	}
	return string(index)
}

// Attributes returns the name of an index's attributes, before PK and SK.
func Attributes(name string) string { return strings.TrimSuffix(name, "Keys") }
