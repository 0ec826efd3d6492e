package verification_test

import (
	"errors"
	"slices"
	"testing"

	"realname/shared/realname"
	"realname/shared/verification"
)

func TestBothDatesAreNamedWhenBothAreWrong(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		from, to string
		want     []string
	}{
		{"20160230", "2036", []string{"/validFrom date", "/validTo date"}},
		{"", "", []string{"/validFrom empty", "/validTo empty"}},
		{"20160425", "", []string{"/validTo empty"}},
		{"00000000", "00000000", []string{"/validFrom date"}},
		{"20160425", "20360426", []string{"/validTo validity_length"}},
		{"21000101", "21100101", []string{"/validFrom not_started"}},
	} {
		_, err := b.SubmitLegalRepresentative(t.Context(), verification.SubmitRequest{}, verification.IdentityAnswer{
			By: realname.ByIDCard, ValidFrom: c.from, ValidTo: c.to,
		})
		var refused *realname.Error
		if !errors.As(err, &refused) {
			t.Fatal(err)
		}
		var got []string
		for _, f := range refused.Fields {
			got = append(got, f.Pointer+" "+f.Rule)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q to %q: %v, want %v", c.from, c.to, got, c.want)
		}
	}
}
