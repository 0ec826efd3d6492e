package accounts_test

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/vault"
)

// docs/security.md states the odds of guessing. They follow from the limits and the
// codes. A change of these requires a change of the document.
func TestTheOddsOfGuessingAreAsStated(t *testing.T) {
	raw, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, odds, found := strings.Cut(string(raw), "**Odds of guessing.**")
	odds, _, _ = strings.Cut(odds, "\n\n")
	states := func(figure string) {
		t.Helper()
		if !found || !strings.Contains(odds, figure) {
			t.Errorf("the document does not state %q: %s", figure, odds)
		}
	}
	l := realname.DefaultLimits()
	const codes = 1_000_000 // six digits: auth's TestCodesAreDrawnFromTheWholeSpace
	if l.SMSCodeTries != 5 || l.SMSPerNumberPerDay != 5 {
		t.Errorf("%d guesses of a code, %d codes a day", l.SMSCodeTries, l.SMSPerNumberPerDay)
	}
	states("5 in 1,000,000")
	states("25 in 1,000,000")
	day := float64(l.SMSCodeTries*l.SMSPerNumberPerDay) / codes
	if all := 1 - math.Pow(1-day, 1000); math.Round(all*1000) != 25 {
		t.Errorf("1,000 numbers for a day: %f", all)
	}
	states("2.5 %")

	lock, now, guesses := auth.DefaultLockout(), time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), 0
	var failures auth.Failures
	for end := now.Add(24 * time.Hour); now.Before(end); guesses++ { // as fast as the lock allows
		failures = lock.Wrong(failures, now)
		now = now.Add(lock.Locked(failures, now))
	}
	if guesses != 480 {
		t.Errorf("%d guesses of a password a day", guesses)
	}
	states("480 a day")

	code, err := accounts.ActivationCode(vault.Ephemeral(), "a", 1)
	if err != nil {
		t.Fatal(err)
	}
	code = strings.ReplaceAll(code, "-", "")
	if bits := 5 * len(code); bits != 80 {
		t.Errorf("an activation code of %d bits", bits)
	}
	states("80 bits")
}
