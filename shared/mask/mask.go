// Package mask hides most of a personal value before a page or a log shows it.
package mask

import (
	"strings"
	"unicode/utf8"
)

// ID shows at most the first 4 and the last 4 characters of an identifier, as the
// manual does (1301*******1813), and never more than half of it. It always writes
// seven asterisks, so that they do not reveal the length.
func ID(s string) string {
	r := []rune(s)
	keep := min(4, len(r)/4)
	if len(r) == 0 {
		return ""
	}
	return string(r[:keep]) + "*******" + string(r[len(r)-keep:])
}

// Name shows the first character of a person's name: 李玲芳 becomes 李**. It shows
// nothing of a name of one character.
func Name(s string) string {
	_, first := utf8.DecodeRuneInString(s)
	switch n := utf8.RuneCountInString(s); n {
	case 0:
		return ""
	case 1:
		return "*"
	default:
		return s[:first] + strings.Repeat("*", n-1)
	}
}

// Mobile shows the first 3 and the last 4 digits of a mobile number.
func Mobile(s string) string {
	if len(s) < 11 {
		return ID(s)
	}
	return s[:3] + "****" + s[len(s)-4:]
}

// Email shows the first character and the domain.
func Email(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 {
		return ID(s)
	}
	_, first := utf8.DecodeRuneInString(s)
	return s[:first] + "***" + s[at:]
}
