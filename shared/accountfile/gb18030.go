package accountfile

import (
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// twoByteCodes are the two-byte codes that the tables of GBK do not have
// (golang.org/issue/62063), with the characters that GB 18030-2022 gives them.
var twoByteCodes = map[[2]byte]rune{
	{0xA6, 0xD9}: 0xFE10, {0xA6, 0xDA}: 0xFE12, {0xA6, 0xDB}: 0xFE11, {0xA6, 0xDC}: 0xFE13, {0xA6, 0xDD}: 0xFE14,
	{0xA6, 0xDE}: 0xFE15, {0xA6, 0xDF}: 0xFE16, {0xA6, 0xEC}: 0xFE17, {0xA6, 0xED}: 0xFE18, {0xA6, 0xF3}: 0xFE19,
	{0xA8, 0xBC}: 0x1E3F,
	{0xFE, 0x51}: 0x20087, {0xFE, 0x52}: 0x20089, {0xFE, 0x53}: 0x200CC, {0xFE, 0x59}: 0x9FB4, {0xFE, 0x61}: 0x9FB5,
	{0xFE, 0x66}: 0x9FB6, {0xFE, 0x67}: 0x9FB7, {0xFE, 0x6C}: 0x215D7, {0xFE, 0x6D}: 0x9FB8, {0xFE, 0x76}: 0x2298F,
	{0xFE, 0x7E}: 0x9FB9, {0xFE, 0x90}: 0x9FBA, {0xFE, 0x91}: 0x241FE, {0xFE, 0xA0}: 0x9FBB,
}

// gbSize returns the size of the first character: 2 or 4 bytes, or 1 for ASCII and for
// a byte that begins no character.
func gbSize(s []byte) int {
	between := func(i int, low, high byte) bool { return i < len(s) && s[i] >= low && s[i] <= high }
	switch {
	case !between(0, 0x81, 0xFE):
		return 1
	case between(1, 0x40, 0x7E), between(1, 0x80, 0xFE):
		return 2
	case between(1, '0', '9') && between(2, 0x81, 0xFE) && between(3, '0', '9'):
		return 4
	}
	return 1
}

// decodeGB18030 returns a line in UTF-8, with U+FFFD for each character that is lost.
func decodeGB18030(line []byte) string {
	d := simplifiedchinese.GB18030.NewDecoder()
	var b strings.Builder
	from := 0
	flush := func(to int) {
		text, err := d.Bytes(line[from:to])
		if err != nil {
			text = []byte("\ufffd") // the decoder replaces what it cannot read, and returns no error
		}
		b.Write(text)
	}
	for at := 0; at < len(line); {
		size := gbSize(line[at:])
		if size == 2 {
			if r, ok := twoByteCodes[[2]byte(line[at:at+2])]; ok {
				flush(at)
				b.WriteRune(r)
				from = at + size
			}
		}
		at += size
	}
	flush(len(line))
	return b.String()
}

func (t *tally) countGB18030(line []byte) {
	for at := 0; at < len(line); {
		size := gbSize(line[at:])
		if line[at] >= 0x80 {
			t.all += size
			if size == 1 {
				t.lost++
			}
		}
		at += size
	}
}
