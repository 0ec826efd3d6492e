package idcode

import "time"

// IDType is a kind of identity document.
type IDType string

// The accepted ID types.
const (
	ResidentID               IDType = "resident_id"                // 居民身份证
	Passport                 IDType = "passport"                   // 护照, issued by the PRC
	HKMacaoPermit            IDType = "hk_macao_permit"            // 港澳居民来往内地通行证
	HKMacaoResidence         IDType = "hk_macao_residence"         // 港澳居民居住证
	TaiwanPermit             IDType = "taiwan_permit"              // 台湾居民来往大陆通行证
	TaiwanResidence          IDType = "taiwan_residence"           // 台湾居民居住证
	ForeignPermanentResident IDType = "foreign_permanent_resident" // 外国人永久居留身份证
)

// ParseIDType returns the ID type with that name; ok is false for any other.
func ParseIDType(name string) (t IDType, ok bool) {
	switch t = IDType(name); t {
	case ResidentID, Passport, HKMacaoPermit, HKMacaoResidence, TaiwanPermit, TaiwanResidence, ForeignPermanentResident:
		return t, true
	}
	return "", false
}

// ValidateID checks a document number by the format of its type.
func ValidateID(t IDType, number string, today time.Time) error {
	if number == "" {
		return broken(string(t), RuleEmpty)
	}
	switch t {
	case ResidentID:
		return ValidateResidentID(number, today)
	case Passport:
		return validatePassport(number)
	case HKMacaoPermit:
		return validateHKMacaoPermit(number)
	case HKMacaoResidence:
		return validateCitizen(string(t), number, today, func(p int) bool { return p == 81 || p == 82 })
	case TaiwanPermit:
		return validateTaiwanPermit(number)
	case TaiwanResidence:
		return validateCitizen(string(t), number, today, func(p int) bool { return p == 83 })
	case ForeignPermanentResident:
		return validateForeignResident(number, today)
	}
	return broken("id_type", RuleFormat)
}

// validateHKMacaoPermit requires H (Hong Kong) or M (Macao) and 8 digits. Older
// cards have 2 more digits for the issue (NumberKey).
func validateHKMacaoPermit(s string) error {
	if len(s) != 9 && len(s) != 11 {
		return broken(string(HKMacaoPermit), RuleLength)
	}
	if s[0] != 'H' && s[0] != 'M' || !allDigits(s[1:]) {
		return broken(string(HKMacaoPermit), RuleFormat)
	}
	return nil
}

// validateTaiwanPermit requires 8 digits, or 10 on one-time and older permits (card
// of 2015), which may have the issuing authority in brackets: 0561682001(D).
func validateTaiwanPermit(s string) error {
	digits := s
	if len(s) == 13 && s[10] == '(' && s[12] == ')' && (allDigits(s[11:12]) || allCapitals(s[11:12])) {
		digits = s[:10]
	}
	if len(digits) != 8 && len(digits) != 10 {
		return broken(string(TaiwanPermit), RuleLength)
	}
	if !allDigits(digits) {
		return broken(string(TaiwanPermit), RuleFormat)
	}
	return nil
}

// validateForeignResident requires three letters and 12 digits on cards of 2017,
// and on cards of 2023 18 characters that begin with 9 and end with a MOD 11-2
// check character.
func validateForeignResident(s string, today time.Time) error {
	kind := string(ForeignPermanentResident)
	switch len(s) {
	case 15:
		if !allCapitals(s[:3]) || !allDigits(s[3:]) {
			return broken(kind, RuleFormat)
		}
		return nil
	case 18:
		if s[0] != '9' || !allDigits(s[:17]) {
			return broken(kind, RuleFormat)
		}
		if d, ok := parseDate(s[6:14]); !ok || d.after(dateOf(today)) {
			return broken(kind, RuleBirthDate)
		}
		if mod112(s) != s[17] {
			return broken(kind, RuleCheck)
		}
		return nil
	}
	return broken(kind, RuleLength)
}

func allCapitals(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
