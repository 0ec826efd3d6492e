package idcode

import (
	"strings"
	"unicode"
)

// NormalizeCode prepares a code for its validator: full-width characters become
// half-width, letters capital; spaces and hyphens, however they are written,
// are dropped.
func NormalizeCode(s string) string {
	if clean(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		r = halfWidth(r)
		switch {
		case unicode.IsSpace(r), r == '-', r == '‐', r == '‑', r == '–', r == '\u200b', r == '\ufeff':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// NormalizeMobile is NormalizeCode without the country's prefix +86 or 0086.
func NormalizeMobile(s string) string {
	s = NormalizeCode(s)
	for _, prefix := range []string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(s, prefix); ok && len(rest) == 11 {
			return rest
		}
	}
	return s
}

// NormalizeName prepares the name of a person or an enterprise: full-width
// letters, digits and brackets become half-width, the variants of the middle dot
// become ·, runs of spaces become one, spaces at the ends go.
func NormalizeName(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		r = halfWidth(r)
		switch r {
		case '•', '‧', '・', '●', '∙', '⋅':
			r = '·'
		case '\u200b', '\ufeff':
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

// SameName reports whether two names are the same after normalisation, spaces
// and letter case aside.
func SameName(a, b string) bool { return nameKey(a) == nameKey(b) }

func nameKey(s string) string {
	return strings.ToUpper(strings.ReplaceAll(NormalizeName(s), " ", ""))
}

// halfWidth maps the full-width forms U+FF01–FF5E to ASCII, and the ideographic
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
