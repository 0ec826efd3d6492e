package realname_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"realname/shared/idcode"
	"realname/shared/realname"
)

const (
	inUse = "91350203M0001QKT19"  // an unusual code
	card  = "6222021234567890123" // an unusual number
)

func TestUnusualValuesNeedTheConfirmationOfTheirPointer(t *testing.T) {
	read := func(uscc, number string, confirmed ...string) (code realname.Code, rule []string) {
		f := realname.Fields{Confirmed: confirmed}
		f.USCC("/uscc", uscc)
		f.BankCard("/bankCardNumber", number)
		return realname.CodeOf(f.Err()), rules(&f)
	}
	const usual, usualCard = "91130100MA0R01NM09", "6222021234567890128"
	const foreign = "/confirmed/0:confirmed:unknown"
	for _, c := range []struct {
		name         string
		uscc, number string
		confirmed    []string
		code         realname.Code
		rules        []string
	}{
		{"usual", usual, usualCard, nil, "", nil},
		{"usual and confirmed", usual, usualCard, []string{"/uscc", "/uscc"}, "", nil},
		{
			"unusual", inUse, card, nil, realname.CodeConfirmationNeeded,
			[]string{"/uscc:uscc:check_character", "/bankCardNumber:bank_card:luhn"},
		},
		{
			"one confirmed", inUse, card,
			[]string{"/uscc"},
			realname.CodeConfirmationNeeded,
			[]string{"/bankCardNumber:bank_card:luhn"},
		},
		{"both confirmed", inUse, card, []string{"/bankCardNumber", "/uscc"}, "", nil},
		{"another pointer", inUse, card, []string{"/name"}, realname.CodeInvalidRequest, []string{foreign}},
		{"no pointer", usual, usualCard, []string{""}, realname.CodeInvalidRequest, []string{foreign}},
		{
			"a broken structure cannot be confirmed", "000000000000000000", card,
			[]string{"/uscc", "/bankCardNumber"},
			realname.CodeInvalidRequest,
			[]string{"/uscc:uscc:department"},
		},
	} {
		if code, broken := read(c.uscc, c.number, c.confirmed...); code != c.code || !slices.Equal(broken, c.rules) {
			t.Errorf("%s: %s %v", c.name, code, broken)
		}
	}
}

// Whatever the last character of a code is: it passes at once, or after a
// confirmation.
func TestACheckCharacterAloneNeverRefuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := inUse[:17] + string(rapid.SampledFrom([]rune("0123456789ABCDEFGHJKLMNPQRTUWXY")).Draw(t, "last"))
		var f realname.Fields
		f.USCC("/uscc", code)
		err := f.Err()
		check, _ := idcode.USCCCheck(code[:17])
		if usual := check == code[17]; usual != (err == nil) {
			t.Fatalf("%s: %v", code, err)
		}
		f.Confirmed = []string{"/uscc"}
		if err := f.Err(); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		var e *realname.Error
		if err != nil && (!errors.As(err, &e) || e.Code != realname.CodeConfirmationNeeded) {
			t.Fatalf("%s: %v", code, err)
		}
	})
}
