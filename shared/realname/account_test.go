package realname_test

import (
	"testing"
	"time"

	"realname/shared/realname"
)

func TestActivationCodesAreReadAsTyped(t *testing.T) {
	const code = "0123-4567-89AB-CDEF"
	for in, want := range map[string]string{
		code: code, "o12345678 9abcdef": code, "OI23456789ABCDEF": code, "0L23456789ABCDEF": code,
		"0123456789ABCDE": "", "0123456789ABCDEF0": "", "": "",
	} {
		if got := realname.NormalizeActivationCode(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	hash := func(s string) string { return "#" + s }
	activation := &realname.Activation{Hash: hash(code), ExpiresAt: noon}
	for name, c := range map[string]struct {
		activation *realname.Activation
		code       string
		at         time.Time
		want       bool
	}{
		"the right one":       {activation, "0123456789abcdef", noon.Add(-1), true},
		"at its end":          {activation, code, noon, false},
		"another one":         {activation, "1123-4567-89AB-CDEF", noon.Add(-1), false},
		"no code":             {activation, "", noon.Add(-1), false},
		"an account with one": {nil, code, noon.Add(-1), false},
		"the hash of nothing": {&realname.Activation{Hash: hash(""), ExpiresAt: noon}, "", noon.Add(-1), false},
	} {
		if got := c.activation.Accepts(hash, c.code, c.at); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
