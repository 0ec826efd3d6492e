package table_test

import (
	"slices"
	"strings"
	"testing"

	"realname/shared/table"
)

func TestATableIsReadByItsBestIndexes(t *testing.T) {
	for text, want := range map[string][2]string{
		"":                            {"GSI1Keys", "GSI2Keys"},
		"GSI1,GSI2":                   {"GSI1", "GSI2"},
		"GSI1, GSI2, GSI1Keys":        {"GSI1Keys", "GSI2"},
		"GSI1,GSI2,GSI1Keys,GSI2Keys": {"GSI1Keys", "GSI2Keys"},
		"GSI2,GSI1Keys,GSI2Keys":      {"GSI1Keys", "GSI2Keys"},
		"GSI1Keys,GSI2Keys":           {"GSI1Keys", "GSI2Keys"},
	} {
		indexes, err := table.ParseIndexes(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if got := [2]string{indexes.Name(table.GSI1), indexes.Name(table.GSI2)}; got != want {
			t.Errorf("%q: reads %v, want %v", text, got, want)
		}
	}
}

func TestIndexesAreNamedCompletely(t *testing.T) {
	for text, want := range map[string]string{
		"GSI1":           "want GSI2Keys or GSI2",
		"GSI2Keys":       "want GSI1Keys or GSI1",
		"GSI1,GSI2,GSI3": `got "GSI3"`,
		"GSI1,GSI2,GSI2": `got "GSI2"`,
		"GSI1,GSI2,":     `got ""`,
		"gsi1keys,GSI2":  "want GSI1Keys or GSI1",
	} {
		if _, err := table.ParseIndexes(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if !slices.Equal(table.KeysOnly(), table.Indexes{"GSI1Keys", "GSI2Keys"}) {
		t.Errorf("a new table has %v", table.KeysOnly())
	}
}
