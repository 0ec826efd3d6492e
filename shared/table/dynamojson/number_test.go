package dynamojson

import (
	"errors"
	"strings"
	"testing"

	"realname/shared/table"
)

func TestNumbersHaveOneSpelling(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "0.000": "0", "0e999999": "0", "1": "1", "-1.50": "-1.5", "1.0": "1", "120": "120",
		"1.5E2": "150", "1e-3": "0.001", "-12.5e-1": "-1.25", "100e-2": "1", "0.5": "0.5",
		"9e125":  "9" + strings.Repeat("0", 125),
		"1e-130": "0." + strings.Repeat("0", 129) + "1",
		"1234567890123456789012345678901234567800": "1234567890123456789012345678901234567800", // 38 digits and two zeros
	} {
		if got, err := Number(in); err != nil || got != want {
			t.Errorf("%s: got %s %v, want %s", in, got, err, want)
		}
	}
}

func TestInvalidNumbersAreRefused(t *testing.T) {
	for _, in := range []string{
		"", " 1", "1 ", "+1", "01", ".5", "5.", "1e", "0x1", "NaN", "Infinity", "true", "null", "\"1\"", "[]",
		"1e126", "1e-131", "1e99999999999999999999", strings.Repeat("1", 39),
	} {
		if got, err := Number(in); !errors.Is(err, table.ErrInvalid) {
			t.Errorf("%q: got %q %v", in, got, err)
		}
	}
}
