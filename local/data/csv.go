// Package data reads the files of the embedded default: the accounts, and the data
// of the sandbox provider. An invalid row is an error that names file, line and
// reason.
package data

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf8"

	"realname/shared/accountfile"
)

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
	in, err := accountfile.NewReader(bytes.NewReader(raw), accountfile.UTF8, columns)
	var header *accountfile.HeaderError
	if errors.As(err, &header) {
		return fmt.Errorf("%s:%d: header: %w", name, header.Line, header.Err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for {
		cells, fault, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case fault != nil:
			return fmt.Errorf("%s:%d: %s: %s", name, fault.Line, fault.Rule, fault.Explain())
		}
		if err := each(row{name, cells}); err != nil {
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
