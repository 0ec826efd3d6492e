package main

import (
	"slices"
	"testing"
)

// Staff choose their own names, and auditors open the trail in a spreadsheet.
func TestAnExportedTrailHoldsNoFormula(t *testing.T) {
	row, err := csvRow(map[string]any{
		"uscc": "91130100MA0R01NM09", "actor": `=HYPERLINK("https://evil.example")`, "subject": "=1+1",
	})
	if err != nil || len(row) != len(auditColumns) {
		t.Fatal(row, err)
	}
	for i, cell := range row {
		if cell != "" && cell[0] == '=' {
			t.Errorf("%s begins with a formula: %s", auditColumns[i], cell)
		}
	}
	if !slices.Contains(row, `'=HYPERLINK("https://evil.example")`) {
		t.Errorf("the name is missing: %q", row)
	}
}
