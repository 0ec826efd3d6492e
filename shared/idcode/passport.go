package idcode

// validatePassport checks the number of a passport that the People's Republic of
// China issued. It has nine characters (National Immigration Administration, series
// in circulation):
//   - ordinary: E or G and 8 digits, or E, a letter and 7 digits;
//   - diplomatic, service, public affairs: D, S or P and 8 digits, or DE, SE or PE
//     and 7 digits;
//   - 1992 series: 14 or 15 and 7 digits;
//   - Hong Kong SAR: H or K and 8 digits, or two letters and 7 digits;
//   - Macao SAR: M or MA and digits.
//
// It refuses passports of other countries (manual, 修改法定代表人信息).
func validatePassport(s string) error {
	kind := string(Passport)
	if len(s) != 9 {
		return broken(kind, RuleLength)
	}
	rest := s[1:]
	switch s[0] {
	case '1':
		if (s[1] == '4' || s[1] == '5') && allDigits(rest) {
			return nil
		}
	case 'E':
		if allDigits(rest) || s[1] >= 'A' && s[1] <= 'Z' && s[1] != 'I' && s[1] != 'O' && allDigits(s[2:]) {
			return nil
		}
	case 'D', 'S', 'P':
		if allDigits(rest) || s[1] == 'E' && allDigits(s[2:]) {
			return nil
		}
	case 'H', 'K', 'M':
		if allDigits(rest) || s[1] >= 'A' && s[1] <= 'Z' && allDigits(s[2:]) {
			return nil
		}
	case 'G':
		if allDigits(rest) {
			return nil
		}
	}
	return broken(kind, RuleFormat)
}
