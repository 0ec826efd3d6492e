package idcode

import "errors"

// Rule names the rule that a value broke.
type Rule string

// The rules of this package.
const (
	RuleEmpty          Rule = "empty"
	RuleLength         Rule = "length"
	RuleAlphabet       Rule = "alphabet"
	RuleFormat         Rule = "format"
	RuleCheck          Rule = "check_character"
	RuleDepartment     Rule = "department"
	RuleRegion         Rule = "region"
	RuleOrgCode        Rule = "org_code" // the organization code inside a USCC
	RuleBirthDate      Rule = "birth_date"
	RuleOld15          Rule = "old_15_digit" // a first-generation ID number: void since 2013
	RuleLuhn           Rule = "luhn"
	RuleDate           Rule = "date"
	RuleNotStarted     Rule = "not_started"
	RuleExpired        Rule = "expired"
	RuleOrder          Rule = "order"
	RuleValidityLength Rule = "validity_length"
	RuleControl        Rule = "control_character"
	RulePlaceholder    Rule = "placeholder" // a character that stands for a lost one
	RuleMasked         Rule = "masked"      // a name with hidden characters, such as 赵**
	// RuleHKMacao and RuleTaiwan name the type of document that the number belongs to.
	RuleHKMacao Rule = "hk_macao_residence"
	RuleTaiwan  Rule = "taiwan_residence"
)

// Error names the rule that a value of one kind broke. It never holds the value.
type Error struct {
	Code string // the kind: "uscc", "org_code", "resident_id", …
	Rule Rule
}

func (e *Error) Error() string { return e.Code + ": " + string(e.Rule) }

func broken(code string, rule Rule) error { return &Error{Code: code, Rule: rule} }

// RuleOf returns the rule of a validation's error, or "format" for any other error.
func RuleOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return string(e.Rule)
	}
	return string(RuleFormat)
}
