package idcode

import (
	"strings"
	"unicode"
)

// NormalizeCode prepares a code for its validator. It converts full-width
// characters to half-width and letters to capitals, and removes all kinds of spaces
// and hyphens and invisible characters.
func NormalizeCode(s string) string {
	if clean(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		r = halfWidth(r)
		switch {
		case unicode.IsSpace(r), r == '-', r == '‐', r == '‑', r == '–', invisible(r):
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// NormalizeMobile does what NormalizeCode does, and removes the country code +86,
// 0086 or 86.
func NormalizeMobile(s string) string {
	s = NormalizeCode(s)
	for _, prefix := range []string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(s, prefix); ok && len(rest) == 11 {
			return rest
		}
	}
	return s
}

// NormalizeName prepares the name of a person or an enterprise. It converts
// full-width letters, digits and brackets to half-width, variants of the middle dot
// to ·, and runs of spaces to one space. It removes spaces at the ends and invisible
// characters.
func NormalizeName(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		r = halfWidth(r)
		switch r {
		case '•', '‧', '・', '●', '∙', '⋅':
			r = '·'
		}
		if invisible(r) {
			continue
		}
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// SameName reports whether two names are the same after normalization, ignoring
// spaces and letter case.
func SameName(a, b string) bool { return nameKey(a) == nameKey(b) }

func nameKey(s string) string {
	return strings.ToUpper(strings.ReplaceAll(NormalizeName(s), " ", ""))
}

// invisible reports whether a character is invisible and has no width, such as a
// zero-width joiner, a soft hyphen or a variation selector
// (Default_Ignorable_Code_Point, UAX 44). Copying and input methods add them.
// Direction marks do not count: the validators refuse them.
func invisible(r rune) bool {
	return r >= '\u00ad' && (r < 0x4E00 || r > 0x9FFF) &&
		unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) &&
		!unicode.Is(unicode.Bidi_Control, r)
}

// halfWidth converts the full-width forms U+FF01–FF5E to ASCII, and the ideographic
// space to a space.
func halfWidth(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == 0x3000:
		return ' '
	}
	return r
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
