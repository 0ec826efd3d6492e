// Package strength judges new passwords with zxcvbn (Wheeler, "zxcvbn: Low-Budget
// Password Strength Estimation", USENIX Security 2016). Its word lists cost a
// function that links it several milliseconds at the start, so only the function
// that sets passwords does.
package strength

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
	"github.com/trustelem/zxcvbn/frequency"
)

// Bounds of a password, in characters (NIST SP 800-63B, 5.1.1.2, asks for at
// least 8 and leave for 64).
const (
	least = 8
	most  = 128
)

// score is zxcvbn's "safely unguessable": 10^8 guesses or more.
const score = 3

// Rule implements realname.Strength.
func Rule(password string, about []string) string {
	if n := utf8.RuneCountInString(password); n < least || n > most {
		return "length"
	}
	folded := strings.ToLower(password)
	for _, word := range about {
		word = strings.ToLower(strings.TrimSpace(word))
		if word != "" && (folded == word || utf8.RuneCountInString(word) >= 4 && strings.Contains(folded, word)) {
			return "login_name"
		}
	}
	if slices.Contains(frequency.FrequencyLists["passwords"], folded) {
		return "common"
	}
	// zxcvbn's time grows with the square of the length; what is longer than this
	// is judged by its beginning.
	runes := []rune(password)
	if zxcvbn.PasswordStrength(string(runes[:min(len(runes), 64)]), about).Score < score {
		return "too_weak"
	}
	return ""
}
