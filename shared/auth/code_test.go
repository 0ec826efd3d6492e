package auth

import (
	"math/rand/v2"
	"testing"
)

// Each of a million codes is equally likely: the first and the last three digits
// pass a chi-squared test (999 degrees of freedom, 1 in 10,000 on either side).
// The seed is fixed, so the draws are always the same.
func TestCodesAreDrawnFromTheWholeSpace(t *testing.T) {
	random := rand.NewChaCha8([32]byte{1})
	const draws = 200_000
	var beginnings, ends [1000]float64
	for range draws {
		code, err := NewCode(random)
		if err != nil || len(code) != 6 {
			t.Fatalf("%q %v", code, err)
		}
		number := func(text string) (n int) {
			for _, c := range text {
				n = 10*n + int(c-'0')
			}
			return n
		}
		beginnings[number(code[:3])]++
		ends[number(code[3:])]++
	}
	for name, counts := range map[string][1000]float64{"beginnings": beginnings, "ends": ends} {
		chi := 0.0
		for _, n := range counts {
			chi += (n - draws/1000.0) * (n - draws/1000.0) / (draws / 1000.0)
		}
		if chi < 840 || chi > 1170 {
			t.Errorf("%s: chi-squared %.0f of 999", name, chi)
		}
	}
}
