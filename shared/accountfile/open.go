// Package accountfile reads accounts.csv, the list of accounts that are moved in
// from a former system: GBK or UTF-8, each row checked against every rule.
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

// Encoding is how a file's text is written.
type Encoding string

// Encodings. GBK is read as GB 18030, which contains it.
const (
	UTF8 Encoding = "utf-8"
	GBK  Encoding = "gbk"
)

var bom = []byte("\ufeff")

// ErrEncoding tells that a file is neither UTF-8 nor GBK.
var ErrEncoding = errors.New("the file is neither UTF-8 nor GBK: save it as CSV in UTF-8")

// ErrLongLine tells that a line is longer than any row can be, as in a file that
// is no CSV.
var ErrLongLine = errors.New("a line is longer than 64 KiB: is this a CSV file?")

// Detect reads a file to its end and tells how it is written. UTF-8 is tried
// first: text in GBK is hardly ever valid UTF-8 by chance.
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

// validGBK reports whether a line decodes without a hole. The lines before the
// first that is no UTF-8 are ASCII, or this is no GBK either.
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
