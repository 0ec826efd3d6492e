package eport

import (
	"strings"
	"testing"

	"github.com/emmansun/gmsm/smx509"
)

func TestAPolicyIsCheckedAsAWhole(t *testing.T) {
	for want, change := range map[string]func(p *Policy){
		"":                          func(*Policy) {},
		" ":                         func(p *Policy) { p.MinRSABits, p.Revocation = 1024, Soft },
		"  ":                        func(p *Policy) { p.MinRSABits, p.Usages = 8192, []string{"1.2.156.1"} },
		"got 1023":                  func(p *Policy) { p.MinRSABits = 1023 },
		"got 8193":                  func(p *Policy) { p.MinRSABits = 8193 },
		"revocation":                func(p *Policy) { p.Revocation = "never" },
		"attributes: want at least": func(p *Policy) { p.Attributes = nil },
		"attributes[1]":             func(p *Policy) { p.Attributes[1].OID = "x" },
		"kind":                      func(p *Policy) { p.Attributes[0].Kind = "other" },
		"usages[0]":                 func(p *Policy) { p.Usages = []string{"1"} },
	} {
		p := DefaultPolicy()
		change(&p)
		want = strings.TrimSpace(want)
		if err := p.Validate(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for _, kind := range []Kind{KindUSCC, KindOrgCode, KindName} {
		p := DefaultPolicy()
		if p.Attributes[0].Kind = kind; p.Validate() != nil {
			t.Errorf("%s: %v", kind, p.Validate())
		}
	}
	for text, want := range map[string]bool{
		"1.2": true, "0.0": true, "1.2.156.10260.4.1.4": true,
		"1": false, "": false, "1.": false, "1.-2": false, "1.02": false, "1.+2": false, "1.x": false,
	} {
		if err := validateOID(text); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAnAuthorityIsCheckedAsAWhole(t *testing.T) {
	good := func() Authority {
		return Authority{CRLs: []string{"http://crl.example/a"}, Certificate: &smx509.Certificate{
			BasicConstraintsValid: true, IsCA: true, KeyUsage: smx509.KeyUsageCertSign, NotAfter: noon,
			PublicKey: rsaKey(2048), PublicKeyAlgorithm: smx509.RSA, SignatureAlgorithm: smx509.SHA256WithRSA,
			RawIssuer: []byte("x"),
		}}
	}
	for want, change := range map[string]func(a *Authority){
		"":                  func(*Authority) {},
		" ":                 func(a *Authority) { a.Certificate.KeyUsage = 0 },
		"  ":                func(a *Authority) { a.CRLs, a.NoCRL = nil, true },
		"   ":               func(a *Authority) { a.CRLs = []string{"https://crl.example/a"} },
		"lacks CA":          func(a *Authority) { a.Certificate.IsCA = false },
		"not an authority":  func(a *Authority) { a.Certificate.BasicConstraintsValid = false },
		"keyCertSign":       func(a *Authority) { a.Certificate.KeyUsage = smx509.KeyUsageDigitalSignature },
		"expired":           func(a *Authority) { a.Certificate.NotAfter = noon.Add(-1) },
		"2047 bits":         func(a *Authority) { a.Certificate.PublicKey = rsaKey(2047) },
		"no address":        func(a *Authority) { a.CRLs = nil },
		`"ftp://crl/a"`:     func(a *Authority) { a.CRLs = []string{"ftp://crl/a"} },
		`"http:///a"`:       func(a *Authority) { a.CRLs = []string{"http:///a"} },
		`"http://u@crl/a"`:  func(a *Authority) { a.CRLs = []string{"http://u@crl/a"} },
		`"http://crl/%zz"`:  func(a *Authority) { a.CRLs = []string{"http://crl/a", "http://crl/%zz"} },
		`"ldap://crl.cn/a"`: func(a *Authority) { a.CRLs = []string{"ldap://crl.cn/a"} },
	} {
		a := good()
		change(&a)
		want = strings.TrimSpace(want)
		if err := a.Validate(noon); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestAnAuthorityHasTheListsOfAllItsCertificates(t *testing.T) {
	lists := func(no bool, crls ...string) Authority { return Authority{CRLs: crls, NoCRL: no} }
	for name, c := range map[string]struct {
		a, b  Authority
		crls  int
		noCRL bool
	}{
		"one has a list":    {lists(false, "a"), lists(true), 1, false},
		"the other has one": {lists(true), lists(false, "a"), 1, false},
		"both have one":     {lists(false, "a"), lists(false, "b"), 2, false},
		"neither":           {lists(true), lists(false), 0, true},
		"neither, reversed": {lists(false), lists(true), 0, true},
		"nobody knows":      {lists(false), lists(false), 0, false},
	} {
		if got := c.a.with(c.b); len(got.CRLs) != c.crls || got.NoCRL != c.noCRL {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestTrustIsReadWholeOrNotAtAll(t *testing.T) {
	policy := DefaultPolicy()
	policy.MinRSABits = 3072
	retired := &AuthorityRecord{Certificate: []byte("x"), RetiredAt: noon}
	if trust, err := TrustOf(nil); err != nil || trust.Policy.MinRSABits != 2048 {
		t.Errorf("%+v, %v", trust, err)
	}
	trust, err := TrustOf([]Setting{{Policy: &policy}, {Authority: retired}, {}})
	if err != nil || trust.Policy.MinRSABits != 3072 {
		t.Errorf("%+v, %v", trust, err)
	}
	for name, s := range map[string]Setting{
		"an unreadable authority": {Authority: &AuthorityRecord{Certificate: []byte("x")}},
		"a wrong policy":          {Policy: &Policy{}},
	} {
		if trust, err := TrustOf([]Setting{s}); err == nil || trust != nil {
			t.Errorf("%s: %+v, %v", name, trust, err)
		}
	}
	const want = "authority-ba7816bf8f01cfea" // FIPS 180-2, B.1
	if got := SettingName(&smx509.Certificate{Raw: []byte("abc")}); got != want {
		t.Errorf("got %s", got)
	}
}
