package accountfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Columns returns the columns of accounts.csv.
func Columns() []string {
	return []string{
		"loginName", "password", "origin", "enterpriseName", "uscc", "orgCode", "address", "legalRepName", "legalRepIdType",
		"legalRepIdNumber", "adminName", "adminIdType", "adminIdNumber", "mobile", "email", "region",
	}
}

// Fault is a rule that a row breaks, or that makes it unusual. It does not hold any
// value of the row.
type Fault struct {
	Line   int
	Column string // empty if the fault concerns the whole row
	Rule   string
}

// HeaderError says what is wrong with the header.
type HeaderError struct {
	Line int
	Err  error
}

func (e *HeaderError) Error() string { return fmt.Sprintf("line %d: header: %v", e.Line, e.Err) }

func (e *HeaderError) Unwrap() error { return e.Err }

// Reader reads the rows of a file one at a time. Rows and columns that are empty
// throughout count as absent.
type Reader struct {
	encoding Encoding
	lines    *lines
	ahead    []line // read, but not used yet
	columns  map[string]int
	width    int
}

// NewReader reads the header, which has the columns in any order. Its error names a
// missing, unknown or duplicated column.
// Errors: *HeaderError; the errors of reading the file.
func NewReader(r io.Reader, e Encoding, columns []string) (*Reader, error) {
	in := &Reader{encoding: e, lines: newLines(r), columns: map[string]int{}}
	for {
		first, err := in.take()
		if errors.Is(err, io.EOF) {
			return nil, &HeaderError{1, errors.New("the file is empty")}
		}
		if err != nil {
			return nil, err
		}
		text := strings.TrimPrefix(e.decode(first.raw), string(markUTF8))
		cells, err := split(text)
		if err != nil {
			return nil, &HeaderError{first.number, err}
		}
		if blank(cells) || text == "sep=," { // spreadsheets may write the separator first
			continue
		}
		if err := in.header(cells, columns); err != nil {
			return nil, &HeaderError{first.number, err}
		}
		return in, nil
	}
}

func (r *Reader) header(cells, known []string) error {
	for i, name := range cells {
		name = strings.TrimFunc(name, isBlank)
		if name == "" {
			continue
		}
		if separator := otherSeparator(name); separator != "" {
			return fmt.Errorf("the columns are separated by %s: save the file with commas", separator)
		}
		if !slices.Contains(known, name) {
			return fmt.Errorf("column %q is not expected", name)
		}
		if _, twice := r.columns[name]; twice {
			return fmt.Errorf("column %q is duplicated", name)
		}
		r.columns[name] = i
		r.width = i + 1
	}
	for _, name := range known {
		if _, ok := r.columns[name]; !ok {
			return fmt.Errorf("column %q is missing", name)
		}
	}
	return nil
}

// otherSeparator returns the name of the separator of a header that is not split at
// commas, or "".
func otherSeparator(name string) string {
	for _, s := range []struct{ mark, name string }{
		{";", "semicolons"}, {"\t", "tabs"}, {"|", "bars"}, {"，", "full-width commas"}, {"；", "full-width semicolons"},
	} {
		if strings.Contains(name, s.mark) {
			return s.name
		}
	}
	return ""
}

// Row is one line of the file, by column.
type Row struct {
	Line  int
	cells map[string]string
}

// Cell returns the text of a column as it is in the file.
func (r Row) Cell(column string) string { return r.cells[column] }

// Next returns the next row that is not empty, or the fault if the row cannot be read.
// Errors: io.EOF at the end; the errors of reading the file.
func (r *Reader) Next() (Row, *Fault, error) {
	for {
		first, err := r.take()
		if err != nil {
			return Row{}, nil, err
		}
		if first.long {
			return Row{}, &Fault{Line: first.number, Rule: "length"}, nil
		}
		cells, err := split(r.encoding.decode(first.raw))
		if err != nil {
			if cells, err = r.joined(first); err != nil {
				return Row{}, nil, err
			}
			if cells == nil {
				return Row{}, &Fault{Line: first.number, Rule: "quotes"}, nil
			}
		}
		if blank(cells) {
			continue
		}
		if len(cells) < r.width || !r.named(cells) {
			return Row{}, &Fault{Line: first.number, Rule: "number_of_columns"}, nil
		}
		row := Row{Line: first.number, cells: make(map[string]string, len(r.columns))}
		for name, i := range r.columns {
			row.cells[name] = cells[i]
		}
		return row, nil, nil
	}
}

// named reports whether every cell that is not blank has a column with a name.
func (r *Reader) named(cells []string) bool {
	used := 0
	for _, i := range r.columns {
		if !isBlankText(cells[i]) {
			used++
		}
	}
	for _, cell := range cells {
		if !isBlankText(cell) {
			used--
		}
	}
	return used == 0
}

// maxJoined is the largest number of lines of one row.
const maxJoined = 16

// joined reads a row whose cells contain line breaks. It takes the lines after the
// first one only if together they are a row, so that a quotation mark that is never
// closed costs one line. cells is nil if they are not a row.
func (r *Reader) joined(first line) (cells []string, err error) {
	text := r.encoding.decode(first.raw)
	for n := range maxJoined {
		for len(r.ahead) <= n {
			next, err := r.lines.next()
			if errors.Is(err, io.EOF) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			r.ahead = append(r.ahead, next)
		}
		if r.ahead[n].long {
			return nil, nil
		}
		text += "\n" + r.encoding.decode(r.ahead[n].raw)
		if cells, err := split(text); err == nil && len(cells) >= r.width && r.named(cells) {
			r.ahead = r.ahead[n+1:]
			return cells, nil
		}
	}
	return nil, nil
}

func (r *Reader) take() (line, error) {
	if len(r.ahead) == 0 {
		return r.lines.next()
	}
	first := r.ahead[0]
	r.ahead = r.ahead[1:]
	return first, nil
}

// split returns the cells of one row (RFC 4180).
func split(text string) ([]string, error) {
	if !strings.Contains(text, `"`) {
		return strings.Split(text, ","), nil
	}
	cells, err := csv.NewReader(strings.NewReader(text)).Read()
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return nil, wrong.Err
	}
	return cells, err
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(s string) bool { return !isBlankText(s) })
}

func isBlankText(s string) bool { return strings.TrimFunc(s, isBlank) == "" }

// isBlank reports whether a character is a space or has no width, such as a byte order
// mark.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
