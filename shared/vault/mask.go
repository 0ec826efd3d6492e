package vault

import (
	"strings"
	"unicode/utf8"
)

// MaskID shows at most the first 4 and the last 4 characters of an identifier,
// as the manual does (1301*******1813), and never more than half of it. The
// asterisks are always seven, so that they do not tell the length.
func MaskID(s string) string {
	r := []rune(s)
	keep := min(4, len(r)/4)
	if len(r) == 0 {
		return ""
	}
	return string(r[:keep]) + "*******" + string(r[len(r)-keep:])
}

// MaskName shows the first character of a person's name: 李玲芳 becomes 李**.
func MaskName(s string) string {
	_, first := utf8.DecodeRuneInString(s)
	return s[:first] + strings.Repeat("*", max(0, utf8.RuneCountInString(s)-1))
}

// MaskMobile shows the first 3 and the last 4 digits of a mobile number.
func MaskMobile(s string) string {
	if len(s) < 11 {
		return MaskID(s)
	}
	return s[:3] + "****" + s[len(s)-4:]
}

// MaskEmail shows the first character and the domain.
func MaskEmail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 {
		return MaskID(s)
	}
	_, first := utf8.DecodeRuneInString(s)
	return s[:first] + "***" + s[at:]
}
