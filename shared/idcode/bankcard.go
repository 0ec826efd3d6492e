package idcode

// ValidateBankCard checks the structure of a bank card number: 12 to 19 digits. It
// does not check the last digit (see UnusualBankCard).
func ValidateBankCard(s string) error {
	const kind = "bank_card"
	switch {
	case s == "":
		return broken(kind, RuleEmpty)
	case !allDigits(s):
		return broken(kind, RuleAlphabet)
	case len(s) < 12 || len(s) > 19:
		return broken(kind, RuleLength)
	}
	return nil
}

// UnusualBankCard returns RuleLuhn if the last digit of a number with a valid
// structure is not its Luhn check digit (ISO/IEC 7812-1, Annex B). Some banks issue
// such debit cards, so this is a reason to ask the user, and never a reason to refuse.
func UnusualBankCard(s string) error {
	if ValidateBankCard(s) == nil && luhnSum(s, false)%10 != 0 {
		return broken("bank_card", RuleLuhn)
	}
	return nil
}

// BankCardCheck returns the check digit to append to the digits; ok is false if
// another character is among them.
func BankCardCheck(digits string) (check byte, ok bool) {
	if !allDigits(digits) {
		return 0, false
	}
	return byte('0' + (10-luhnSum(digits, true)%10)%10), true
}

func luhnSum(s string, double bool) int {
	sum := 0
	for i := len(s) - 1; i >= 0; i-- {
		d := int(s[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return sum
}
