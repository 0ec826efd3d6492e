// Package strength rates new passwords with zxcvbn (Wheeler, "zxcvbn: Low-Budget
// Password Strength Estimation", USENIX Security 2016). Its word lists add several
// milliseconds to the start of a program, so no function links it: see package apart.
package strength

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
	"github.com/trustelem/zxcvbn/frequency"

	"realname/shared/idcode"
)

// Length of a password in characters. NIST SP 800-63B, 5.1.1.2, requires at
// least 8, and at least 64 to be allowed.
const (
	least = 8
	most  = 128
)

// score is zxcvbn's rating "safely unguessable": at least 10^8 guesses.
const score = 3

// Rule returns the rule that a new password breaks, or "" (accounts.Strength). The password
// must not be guessable from the words in about.
func Rule(password string, about []string) string {
	if n := utf8.RuneCountInString(password); n < least || n > most {
		return "length"
	}
	if idcode.HasDirectionMark(password) { // a copied mark, which the user cannot type again
		return string(idcode.RuleControl)
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
	if zxcvbn.PasswordStrength(string(affordable([]rune(password))), about).Score < score {
		return "too_weak"
	}
	return ""
}
