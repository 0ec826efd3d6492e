package eport

import (
	"context"
	"crypto/rsa"
	"crypto/x509/pkix"
	"errors"
	"log/slog"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// rsaKey is a public key of so many bits, which nobody could sign with.
func rsaKey(bits uint) *rsa.PublicKey {
	return &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), bits-1), E: 65537}
}

func wantRefusal(t *testing.T, name string, err error, want realname.Code) {
	t.Helper()
	if got := codeOf(err); got != want || (err == nil) != (want == "") {
		t.Errorf("%s: got %v, want %q", name, err, want)
	}
}

func TestAChallengeIs256Bits(t *testing.T) {
	got, err := NewChallenge(strings.NewReader(strings.Repeat("\xff", 32)))
	if err != nil || got != strings.Repeat("_", 42)+"8" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := NewChallenge(strings.NewReader(strings.Repeat("\xff", 31))); err == nil || got != "" {
		t.Errorf("of 31 bytes: %q, %v", got, err)
	}
}

func TestAnSM2SignatureIsReadAsDEROrAs64Bytes(t *testing.T) {
	raw := slices.Concat(slices.Repeat([]byte{1}, 32), slices.Repeat([]byte{2}, 32))
	want := slices.Concat([]byte{0x30, 68, 2, 32}, raw[:32], []byte{2, 32}, raw[32:])
	if got := derSignature(raw); !slices.Equal(got, want) {
		t.Errorf("got %x", got)
	}
	der64 := append([]byte{0x30, 62}, make([]byte, 62)...)
	for _, sig := range [][]byte{want, raw[:63], append(raw, 3), {}, der64} {
		if got := derSignature(sig); !slices.Equal(got, sig) {
			t.Errorf("%x became %x", sig, got)
		}
	}
}

func TestAnInstantIsMovedIntoTheValidity(t *testing.T) {
	c := &smx509.Certificate{NotBefore: noon, NotAfter: noon.Add(time.Hour)}
	for at, want := range map[time.Duration]struct {
		moved time.Duration
		code  realname.Code
	}{
		-1: {0, realname.CodeCardNotYetValid}, 0: {0, ""}, time.Minute: {time.Minute, ""}, time.Hour: {time.Hour, ""},
		time.Hour + 1: {time.Hour, realname.CodeCardExpired},
	} {
		if got := within(c, noon.Add(at)); !got.Equal(noon.Add(want.moved)) {
			t.Errorf("%v: %v", at, got)
		}
		wantRefusal(t, at.String(), checkValidity(c, noon.Add(at)), want.code)
	}
}

func TestInspectionJudgesByEveryCheck(t *testing.T) {
	v := &Verifier{
		Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
		Trust: func(context.Context, *smx509.Certificate) (*Trust, error) { return NewTrust(DefaultPolicy(), nil), nil },
	}
	c := &smx509.Certificate{
		PublicKey: rsaKey(2048), PublicKeyAlgorithm: smx509.RSA, NotBefore: noon, NotAfter: noon,
		SerialNumber: big.NewInt(1), Raw: []byte("x"),
	}
	c.Subject.Names = []pkix.AttributeTypeAndValue{{Type: []int{2, 5, 4, 97}, Value: "91130100MA0R01NM09"}}
	inspect := func(e *realname.CardEnterprise) (codes []string) {
		findings, err := v.Inspect(t.Context(), c, e)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			codes = append(codes, f.Check+" "+string(f.Code))
		}
		return codes
	}
	want := []string{
		"key and certificate signature ", "validity ", "chain card_issuer_unknown", "usage ", "enterprise ",
		"revocation card_issuer_unknown",
	}
	if got := inspect(nil); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	want[4] = "enterprise card_enterprise_mismatch"
	if got := inspect(&realname.CardEnterprise{USCC: "x"}); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	c.Subject.Names = nil
	want[4] = "enterprise card_enterprise_missing"
	if got := inspect(nil); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	broken := errors.New("no network")
	v.Trust = func(context.Context, *smx509.Certificate) (*Trust, error) { return nil, broken }
	if findings, err := v.Inspect(t.Context(), c, nil); !errors.Is(err, broken) || findings != nil {
		t.Errorf("%v, %v", findings, err)
	}
}
