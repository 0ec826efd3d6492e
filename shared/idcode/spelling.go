package idcode

import "strings"

// Spellings returns how a name is written in a question to a provider: first the
// standard spelling of documents, then, if the name has a character with a second
// encoding, the other spelling. Providers compare character by character.
//
// In a name with ideographs, the standard spelling has full-width brackets, the
// quotation marks “ ” and the full-width dash (GB/T 15834-2011). In a name of letters,
// it has capitals, hyphens and straight apostrophes, as travel documents print it
// (ICAO Doc 9303-3, 3.4).
//
// Second encodings are the private-use twins of 80 rare characters, which data of
// before GB 18030-2022 keeps; the dash, which licenses print as — or －; and the zero,
// which GB 2312 did not have, so that older data has ○ for 〇.
func Spellings(name string) []string {
	first := standardSpelling(NormalizeName(name))
	for _, other := range []func(rune) rune{twinOf, otherDash, otherZero} {
		if second := strings.Map(other, first); second != first {
			return []string{first, second}
		}
	}
	return []string{first}
}

func standardSpelling(name string) string {
	if !strings.ContainsFunc(name, isHan) {
		return strings.Map(func(r rune) rune {
			if r = unify(r, apostrophes, '\''); isDash(r) {
				return '-'
			}
			return r
		}, strings.ToUpper(name))
	}
	open := false
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(doubleQuotes, r):
			if open = !open; open {
				return '“'
			}
			return '”'
		case isDash(r) && r != '—':
			return '－'
		}
		r = unify(r, openBrackets, '（')
		r = unify(r, closeBrackets, '）')
		if r != '○' {
			r = unify(r, zeros, '〇')
		}
		return r
	}, name)
}

// unify returns the standard character if r is one of its look-alikes, otherwise r.
func unify(r rune, lookalikes string, standard rune) rune {
	if strings.ContainsRune(lookalikes, r) {
		return standard
	}
	return r
}

func twinOf(r rune) rune {
	if twin, ok := privateUse(r); ok {
		return twin
	}
	return r
}

func otherDash(r rune) rune {
	switch r {
	case '－':
		return '—'
	case '—':
		return '－'
	}
	return r
}

func otherZero(r rune) rune {
	switch r {
	case '〇':
		return '○'
	case '○':
		return '〇'
	}
	return r
}
