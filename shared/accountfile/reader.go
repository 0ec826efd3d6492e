package accountfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Columns returns the columns of accounts.csv. A file can have them in any order.
func Columns() []string {
	return []string{
		"loginName", "password", "origin", "enterpriseName", "uscc", "orgCode", "address", "legalRepName", "legalRepIdType",
		"legalRepIdNumber", "adminName", "adminIdType", "adminIdNumber", "mobile", "email", "region",
	}
}

// Fault is a rule that a row breaks. It does not hold any value of the row.
type Fault struct {
	Line   int
	Column string // empty if the fault concerns the whole row
	Rule   string
}

// Reader reads the rows of a file one at a time.
type Reader struct {
	csv     *csv.Reader
	columns map[string]int
	width   int
}

// NewReader reads the header. Its error names a missing, unknown or duplicated column.
func NewReader(r io.Reader) (*Reader, error) {
	in := &Reader{csv: csv.NewReader(r), columns: map[string]int{}}
	in.csv.FieldsPerRecord = -1
	in.csv.ReuseRecord = true
	header, err := in.csv.Read()
	if err != nil {
		return nil, fmt.Errorf("line 1: header: %w", err)
	}
	known := Columns()
	for i, name := range header {
		name = strings.TrimSpace(name)
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("line 1: header: column %q is not expected", name)
		}
		if _, twice := in.columns[name]; twice {
			return nil, fmt.Errorf("line 1: header: column %q is duplicated", name)
		}
		in.columns[name] = i
	}
	for _, name := range known {
		if _, ok := in.columns[name]; !ok {
			return nil, fmt.Errorf("line 1: header: column %q is missing", name)
		}
	}
	in.width = len(header)
	return in, nil
}

// Row is one line of the file, by column.
type Row struct {
	Line  int
	cells map[string]string
}

// Next returns the next row, or the fault if the row cannot be read.
// Errors: io.EOF at the end; the errors of reading the file.
func (r *Reader) Next() (Row, *Fault, error) {
	record, err := r.csv.Read()
	var wrong *csv.ParseError
	switch {
	case errors.As(err, &wrong):
		return Row{}, &Fault{Line: wrong.StartLine, Rule: "quotes"}, nil
	case err != nil:
		return Row{}, nil, err
	}
	line, _ := r.csv.FieldPos(0)
	if len(record) != r.width {
		return Row{}, &Fault{Line: line, Rule: "number_of_columns"}, nil
	}
	row := Row{Line: line, cells: make(map[string]string, r.width)}
	for name, i := range r.columns {
		row.cells[name] = record[i]
	}
	return row, nil, nil
}
