package idcode

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NormalizeName returns the display form of the name of a person or an enterprise:
// what the document says, without what typing and old encodings did to it. Names are
// stored and shown in this form.
//
//   - Letters and digits are half-width. In a name with ideographs, brackets are
//     full-width, as licenses print them.
//   - Look-alikes of the middle dot become ·, U+00B7 (民委发〔2016〕33号, 1). Dots and
//     full stops do so only between ideographs: J. Smith keeps his.
//   - Spaces next to an ideograph, dot or bracket are dropped: the card of 赵安国 may
//     print 赵 安 国, but the name in the register has no spaces. Other spaces are
//     single.
//   - Private-use twins and compatibility ideographs become the standard characters.
//   - Invisible characters are dropped, except direction marks, which the validators
//     refuse because they change what a reader sees.
func NormalizeName(s string) string {
	if plain(s) {
		return s
	}
	for { // what a removed character kept apart can combine
		next := normalizeNameOnce(s)
		if next == s {
			return s
		}
		s = next
	}
}

func normalizeNameOnce(s string) string {
	s = norm.NFC.String(strings.Map(nameCharacter, s))
	runes := []rune(s)
	han := strings.ContainsFunc(s, isHan)
	out := make([]rune, 0, len(runes))
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		last, next := before(out), after(runes[i+1:])
		switch {
		case unicode.IsSpace(r):
			if last != 0 && last != ' ' && next != 0 && !tight(last) && !tight(next) {
				out = append(out, ' ')
			}
			continue
		case r == '\u0307' && (isHan(last) || last == ' '): // what NFKC made of ˙
			if last == ' ' {
				out = out[:len(out)-1]
			}
			r = '·'
		case isStop(r) && isHan(last) && isHan(next):
			r = '·'
		case han && r == '(':
			r = '（'
		case han && r == ')':
			r = '）'
		}
		out = append(out, r)
	}
	return string(out)
}

// before returns the last character, or 0.
func before(out []rune) rune {
	if len(out) == 0 {
		return 0
	}
	return out[len(out)-1]
}

// after returns the first character that is not a space, or 0.
func after(rest []rune) rune {
	for _, r := range rest {
		if !unicode.IsSpace(r) {
			return r
		}
	}
	return 0
}

// tight reports whether no space belongs next to a character.
func tight(r rune) bool {
	return isHan(r) || r == '·' || r > unicode.MaxASCII && strings.ContainsRune(openBrackets+closeBrackets, r)
}

// nameCharacter returns a character of a name in display form, as far as it does not
// depend on its neighbors.
func nameCharacter(r rune) rune {
	switch {
	case isInvisible(r) && !isDirectionMark(r):
		return -1
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
		return r - 0xFEE0
	case unicode.IsSpace(r):
		return ' '
	case isDot(r):
		return '·'
	case r >= 0x2F00 && r <= 0x2FD5: // Kangxi radicals, which PDF files have for ideographs
		return []rune(norm.NFKC.String(string(r)))[0]
	}
	return standard(r)
}

// SameName reports whether two names have the same comparison form.
func SameName(a, b string) bool { return a == b || NameKey(a) == NameKey(b) }

// NameKey returns the comparison form of the name of a person or an enterprise. Two
// names are the same if their comparison forms are equal; it is never shown or sent.
// Beyond the display form it ignores spaces, letter case and compatibility forms, and
// folds the look-alikes of dots, dashes, brackets, quotation marks, apostrophes and
// the zero 〇. The asterisks of an unnamed sole trader are one name.
func NameKey(s string) string {
	for {
		next := nameKeyOnce(s)
		if next == s {
			return s
		}
		s = next
	}
}

func nameKeyOnce(s string) string {
	if s = NormalizeName(s); plain(s) {
		return s
	}
	if isUnnamed(s) {
		return "*"
	}
	// NFKC would take look-alikes apart, such as ´ into a space and an accent.
	s = norm.NFKC.String(strings.Map(fold, s))
	var b strings.Builder
	var last rune
	for _, r := range strings.ToUpper(s) {
		r = fold(r)
		if unicode.IsSpace(r) || r == '-' && last == '-' { // a dash can be two characters long
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// fold returns the one character that stands for all its look-alikes.
func fold(r rune) rune {
	switch {
	case isDot(r), isStop(r):
		return '·'
	case isDash(r):
		return '-'
	case strings.ContainsRune(doubleQuotes, r):
		return '"'
	case strings.ContainsRune(apostrophes, r):
		return '\''
	case strings.ContainsRune(openBrackets, r):
		return '('
	case strings.ContainsRune(closeBrackets, r):
		return ')'
	case strings.ContainsRune(openTitles, r):
		return '《'
	case strings.ContainsRune(closeTitles, r):
		return '》'
	case strings.ContainsRune(zeros, r):
		return '〇'
	}
	return r
}

// Characters that are written for each other.
const (
	doubleQuotes  = "\"“”„‟″〝〞〟＂「」『』﹁﹂﹃﹄｢｣"
	apostrophes   = "'‘’‚‛′‵`´ʹʻʼʽˈˊˋ՚ꞌ＇｀"
	openBrackets  = "(（﹙⁽[［【〔〖﹝{｛〘〚"
	closeBrackets = ")）﹚⁾]］】〕〗﹞}｝〙〛"
	openTitles    = "《〈«‹≪⟨⟪"
	closeTitles   = "》〉»›≫⟩⟫"
	zeros         = "〇○◯⚪⭕"
)

// isDot reports whether a character is the middle dot or looks like it.
func isDot(r rune) bool {
	return r >= '·' && strings.ContainsRune("·•‧・･˙⸱⸳ㆍꞏ·∙⋅●⦁⚫⬤᛫ᐧ𐄁", r)
}

// isStop reports whether a character is a full stop, which keyboards offer for the
// middle dot.
func isStop(r rune) bool { return strings.ContainsRune(".．﹒․。｡︒", r) }

func isHan(r rune) bool { return r >= 0x2E80 && unicode.Is(unicode.Han, r) }

// plain reports whether a name has common ideographs only, which need no change.
func plain(s string) bool {
	for _, r := range s {
		if r < 0x4E00 || r > 0x9FFF {
			return false
		}
	}
	return true
}
