package accountfile

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"realname/shared/idcode"
)

// Rules of codes that a spreadsheet stored as numbers. It keeps 15 digits.
const (
	ruleScientific = "scientific_number"
	ruleRounded    = "rounded_number"
	spreadsheet    = 15
)

var scientific = regexp.MustCompile(`^[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+$`)

// codeText returns the text of a code's cell without the apostrophe by which
// spreadsheets mark a text.
func codeText(cell string) string {
	cell = strings.TrimFunc(cell, isBlank)
	for _, apostrophe := range []string{"'", "’", "＇"} {
		if rest, ok := strings.CutPrefix(cell, apostrophe); ok {
			return rest
		}
	}
	return cell
}

// numberRule returns what a spreadsheet did to a code that breaks the rule, or the rule.
func numberRule(text, rule string) string {
	text = norm.NFKC.String(strings.TrimFunc(text, isBlank))
	if scientific.MatchString(text) {
		return ruleScientific
	}
	code := idcode.NormalizeCode(text)
	checked := rule == string(idcode.RuleCheck) || rule == string(idcode.RuleOrgCode)
	if checked && len(code) > spreadsheet && strings.Trim(code, "0123456789") == "" &&
		strings.Trim(code[spreadsheet:], "0") == "" {
		return ruleRounded
	}
	return rule
}
