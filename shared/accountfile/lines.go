package accountfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLine is the longest line, in bytes. A row needs at most a few KiB.
const maxLine = 64 << 10

// line is one line of a file, without its end.
type line struct {
	number int
	raw    []byte
	long   bool // it is longer than maxLine; raw is its beginning
}

// lines reads the lines of a file. A line ends with LF, CRLF or CR: none of these
// bytes is part of another character, in UTF-8 and in GB 18030.
type lines struct {
	in     *bufio.Reader
	number int
}

func newLines(r io.Reader) *lines { return &lines{in: bufio.NewReaderSize(r, maxLine)} }

// next returns the next line. Its bytes stay valid.
// Errors: io.EOF at the end; the errors of reading.
func (l *lines) next() (line, error) {
	read := line{number: l.number + 1}
	for begun := false; ; begun = true {
		if _, err := l.in.Peek(1); errors.Is(err, io.EOF) && begun {
			break
		} else if err != nil {
			return line{}, err
		}
		chunk, _ := l.in.Peek(l.in.Buffered()) // these bytes are in the buffer
		end := bytes.IndexAny(chunk, "\r\n")
		used := end
		if end < 0 {
			used = len(chunk)
		}
		keep := min(used, maxLine-len(read.raw))
		read.long = read.long || keep < used
		read.raw = append(read.raw, chunk[:keep]...)
		if end < 0 {
			l.skip(used)
			continue
		}
		carriage := chunk[end] == '\r'
		l.skip(used + 1)
		if carriage {
			if after, err := l.in.Peek(1); err == nil && after[0] == '\n' {
				l.skip(1)
			}
		}
		break
	}
	l.number++
	return read, nil
}

// skip drops bytes that are in the buffer.
func (l *lines) skip(n int) { _, _ = l.in.Discard(n) }
