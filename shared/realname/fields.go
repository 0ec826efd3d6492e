package realname

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"realname/shared/idcode"
)

// fieldErrors normalises the fields of a request and collects every broken
// rule, so that the user sees all of them at once.
type fieldErrors struct{ list []FieldError }

func (f *fieldErrors) add(pointer, kind, rule string) {
	f.list = append(f.list, FieldError{Pointer: pointer, Kind: kind, Rule: rule})
}

func (f *fieldErrors) addErr(pointer string, err error) {
	var e *idcode.Error
	if errors.As(err, &e) {
		f.add(pointer, e.Code, string(e.Rule))
	} else if err != nil {
		f.add(pointer, "value", "format")
	}
}

func (f *fieldErrors) clean(pointers ...string) bool {
	for _, e := range f.list {
		for _, p := range pointers {
			if e.Pointer == p {
				return false
			}
		}
	}
	return true
}

func (f *fieldErrors) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Error{Code: CodeInvalidRequest, Fields: f.list}
}

func (f *fieldErrors) code(pointer, value string, validate func(string) error) string {
	value = idcode.NormalizeCode(value)
	f.addErr(pointer, validate(value))
	return value
}

func (f *fieldErrors) name(pointer, value string) string {
	value = idcode.NormalizeName(value)
	f.addErr(pointer, idcode.ValidateName(value))
	return value
}

// text is a line of free text of at least and at most so many characters.
func (f *fieldErrors) text(pointer, value string, least, most int) string {
	value = idcode.NormalizeName(value)
	if n := utf8.RuneCountInString(value); n < least || n > most {
		f.add(pointer, "text", "length")
	}
	return value
}

func (f *fieldErrors) mobile(pointer, value string) string {
	value = idcode.NormalizeMobile(value)
	f.addErr(pointer, idcode.ValidateMobile(value))
	return value
}

func (f *fieldErrors) person(prefix string, p Person, now time.Time) Person {
	p.Name = f.name(prefix+"/name", p.Name)
	idType, known := idcode.ParseIDType(string(p.IDType))
	if !known {
		f.add(prefix+"/idType", "id_type", "unknown")
		return p
	}
	p.IDType = idType
	p.IDNumber = idcode.NormalizeCode(p.IDNumber)
	f.addErr(prefix+"/idNumber", idcode.ValidateID(idType, p.IDNumber, now.In(china())))
	return p
}

func (f *fieldErrors) validity(from, to string, now time.Time) (string, string) {
	from, to = idcode.NormalizeCode(from), idcode.NormalizeCode(to)
	start, end := idcode.ValidateValidityStart(from), idcode.ValidateValidityEnd(to)
	f.addErr("/validFrom", start)
	f.addErr("/validTo", end)
	if start != nil || end != nil {
		return from, to
	}
	err := idcode.ValidateValidity(from, to, now.In(china()))
	pointer := "/validTo"
	var e *idcode.Error
	if errors.As(err, &e) && e.Code == "valid_from" {
		pointer = "/validFrom"
	}
	f.addErr(pointer, err)
	return from, to
}

func (f *fieldErrors) smsCode(pointer, value string) string {
	value = idcode.NormalizeCode(value)
	if len(value) != 6 || strings.Trim(value, "0123456789") != "" {
		f.add(pointer, "sms_code", "format")
	}
	return value
}
