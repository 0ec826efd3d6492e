package realname

import (
	"encoding/base64"
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"realname/shared/idcode"
)

// Email normalizes and validates an address: at most 254 characters (RFC 5321,
// 4.1.2), a dot in the domain, and no display name.
func (f *Fields) Email(pointer, value string) string {
	value = strings.TrimSpace(value)
	parsed, err := mail.ParseAddress(value)
	at := strings.LastIndexByte(value, '@')
	if err != nil || parsed.Address != value || len(value) > 254 || at < 1 || !strings.Contains(value[at+1:], ".") {
		f.Add(pointer, "email", "format")
		return value
	}
	return value[:at+1] + strings.ToLower(value[at+1:])
}

// Fields normalizes the fields of a request and collects every broken rule, so
// that the user sees all of them at once.
type Fields struct{ list []FieldError }

// Add records a broken rule of a field.
func (f *Fields) Add(pointer, kind, rule string) {
	f.list = append(f.list, FieldError{Pointer: pointer, Kind: kind, Rule: rule})
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
	for _, e := range f.list {
		for _, p := range pointers {
			if e.Pointer == p {
				return false
			}
		}
	}
	return true
}

// Err returns CodeInvalidRequest with every broken rule, or nil.
func (f *Fields) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Error{Code: CodeInvalidRequest, Fields: f.list}
}

// Code normalizes and validates a code such as a USCC.
func (f *Fields) Code(pointer, value string, validate func(string) error) string {
	value = idcode.NormalizeCode(value)
	f.AddErr(pointer, validate(value))
	return value
}

// Name normalizes and validates a name.
func (f *Fields) Name(pointer, value string) string {
	value = idcode.NormalizeName(value)
	f.AddErr(pointer, idcode.ValidateName(value))
	return value
}

// Text normalizes a line of free text and validates its length in characters.
func (f *Fields) Text(pointer, value string, least, most int) string {
	value = idcode.NormalizeName(value)
	if n := utf8.RuneCountInString(value); n < least || n > most {
		f.Add(pointer, "text", "length")
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
	p.Name = f.Name(prefix+"/name", p.Name)
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
	value = idcode.NormalizeCode(value)
	if len(value) != 6 || strings.Trim(value, "0123456789") != "" {
		f.Add(pointer, "sms_code", "format")
	}
	return value
}

// LoginName normalizes and validates a login name: 3 to 64 letters, digits and the
// characters . _ - @.
func (f *Fields) LoginName(pointer, value string) string {
	value = strings.TrimSpace(value)
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
