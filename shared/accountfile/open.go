// Package accountfile reads accounts.csv, the list of accounts to import from a former
// system. The file is in GBK or UTF-8. Each row is checked against every rule.
package accountfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// Encoding is the character encoding of a file.
type Encoding string

// Supported encodings. GBK is read as GB 18030, which contains it.
const (
	UTF8 Encoding = "utf-8"
	GBK  Encoding = "gbk"
)

var bom = []byte("\ufeff")

// ErrEncoding means that a file is neither UTF-8 nor GBK.
var ErrEncoding = errors.New("the file is neither UTF-8 nor GBK: save it as CSV in UTF-8")

// ErrLongLine means that a line is longer than any row can be, as in a file that is
// not CSV.
var ErrLongLine = errors.New("a line is longer than 64 KiB: check that the file is CSV")

// Detect reads a file to its end and returns its encoding. It tries UTF-8 first,
// because text in GBK is almost never valid UTF-8.
// Errors: ErrEncoding, ErrLongLine.
func Detect(r io.Reader) (Encoding, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	isUTF8, isGBK := true, true
	head, err := in.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if bytes.Equal(head, []byte{0xff, 0xfe}) || bytes.Equal(head, []byte{0xfe, 0xff}) {
		return "", fmt.Errorf("%w (it is UTF-16)", ErrEncoding)
	}
	decoder := simplifiedchinese.GB18030.NewDecoder()
	for isUTF8 || isGBK {
		line, err := in.ReadSlice('\n')
		if len(line) > 0 {
			isUTF8 = isUTF8 && utf8.Valid(line)
			if isGBK && !isUTF8 {
				isGBK = validGBK(decoder, line)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			return "", ErrLongLine
		}
		if err != nil {
			return "", err
		}
	}
	switch {
	case isUTF8:
		return UTF8, nil
	case isGBK:
		return GBK, nil
	}
	return "", ErrEncoding
}

// validGBK reports whether every character of a line decodes. Detect does not pass
// the lines before the first invalid UTF-8: in a GBK file, they are ASCII.
func validGBK(d transform.Transformer, line []byte) bool {
	text, _, err := transform.Bytes(d, line)
	return err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

// Decode returns the file's text in UTF-8 without a byte order mark.
func Decode(r io.Reader, e Encoding) (io.Reader, error) {
	if e == GBK {
		return transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder()), nil
	}
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(len(bom))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.Equal(head, bom) {
		if _, err := in.Discard(len(bom)); err != nil {
			return nil, err
		}
	}
	return in, nil
}
