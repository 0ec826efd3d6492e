// Package data reads the files of the embedded default: the accounts, and the data
// of the sandbox provider. An invalid row is an error that names file, line and
// reason.
package data

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// row is one line of a file, by column.
type row struct {
	file  string
	line  int
	cells map[string]string
}

// get returns a cell without surrounding spaces and in NFKC, like the fields of a
// request.
func (r row) get(column string) string {
	return strings.TrimSpace(norm.NFKC.String(r.cells[column]))
}

func (r row) fail(column, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s: %s", r.file, r.line, column, fmt.Sprintf(format, args...))
}

// readFile calls each with every row of a UTF-8 CSV file. The header must name
// exactly the columns, in any order. A missing file has no rows.
func readFile(dir fs.FS, name string, columns []string, each func(row) error) error {
	raw, err := fs.ReadFile(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := checkUTF8(name, raw); err != nil {
		return err
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s:1: header: %w", name, err)
	}
	header = slices.Clone(header)
	for i, h := range header {
		header[i] = strings.TrimSpace(h)
		if !slices.Contains(columns, header[i]) || slices.Index(header, header[i]) != i {
			return fmt.Errorf("%s:1: header: column %q is not expected", name, h)
		}
	}
	for _, c := range columns {
		if !slices.Contains(header, c) {
			return fmt.Errorf("%s:1: header: column %q is missing", name, c)
		}
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				return fmt.Errorf("%s:%d: %w", name, parse.Line, parse.Err)
			}
			return fmt.Errorf("%s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		cells := make(map[string]string, len(header))
		for i, h := range header {
			cells[h] = record[i]
		}
		if err := each(row{name, line, cells}); err != nil {
			return err
		}
	}
}

// checkUTF8 names the first line that is not UTF-8. Spreadsheets often save GBK.
func checkUTF8(name string, raw []byte) error {
	if utf8.Valid(raw) {
		return nil
	}
	line := 0
	for text := range bytes.Lines(raw) {
		if line++; !utf8.Valid(text) {
			break
		}
	}
	return fmt.Errorf("%s:%d: not UTF-8: save the file as CSV in UTF-8", name, line)
}
