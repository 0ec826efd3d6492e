package idcode

import "time"

// ValidateResidentID checks a resident ID number (公民身份号码, GB 11643-1999): 17
// digits and a check character, with an existing province and a birth date that
// exists and is not after today. A first-generation number of 15 digits breaks its
// own rule, RuleOld15, so that the page can ask for the 18-digit number. So does the
// number of a residence permit for residents of Hong Kong, Macao or Taiwan: it has
// 18 digits too, but it is another document with a type of its own.
//
// The birth date may be in any century: the standard's own example was born in 1880.
func ValidateResidentID(s string, today time.Time) error {
	const kind = string(ResidentID)
	if err := validateCitizen(kind, s, today, residentProvince); err != nil {
		return err
	}
	switch residenceType(s, ResidentID) {
	case HKMacaoResidence:
		return broken(kind, RuleHKMacao)
	case TaiwanResidence:
		return broken(kind, RuleTaiwan)
	}
	return nil
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

// residentProvince is province with 83, which is used for residents from Taiwan.
func residentProvince(p int) bool { return p == 83 || province(p) }

// province reports whether a number is the first two digits of a GB/T 2260 code. 71,
// 81 and 82 are Taiwan, Hong Kong and Macao.
func province(p int) bool {
	switch {
	case p >= 11 && p <= 15, p >= 21 && p <= 23, p >= 31 && p <= 37, p >= 41 && p <= 46,
		p >= 50 && p <= 54, p >= 61 && p <= 65, p == 71, p == 81, p == 82:
		return true
	}
	return false
}

// ResidentIDCheck returns the check character for the first 17 digits; ok is false
// if they are not 17 digits.
func ResidentIDCheck(first17 string) (check byte, ok bool) {
	if len(first17) != 17 || !allDigits(first17) {
		return 0, false
	}
	return mod112(first17), true
}

// mod112 returns the ISO 7064 MOD 11-2 check character of the first 17 digits (GB
// 11643-1999, 4.2).
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
