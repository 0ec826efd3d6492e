package idcode

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NormalizeCode returns the form in which a code is stored and shown: without width
// and other compatibility forms (NFKC), in capitals, and without spaces, dashes and
// invisible characters, which copying adds around a code.
func NormalizeCode(s string) string {
	if clean(s) {
		return s
	}
	for { // what a removed character kept apart can combine
		next := strings.Map(codeCharacter, norm.NFKC.String(s))
		if next == s {
			return s
		}
		s = next
	}
}

func codeCharacter(r rune) rune {
	switch {
	case unicode.IsSpace(r), isDash(r), isInvisible(r):
		return -1
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	}
	return r
}

// NormalizeText returns the form in which free text is stored: in compatibility form
// (NFKC), with single spaces inside and none around, and without invisible characters
// other than direction marks.
func NormalizeText(s string) string {
	for { // what a removed character kept apart can combine
		next := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
			if isInvisible(r) && !isDirectionMark(r) {
				return -1
			}
			return r
		}, norm.NFKC.String(s))), " ")
		if next == s {
			return s
		}
		s = next
	}
}

// HasDirectionMark reports whether a text has a mark that changes the direction of
// writing, and so what a reader sees.
func HasDirectionMark(s string) bool { return strings.ContainsFunc(s, isDirectionMark) }

// NormalizeMobile does what NormalizeCode does, and removes brackets, dots and the
// country code: (+86), +86, 0086 or 86 (ITU-T E.164; E.123 writes them).
func NormalizeMobile(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("().·/", r) {
			return -1
		}
		return r
	}, NormalizeCode(s))
	for _, prefix := range []string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(s, prefix); ok && len(rest) == 11 {
			return rest
		}
	}
	return s
}

// smsCodeLength is the number of digits of an SMS code.
const smsCodeLength = 6

// NormalizeSMSCode does what NormalizeCode does, and reads a code that is given twice
// in a row once: some phones fill it in twice.
func NormalizeSMSCode(s string) string {
	s = NormalizeCode(s)
	if len(s) == 2*smsCodeLength && allDigits(s) && s[:smsCodeLength] == s[smsCodeLength:] {
		return s[:smsCodeLength]
	}
	return s
}

// ValidateSMSCode checks that a code has six digits.
func ValidateSMSCode(s string) error {
	if len(s) != smsCodeLength || !allDigits(s) {
		return broken("sms_code", RuleFormat)
	}
	return nil
}

// isInvisible reports whether a character is invisible and has no width, such as a
// zero-width joiner, a direction mark or a variation selector
// (Default_Ignorable_Code_Point and Bidi_Control, UAX 44).
func isInvisible(r rune) bool {
	return r >= '\u00ad' && (r < 0x4E00 || r > 0x9FFF) &&
		unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// isDirectionMark reports whether a character changes the direction of writing.
func isDirectionMark(r rune) bool {
	return r > unicode.MaxLatin1 && unicode.Is(unicode.Bidi_Control, r)
}

// isDash reports whether a character is one of the hyphens, dashes and minus signs
// that keyboards and text processors write for each other.
func isDash(r rune) bool {
	switch r {
	case '-', '‐', '‑', '‒', '–', '—', '―', '⁃', '−', '─', '﹘', '﹣', '－':
		return true
	}
	return false
}

func clean(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' {
			continue
		}
		return false
	}
	return true
}
