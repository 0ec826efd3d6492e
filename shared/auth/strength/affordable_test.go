package strength

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/trustelem/zxcvbn"
)

// costly are passwords of 64 characters on which zxcvbn takes longest, found by a search
// that changes one for the worse again and again.
var costly = []string{
	"4@8({[<369[1!|10$5+7%2{@8({[<36961!|10$5+7%24@8({[<3696$!|10$5+7",
	"1!1!|1!|1!/11!1!|1!|1!1!1!|1|1!|1!1!|7!|1!|1|1!|1!41!1!|1!||1!1!",
	"4@({[<86!|10$5+7%2@4({[<86!|10$5+7%2@4({[<86!|10$5+7%2@4({[<86!|",
	strings.Repeat("1!|7", 16),
	strings.Repeat("4@8({[<3", 8),
	strings.Repeat("a", 64),
}

// work returns the number of lookups that the rating of a beginning of n characters
// makes, up to a constant factor.
func work(rated []rune) int {
	symbols := map[rune]map[rune]bool{}
	for _, c := range rated {
		for _, letter := range readings[c] {
			if symbols[letter] == nil {
				symbols[letter] = map[rune]bool{}
			}
			symbols[letter][c] = true
		}
	}
	ways := 1
	for _, s := range symbols {
		ways *= len(s)
	}
	return ways * len(rated) * len(rated)
}

func TestTheWorkOfARatingIsBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("4@8({[<3691!|70$5+%2zaé长")
	passwords := costly
	for range 2000 {
		p := make([]rune, 1+r.IntN(most))
		for i := range p {
			p[i] = alphabet[r.IntN(len(alphabet))]
		}
		passwords = append(passwords, string(p))
	}
	for _, p := range passwords {
		rated := affordable([]rune(p))
		if work(rated) > budget || len(rated) > longest {
			t.Errorf("%q: rated as %q", p, string(rated))
		}
		if n := len([]rune(p)); n <= longest && (len(rated) < min(12, n) || !strings.HasPrefix(p, string(rated))) {
			t.Errorf("%q: only %q is rated", p, string(rated))
		}
	}
}

// No password passes that would not pass if its first 64 characters were rated, as they
// once were.
func TestTheBeginningIsNotRatedTooHigh(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	words := []string{
		"password", "p@$$w0rd", "dr@g0n", "4dm1n", "l3tm31n", "qwerty", "!@#$%^", "1996", "20/11/1996", "abcdef", "9876",
		"m0nk3y", "{[<", "7|!1", "(({", "shijiazhuang", "zxcvbn", "aaa", "8a", "x7$Kq", "长城",
	}
	wrong := 0
	for range 400 {
		unit := ""
		for range 1 + r.IntN(3) {
			unit += words[r.IntN(len(words))]
		}
		p := []rune(strings.Repeat(unit, 1+r.IntN(6)))
		p = p[:min(len(p), 64)]
		whole := zxcvbn.PasswordStrength(string(p), nil)
		if rated := affordable(p); len(rated) < len(p) && whole.Score < score &&
			zxcvbn.PasswordStrength(string(rated), nil).Score >= score {
			wrong++
			t.Logf("%q passes by %q, but has %g guesses", string(p), string(rated), whole.Guesses)
		}
	}
	if wrong > 0 {
		t.Errorf("%d weak passwords pass", wrong)
	}
}

func TestStrongPasswordsOfManySymbolsPass(t *testing.T) {
	for _, p := range costly[:1] {
		if rule := Rule(p, nil); rule != "" {
			t.Errorf("%q: %s", p, rule)
		}
	}
	if rule := Rule("4@({[<86!|1$5", nil); rule != "" {
		t.Error(rule)
	}
}

// BenchmarkRule measures a rating of the costliest passwords, and what zxcvbn takes for
// all of their 64 characters.
func BenchmarkRule(b *testing.B) {
	for i, p := range costly {
		b.Run(fmt.Sprintf("password=%d", i), func(b *testing.B) {
			for b.Loop() {
				Rule(p, nil)
			}
			begun := time.Now()
			zxcvbn.PasswordStrength(p, nil)
			b.ReportMetric(float64(time.Since(begun).Microseconds())/1000, "whole-ms")
		})
	}
}
