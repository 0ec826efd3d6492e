package idcode

// ValidateMobile checks a mainland mobile number: 11 digits, the first is 1, the
// second is 3–9 (MIIT numbering plan of the telephone network, 移动通信网网号).
func ValidateMobile(s string) error {
	const kind = "mobile"
	switch {
	case s == "":
		return broken(kind, RuleEmpty)
	case !allDigits(s):
		return broken(kind, RuleAlphabet)
	case len(s) != 11:
		return broken(kind, RuleLength)
	case s[0] != '1' || s[1] < '3':
		return broken(kind, RuleFormat)
	}
	return nil
}
