package dynamojson

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"realname/shared/table"
)

// Limits of a number (Amazon DynamoDB Developer Guide, "Naming rules and data
// types": 38 significant digits, magnitude from 1E-130 to 9.99…E+125).
const (
	maxDigits   = 38
	minExponent = -130
	maxExponent = 125
)

// Number returns a JSON number in the spelling that DynamoDB returns: no exponent
// and no unneeded zeros.
// Errors: table.ErrInvalid for a number beyond the limits. The error does not hold
// the value, since it may be personal.
func Number(s string) (string, error) {
	if plain(s) {
		return s, nil
	}
	if !json.Valid([]byte(s)) || strings.Trim(s, "0123456789+-.eE") != "" {
		return "", fmt.Errorf("%w: not a number", table.ErrInvalid)
	}
	unsigned := strings.TrimPrefix(s, "-")
	mantissa, power, _ := strings.Cut(strings.ToLower(unsigned), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "0", nil
	}
	exponent := 0 // of the last digit
	if power != "" {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil {
			return "", fmt.Errorf("%w: number out of range", table.ErrInvalid)
		}
	}
	exponent -= len(fraction)
	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	digits = trimmed
	if first := exponent + len(digits) - 1; len(digits) > maxDigits || first < minExponent || first > maxExponent {
		return "", fmt.Errorf("%w: number out of range", table.ErrInvalid)
	}
	if len(unsigned) < len(s) {
		return "-" + place(digits, exponent), nil
	}
	return place(digits, exponent), nil
}

// plain reports whether a number is a positive integer within the limits, as almost
// every number of an item is. DynamoDB returns it as it is.
func plain(s string) bool {
	if s == "" || len(s) > maxDigits || s[0] == '0' {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// place writes digits; the last one has the value of ten to the power of exponent.
func place(digits string, exponent int) string {
	switch point := len(digits) + exponent; {
	case exponent >= 0:
		return digits + strings.Repeat("0", exponent)
	case point > 0:
		return digits[:point] + "." + digits[point:]
	default:
		return "0." + strings.Repeat("0", -point) + digits
	}
}
