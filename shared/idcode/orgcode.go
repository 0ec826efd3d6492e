package idcode

// orgWeights are the weights of GB 11714-1997, 4.
var orgWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// ValidateOrgCode checks an organization code (组织机构代码, GB 11714-1997):
// eight digits or capital letters and a check character, 0–9 or X (MOD 11).
func ValidateOrgCode(s string) error {
	const kind = "org_code"
	if s == "" {
		return broken(kind, RuleEmpty)
	}
	if len(s) != 9 {
		return broken(kind, RuleLength)
	}
	for i := range 8 {
		if orgValue(s[i]) < 0 {
			return broken(kind, RuleAlphabet)
		}
	}
	if orgCodeCheck(s[:8]) != s[8] {
		return broken(kind, RuleCheck)
	}
	return nil
}

// OrgCodeCheck returns the check character for the first eight characters; ok is
// false if they are not eight digits or capital letters.
func OrgCodeCheck(first8 string) (check byte, ok bool) {
	if len(first8) != 8 {
		return 0, false
	}
	for i := range len(first8) {
		if orgValue(first8[i]) < 0 {
			return 0, false
		}
	}
	return orgCodeCheck(first8), true
}

func orgCodeCheck(s string) byte {
	sum := 0
	for i, w := range orgWeights {
		sum += orgValue(s[i]) * w
	}
	switch c := 11 - sum%11; c {
	case 10:
		return 'X'
	case 11:
		return '0'
	default:
		return byte('0' + c)
	}
}

func orgValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return -1
}
