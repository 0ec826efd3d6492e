package idcode

import "time"

// ValidateResidentID checks a resident ID number (公民身份号码, GB 11643-1999):
// 17 digits and a check character, a province that exists, a birth date that is
// real and not after today. First-generation numbers of 15 digits are
// recognised and refused by a rule of their own, RuleOld15, so that the user can
// be told to give the 18-digit number.
func ValidateResidentID(s string, today time.Time) error {
	return validateCitizen("resident_id", s, today, residentProvince)
}

func validateCitizen(kind, s string, today time.Time, province func(int) bool) error {
	if s == "" {
		return broken(kind, RuleEmpty)
	}
	if len(s) == 15 && allDigits(s) {
		return broken(kind, RuleOld15)
	}
	if len(s) != 18 {
		return broken(kind, RuleLength)
	}
	if !allDigits(s[:17]) || (s[17] < '0' || s[17] > '9') && s[17] != 'X' {
		return broken(kind, RuleAlphabet)
	}
	if !province(int(s[0]-'0')*10 + int(s[1]-'0')) {
		return broken(kind, RuleRegion)
	}
	d, ok := parseDate(s[6:14])
	if !ok || d.year < 1800 || d.after(dateOf(today)) {
		return broken(kind, RuleBirthDate)
	}
	if mod112(s) != s[17] {
		return broken(kind, RuleCheck)
	}
	return nil
}

// residentProvince holds the first two digits of GB/T 2260 codes, with 71, 81,
// 82 for Taiwan, Hong Kong and Macao, and 83 as used for residents from Taiwan.
func residentProvince(p int) bool {
	switch {
	case p >= 11 && p <= 15, p >= 21 && p <= 23, p >= 31 && p <= 37, p >= 41 && p <= 46,
		p >= 50 && p <= 54, p >= 61 && p <= 65, p == 71, p >= 81 && p <= 83:
		return true
	}
	return false
}

// ResidentIDCheck returns the check character for the first 17 digits; ok is
// false when they are not 17 digits.
func ResidentIDCheck(first17 string) (check byte, ok bool) {
	if len(first17) != 17 || !allDigits(first17) {
		return 0, false
	}
	return mod112(first17), true
}

// mod112 is ISO 7064 MOD 11-2 over the first 17 digits (GB 11643-1999, 4.2).
func mod112(s string) byte {
	p := 0
	for i := range 17 {
		p = (p + int(s[i]-'0')) * 2 % 11
	}
	if c := (12 - p) % 11; c != 10 {
		return byte('0' + c)
	}
	return 'X'
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
