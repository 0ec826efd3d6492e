package idcode

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shortest and longest names, in characters. Household registration allows a name of
// one character; the name of an enterprise has a trade and a form of organization
// (企业名称登记管理规定, Art. 6). 民委发〔2016〕33号 asks for 25 ideographs at least.
const (
	minPersonName     = 1
	minEnterpriseName = 2
	maxName           = 100
)

// ValidatePersonName checks the name of a person: 1 to 100 characters, at least one
// letter or ideograph, and none that stands for another one.
func ValidatePersonName(s string) error {
	if err := validateName(s, minPersonName); err != nil {
		return err
	}
	if strings.ContainsAny(s, "*＊✱×") || strings.Contains(s, "··") || masksWithX(s) {
		return broken(nameKind, RuleMasked)
	}
	return nil
}

// ValidateEnterpriseName checks the name of an enterprise: 2 to 100 characters, at
// least one letter or ideograph, and none that stands for another one.
//
// A sole trader (个体工商户) may have no name (个体工商户名称登记管理办法, Art. 2). Its
// license has asterisks instead, so these count as its name if the USCC is that of a
// sole trader, 92 (GB 32100-2015, Table 2).
func ValidateEnterpriseName(s, uscc string) error {
	if isUnnamed(s) && strings.HasPrefix(uscc, "92") {
		return nil
	}
	if strings.ContainsAny(s, "*＊") {
		return broken(nameKind, RuleMasked)
	}
	return validateName(s, minEnterpriseName)
}

const nameKind = "name"

// placeholders are the characters that systems write for one that they lost.
const placeholders = "?？\uFFFD\uFFFC□■▢▣▯▮◻◼☐⬜⬛⍰〓"

func validateName(s string, shortest int) error {
	if s == "" {
		return broken(nameKind, RuleEmpty)
	}
	if !utf8.ValidString(s) {
		return broken(nameKind, RuleFormat)
	}
	if n := utf8.RuneCountInString(s); n < shortest || n > maxName {
		return broken(nameKind, RuleLength)
	}
	letters := false
	for _, r := range s {
		switch {
		case r >= 0x4E00 && r <= 0x9FFF: // the common ideographs, without a lookup in the tables
			letters = true
		case unicode.IsControl(r), isDirectionMark(r):
			return broken(nameKind, RuleControl)
		case strings.ContainsRune(placeholders, r):
			return broken(nameKind, RulePlaceholder)
		default:
			letters = letters || unicode.IsLetter(r)
		}
	}
	if !letters {
		return broken(nameKind, RuleFormat)
	}
	return nil
}

// isUnnamed reports whether a name has asterisks only.
func isUnnamed(s string) bool { return s != "" && strings.Trim(s, "*＊") == "" }

// masksWithX reports whether ideographs are followed by at least two letters X, as in
// 赵XX.
func masksWithX(s string) bool {
	rest := strings.TrimRight(s, "xX")
	r, _ := utf8.DecodeLastRuneInString(rest)
	return len(s)-len(rest) >= 2 && unicode.Is(unicode.Han, r)
}
