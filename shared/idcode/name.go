package idcode

import (
	"unicode"
	"unicode/utf8"
)

// Shortest and longest name of a person or an enterprise, in characters.
const (
	minName = 2
	maxName = 100
)

// ValidateName checks the name of a person or an enterprise: 2 to 100
// characters, no control character, at least one letter or ideograph.
func ValidateName(s string) error {
	const kind = "name"
	if s == "" {
		return broken(kind, RuleEmpty)
	}
	if !utf8.ValidString(s) {
		return broken(kind, RuleFormat)
	}
	if n := utf8.RuneCountInString(s); n < minName || n > maxName {
		return broken(kind, RuleLength)
	}
	letters := false
	for _, r := range s {
		switch {
		case r >= 0x4E00 && r <= 0x9FFF: // the common ideographs, without a lookup in the tables
			letters = true
		case unicode.IsControl(r), r > unicode.MaxLatin1 && unicode.Is(unicode.Bidi_Control, r):
			return broken(kind, RuleControl)
		default:
			letters = letters || unicode.IsLetter(r)
		}
	}
	if !letters {
		return broken(kind, RuleFormat)
	}
	return nil
}
