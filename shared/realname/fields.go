package realname

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"realname/shared/idcode"
)

// Email normalizes and validates an address: at most 254 characters (RFC 5321,
// 4.1.2), a dot in the domain, and no display name.
func (f *Fields) Email(pointer, value string) string {
	value = strings.TrimSpace(norm.NFKC.String(value))
	parsed, err := mail.ParseAddress(value)
	at := strings.LastIndexByte(value, '@')
	if err != nil || parsed.Address != value || len(value) > 254 || at < 1 || !strings.Contains(value[at+1:], ".") ||
		idcode.HasDirectionMark(value) {
		f.Add(pointer, "email", "format")
		return value
	}
	return value[:at+1] + strings.ToLower(value[at+1:])
}

// Fields normalizes the fields of a request or of a row, and collects every broken
// rule, so that the user sees all of them at once.
type Fields struct {
	// Confirmed holds the pointers of the unusual values that the user has compared
	// with the document.
	Confirmed []string

	broken      []FieldError
	unusual     []FieldError
	confirmable []string
}

// Add records a broken rule of a field.
func (f *Fields) Add(pointer, kind, rule string) {
	f.broken = append(f.broken, FieldError{Pointer: pointer, Kind: kind, Rule: rule})
}

// AddErr records the rule that a validator of idcode reports, if any.
func (f *Fields) AddErr(pointer string, err error) {
	var e *idcode.Error
	if errors.As(err, &e) {
		f.Add(pointer, e.Code, string(e.Rule))
	} else if err != nil {
		f.Add(pointer, "value", "format")
	}
}

// Clean reports whether none of these fields breaks a rule.
func (f *Fields) Clean(pointers ...string) bool {
	for _, e := range f.broken {
		for _, p := range pointers {
			if e.Pointer == p {
				return false
			}
		}
	}
	return true
}

// Unreadable reports whether no field accepts a character: control characters, line
// and paragraph separators, and U+FFFD, which stands for a lost character.
func Unreadable(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError
}

// Broken returns every broken rule.
func (f *Fields) Broken() []FieldError { return f.broken }

// Unusual returns the rules that make values unusual, confirmed or not.
func (f *Fields) Unusual() []FieldError { return f.unusual }

// Err returns CodeInvalidRequest with every broken rule. Without one, it returns
// CodeConfirmationNeeded with the unusual values that are not confirmed, or nil. A
// confirmation of any other field breaks a rule.
func (f *Fields) Err() error {
	broken := slices.Clone(f.broken)
	for i, pointer := range f.Confirmed {
		if !slices.Contains(f.confirmable, pointer) {
			broken = append(broken, FieldError{Pointer: fmt.Sprintf("/confirmed/%d", i), Kind: "confirmed", Rule: "unknown"})
		}
	}
	if len(broken) > 0 {
		return &Error{Code: CodeInvalidRequest, Fields: broken}
	}
	var open []FieldError
	for _, e := range f.unusual {
		if !slices.Contains(f.Confirmed, e.Pointer) {
			open = append(open, e)
		}
	}
	if len(open) > 0 {
		return &Error{Code: CodeConfirmationNeeded, Fields: open}
	}
	return nil
}

// USCC normalizes a Unified Social Credit Code and validates its structure. A wrong
// check character needs a confirmation.
func (f *Fields) USCC(pointer, value string) string {
	value = f.Code(pointer, value, idcode.ValidateUSCC)
	f.confirm(pointer, idcode.UnusualUSCC(value))
	return value
}

// BankCard normalizes a bank card number and validates its structure. A wrong Luhn
// digit needs a confirmation.
func (f *Fields) BankCard(pointer, value string) string {
	value = f.Code(pointer, value, idcode.ValidateBankCard)
	f.confirm(pointer, idcode.UnusualBankCard(value))
	return value
}

// confirm records the rule that makes a value unusual, if any.
func (f *Fields) confirm(pointer string, err error) {
	f.confirmable = append(f.confirmable, pointer)
	var e *idcode.Error
	if errors.As(err, &e) {
		f.unusual = append(f.unusual, FieldError{Pointer: pointer, Kind: e.Code, Rule: string(e.Rule)})
	}
}

// Code normalizes and validates a code such as an organization code.
func (f *Fields) Code(pointer, value string, validate func(string) error) string {
	value = idcode.NormalizeCode(value)
	f.AddErr(pointer, validate(value))
	return value
}

// OrgCode normalizes and validates the organization code of the enterprise with the
// unified social credit code. Both are compared even if the latter breaks another rule,
// so that the user sees every fault of the two in one round.
func (f *Fields) OrgCode(pointer, value, uscc string) string {
	value = f.Code(pointer, value, idcode.ValidateOrgCode)
	held := idcode.OrgCodeOf(uscc)
	if f.Clean(pointer) && idcode.ValidateOrgCode(held) == nil && held != value {
		f.Add(pointer, "org_code", "differs_from_uscc")
	}
	return value
}

// PersonName normalizes and validates the name of a person.
func (f *Fields) PersonName(pointer, value string) string {
	value = idcode.NormalizeName(value)
	f.AddErr(pointer, idcode.ValidatePersonName(value))
	return value
}

// EnterpriseName normalizes and validates the name of the enterprise with the code.
func (f *Fields) EnterpriseName(pointer, value, uscc string) string {
	value = idcode.NormalizeName(value)
	f.AddErr(pointer, idcode.ValidateEnterpriseName(value, uscc))
	return value
}

// Text normalizes a line of free text and validates its length in characters.
func (f *Fields) Text(pointer, value string, least, most int) string {
	value = idcode.NormalizeText(value)
	n := utf8.RuneCountInString(value)
	switch {
	case n < least || n > most:
		f.Add(pointer, "text", "length")
	case idcode.HasDirectionMark(value):
		f.Add(pointer, "text", string(idcode.RuleControl))
	}
	return value
}

// Mobile normalizes and validates a mobile number.
func (f *Fields) Mobile(pointer, value string) string {
	value = idcode.NormalizeMobile(value)
	f.AddErr(pointer, idcode.ValidateMobile(value))
	return value
}

// Person normalizes and validates a person's fields. Their pointers start with the
// prefix.
func (f *Fields) Person(prefix string, p Person, now time.Time) Person {
	p.Name = f.PersonName(prefix+"/name", p.Name)
	idType, known := idcode.ParseIDType(string(p.IDType))
	if !known {
		f.Add(prefix+"/idType", "id_type", "unknown")
		return p
	}
	p.IDType = idType
	p.IDNumber = idcode.NormalizeCode(p.IDNumber)
	f.AddErr(prefix+"/idNumber", idcode.ValidateID(idType, p.IDNumber, now.In(china())))
	return p
}

// Validity normalizes and validates the dates of an ID card.
func (f *Fields) Validity(from, to string, now time.Time) (string, string) {
	from, to = idcode.NormalizeCode(from), idcode.NormalizeCode(to)
	start, end := idcode.ValidateValidityStart(from), idcode.ValidateValidityEnd(to)
	f.AddErr("/validFrom", start)
	f.AddErr("/validTo", end)
	if start != nil || end != nil {
		return from, to
	}
	err := idcode.ValidateValidity(from, to, now.In(china()))
	pointer := "/validTo"
	var e *idcode.Error
	if errors.As(err, &e) && e.Code == "valid_from" {
		pointer = "/validFrom"
	}
	f.AddErr(pointer, err)
	return from, to
}

// SMSCode normalizes a code and validates that it has six digits.
func (f *Fields) SMSCode(pointer, value string) string {
	value = idcode.NormalizeSMSCode(value)
	f.AddErr(pointer, idcode.ValidateSMSCode(value))
	return value
}

// LoginName normalizes and validates a login name: 3 to 64 letters, digits and the
// characters . _ - @.
func (f *Fields) LoginName(pointer, value string) string {
	value = strings.TrimSpace(norm.NFKC.String(value))
	if n := len([]rune(value)); n < 3 || n > 64 {
		f.Add(pointer, "login_name", "length")
	}
	for _, r := range value {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@", r) {
			f.Add(pointer, "login_name", "alphabet")
			break
		}
	}
	return value
}

// Base64 decodes a text, which must not be empty.
func (f *Fields) Base64(pointer, kind, text string) []byte {
	raw, err := base64.StdEncoding.DecodeString(text)
	switch {
	case text == "":
		f.Add(pointer, kind, "empty")
	case err != nil:
		f.Add(pointer, kind, "base64")
	}
	return raw
}
