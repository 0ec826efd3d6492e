package idcode

import "strings"

// usccAlphabet is the alphabet of GB 32100-2015, 4.1: digits and capital
// letters without I, O, S, V and Z. A character's value is its position.
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// usccWeights are 3^(i-1) mod 31 (GB 32100-2015, Annex A).
var usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// usccDepartments are the registering departments of GB 32100-2015, 4.2, as amended:
// 1–9, A (armed forces), N (agriculture) and Y (other).
const usccDepartments = "123456789ANY"

// ValidateUSCC checks the structure of a Unified Social Credit Code (统一社会信用代码,
// GB 32100-2015): 18 characters of its alphabet, an existing department at position
// 1, an existing province at 3–8, and an organization code with its own check at
// 9–17. It does not check the last character (see UnusualUSCC).
func ValidateUSCC(s string) error {
	const kind = "uscc"
	if s == "" {
		return broken(kind, RuleEmpty)
	}
	if len(s) != 18 {
		return broken(kind, RuleLength)
	}
	for i := range len(s) {
		if usccValue(s[i]) < 0 {
			return broken(kind, RuleAlphabet)
		}
	}
	if strings.IndexByte(usccDepartments, s[0]) < 0 {
		return broken(kind, RuleDepartment)
	}
	if !usccRegion(s[2:8]) {
		return broken(kind, RuleRegion)
	}
	if orgCodeCheck(s[8:16]) != s[16] {
		return broken(kind, RuleOrgCode)
	}
	return nil
}

// usccRegion reports whether a region of six digits begins with a province of GB/T
// 2260. 100000 is the national registration authority.
func usccRegion(s string) bool {
	if !allDigits(s) {
		return false
	}
	p := int(s[0]-'0')*10 + int(s[1]-'0')
	return s == "100000" || province(p)
}

// UnusualUSCC returns RuleCheck if the last character of a code with a valid structure
// differs from the check character of GB 32100-2015, Annex A. Some licenses from
// before 2016 have such a code, so this is a reason to ask the user, and never a
// reason to refuse.
func UnusualUSCC(s string) error {
	if ValidateUSCC(s) == nil && usccCheck(s) != s[17] {
		return broken("uscc", RuleCheck)
	}
	return nil
}

// USCCCheck returns the check character for the first 17 characters of a code; ok
// is false if one of them is not in the alphabet.
func USCCCheck(first17 string) (check byte, ok bool) {
	if len(first17) != 17 {
		return 0, false
	}
	for i := range len(first17) {
		if usccValue(first17[i]) < 0 {
			return 0, false
		}
	}
	return usccCheck(first17), true
}

func usccCheck(s string) byte {
	sum := 0
	for i, w := range usccWeights {
		sum += usccValue(s[i]) * w
	}
	return usccAlphabet[(31-sum%31)%31]
}

// usccValue returns a character's value, or -1 if it is not in the alphabet.
func usccValue(c byte) int { return strings.IndexByte(usccAlphabet, c) }

// OrgCodeOf returns the organization code inside a valid code: characters 9–17.
func OrgCodeOf(uscc string) string {
	if len(uscc) != 18 {
		return ""
	}
	return uscc[8:17]
}

// OrgCodeMatches reports whether the organization code is the one inside the
// Unified Social Credit Code, as GB 32100-2015, 4.4, requires.
func OrgCodeMatches(uscc, orgCode string) bool {
	return orgCode != "" && OrgCodeOf(uscc) == orgCode
}
