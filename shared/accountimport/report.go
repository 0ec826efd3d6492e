package accountimport

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"realname/shared/accountfile"
)

// WriteFaults writes a report of rows that are refused or that have a warning, ordered
// by line, with the columns line, column, rule and message. It does not contain any
// value of a row, so it can be shared.
func WriteFaults(w io.Writer, faults []accountfile.Fault) error {
	slices.SortStableFunc(faults, func(a, b accountfile.Fault) int { return cmp.Compare(a.Line, b.Line) })
	out := csv.NewWriter(w)
	rows := [][]string{{"line", "column", "rule", "message"}}
	for _, f := range faults {
		rows = append(rows, []string{fmt.Sprint(f.Line), f.Column, f.Rule, f.Explain()})
	}
	return out.WriteAll(rows)
}

// WriteCodes writes the activation codes, ordered by line, with the columns loginName
// and activationCode. The file is secret.
func WriteCodes(w io.Writer, codes []Code) error {
	slices.SortStableFunc(codes, func(a, b Code) int { return cmp.Compare(a.Line, b.Line) })
	out := csv.NewWriter(w)
	rows := [][]string{{"loginName", "activationCode"}}
	for _, c := range codes {
		rows = append(rows, []string{Cell(c.LoginName), c.Code})
	}
	return out.WriteAll(rows)
}

// Cell escapes a text so that a spreadsheet does not read it as a formula (OWASP, "CSV
// Injection").
func Cell(text string) string {
	if strings.ContainsAny(text[:min(len(text), 1)], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
