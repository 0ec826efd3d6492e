package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"realname/shared/realname"
)

// MaxBody is the largest request body, in bytes.
const MaxBody = 16 * 1024

// maxString is the longest string, in characters, of a field for which the
// contract sets no length.
const maxString = 512

// Codes of requests that are refused before they are decoded.
const (
	codeTooLarge  realname.Code = "body_too_large"
	codeMediaType realname.Code = "unsupported_media_type"
)

// Body reads a request's JSON body of at most MaxBody. It can be called once.
// Errors: body_too_large, unsupported_media_type.
func Body(r *http.Request) ([]byte, error) {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	if err != nil || mediaType != "application/json" || charset != "" && !isUTF8(charset) {
		return nil, &realname.Error{Code: codeMediaType}
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	if len(raw) > MaxBody {
		return nil, &realname.Error{Code: codeTooLarge}
	}
	return raw, nil
}

// isUTF8 reports whether a charset is UTF-8. Some clients write it without the hyphen.
func isUTF8(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

// Decode decodes a JSON object strictly into a struct. It refuses invalid UTF-8,
// a second value, unknown and duplicate fields, missing fields without omitempty,
// null where the contract does not allow it, control characters, and strings that
// are too long. It keeps every string as it is: names, codes and passwords each have
// a normal form of their own.
// Errors: realname.CodeInvalidRequest with the pointer of each invalid field.
func Decode(raw []byte, into any) error {
	if !utf8.Valid(raw) {
		return invalid("", "body", "utf8")
	}
	fields, err := objectFields(raw, "")
	if err != nil {
		return err
	}
	var broken []realname.FieldError
	check(&broken, "", fields, reflect.TypeOf(into).Elem())
	if broken != nil {
		return &realname.Error{Code: realname.CodeInvalidRequest, Fields: broken}
	}
	if err := json.Unmarshal(raw, into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return invalid("/"+strings.ReplaceAll(wrong.Field, ".", "/"), "value", "type")
		}
		return invalid("", "body", "json")
	}
	return nil
}

func invalid(pointer, kind, rule string) error {
	return &realname.Error{
		Code:   realname.CodeInvalidRequest,
		Fields: []realname.FieldError{{Pointer: pointer, Kind: kind, Rule: rule}},
	}
}

// objectFields splits an object into its members. It refuses a duplicate member,
// which encoding/json accepts.
func objectFields(raw []byte, at string) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil {
		return nil, invalid(at, "body", "json")
	} else if t != json.Delim('{') {
		return nil, invalid(at, "value", "type")
	}
	fields := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, invalid(at, "body", "json")
		}
		if _, twice := fields[name]; twice {
			return nil, invalid(at+"/"+pointerOf(name), "field", "twice")
		}
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return nil, invalid(at, "body", "json")
		}
		fields[name] = v
	}
	if _, err := d.Token(); err != nil {
		return nil, invalid(at, "body", "json")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, invalid(at, "body", "json")
	}
	return fields, nil
}

// check compares an object's members with a struct's fields.
func check(broken *[]realname.FieldError, at string, fields map[string]json.RawMessage, t reflect.Type) {
	add := func(pointer, kind, rule string) {
		*broken = append(*broken, realname.FieldError{Pointer: pointer, Kind: kind, Rule: rule})
	}
	known := map[string]bool{}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		known[name] = true
		value, given := fields[name]
		pointer := at + "/" + name
		switch {
		case !given && strings.Contains(options, "omitempty"):
		case string(value) == "null" && nullable(t.Field(i)):
		case string(value) == "null" && strings.Contains(options, "omitempty"):
			add(pointer, "value", "type") // the field is optional, but not nullable
		case !given || string(value) == "null":
			add(pointer, "field", "missing")
		case kindOf(t.Field(i).Type) == reflect.Struct:
			inner, err := objectFields(value, pointer)
			if err != nil {
				var e *realname.Error
				if errors.As(err, &e) {
					*broken = append(*broken, e.Fields...)
				}
				continue
			}
			check(broken, pointer, inner, t.Field(i).Type)
		case kindOf(t.Field(i).Type) == reflect.String:
			if rule := checkString(value, limitOf(t.Field(i))); rule != "" {
				add(pointer, "value", rule)
			}
		case kindOf(t.Field(i).Type) == reflect.Slice:
			if rule, at := checkStrings(value); rule != "" {
				add(pointer+at, "value", rule)
			}
		}
	}
	for name := range fields {
		if !known[name] {
			add(at+"/"+pointerOf(name), "field", "unknown")
		}
	}
}

// kindOf returns the kind of a field, or of the value that it points to.
func kindOf(t reflect.Type) reflect.Kind {
	if t.Kind() == reflect.Pointer {
		return t.Elem().Kind()
	}
	return t.Kind()
}

// nullable reports whether the contract allows null for a field.
func nullable(f reflect.StructField) bool { return f.Tag.Get("nullable") == "true" }

// limitOf returns the longest string, in characters, that a field accepts: the
// contract's maxLength, which api/limits.overlay.yaml turns into the field's tag.
func limitOf(f reflect.StructField) int {
	if n, err := strconv.Atoi(f.Tag.Get("limit")); err == nil {
		return n
	}
	return maxString
}

// checkStrings checks a list of strings. It returns the broken rule and the pointer in
// the list.
func checkStrings(raw json.RawMessage) (rule, at string) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return "type", ""
	}
	for i, item := range list {
		rule := checkString(item, maxString)
		if string(item) == "null" {
			rule = "type"
		}
		if rule != "" {
			return rule, "/" + strconv.Itoa(i)
		}
	}
	return "", ""
}

func checkString(raw json.RawMessage, limit int) (rule string) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "type"
	}
	if utf8.RuneCountInString(s) > limit {
		return "length"
	}
	if strings.ContainsFunc(s, realname.Unreadable) {
		return "control_character"
	}
	return ""
}

// pointerOf escapes a member's name (RFC 6901, 3). It shortens a hostile name and
// makes it printable, since the response repeats it.
func pointerOf(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 40 {
		name = string(r[:40])
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// NFKC converts a text to the form in which login names are compared (Unicode Standard
// Annex 15).
func NFKC(s string) string { return norm.NFKC.String(s) }
