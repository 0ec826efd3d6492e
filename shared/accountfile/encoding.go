// Package accountfile reads accounts.csv, the list of accounts to import from a former
// system. The file is in UTF-8 or GB 18030, which contains GBK. Each row is checked
// against the rules of the API.
package accountfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Encoding is the character encoding of a file.
type Encoding string

// Supported encodings. GBK is read as GB 18030, which contains it.
const (
	UTF8 Encoding = "utf-8"
	GBK  Encoding = "gbk"
)

// Byte order marks.
var (
	markUTF8    = []byte("\ufeff")
	markGB18030 = []byte{0x84, 0x31, 0x95, 0x33}
	markLittle  = []byte{0xff, 0xfe} // UTF-16
	markBig     = []byte{0xfe, 0xff}
)

// ErrEncoding means that a file is neither in UTF-8 nor in GB 18030.
var ErrEncoding = errors.New("the file is neither UTF-8 nor GBK: save it as CSV in UTF-8")

// Detect reads a file to its end and returns its encoding. Characters that are lost do
// not change the answer: text in GBK is almost nowhere valid UTF-8.
// Errors: ErrEncoding.
func Detect(r io.Reader) (Encoding, error) {
	in := newLines(r)
	var utf, gb tally
	bytesRead := 0
	for first := true; ; first = false {
		line, err := in.next()
		if errors.Is(err, io.EOF) {
			return guess(utf, gb, bytesRead)
		}
		if err != nil {
			return "", err
		}
		if first {
			switch {
			case bytes.HasPrefix(line.raw, markUTF8):
				return UTF8, nil
			case bytes.HasPrefix(line.raw, markGB18030):
				return GBK, nil
			case bytes.HasPrefix(line.raw, markLittle), bytes.HasPrefix(line.raw, markBig), bytes.IndexByte(line.raw, 0) >= 0:
				return "", fmt.Errorf("%w (it is UTF-16)", ErrEncoding)
			}
		}
		bytesRead += len(line.raw)
		utf.countUTF8(line.raw)
		gb.countGB18030(line.raw)
	}
}

// tally counts the bytes of characters other than ASCII in one encoding.
type tally struct{ all, lost int }

func (t tally) lostMoreThan(percent int) bool { return t.lost*100 > t.all*percent }

// guess takes UTF-8 unless too much of it is lost. In a few names in GBK, about half of
// the bytes are not UTF-8, but UTF-8 can be read as GBK by chance. A file of
// ASCII with single lost characters is read too: they cost their rows.
func guess(utf, gb tally, bytesRead int) (Encoding, error) {
	switch {
	case !utf.lostMoreThan(10):
		return UTF8, nil
	case gb.lost == 0:
		return GBK, nil
	case !utf.lostMoreThan(25):
		return UTF8, nil
	case !gb.lostMoreThan(25):
		return GBK, nil
	case utf.lost*10 <= bytesRead:
		return UTF8, nil
	}
	return "", ErrEncoding
}

func (t *tally) countUTF8(line []byte) {
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		if line[0] >= utf8.RuneSelf {
			t.all += size
			if r == utf8.RuneError && size == 1 {
				t.lost++
			}
		}
		line = line[size:]
	}
}

// decode returns a line in UTF-8. U+FFFD stands for each character that is lost.
func (e Encoding) decode(line []byte) string {
	if e == GBK {
		return decodeGB18030(line)
	}
	return strings.ToValidUTF8(string(line), "\ufffd")
}
