package eport

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm2"
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

func TestOnlyKeysThatProveSomethingSuit(t *testing.T) {
	sm2Key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const bad = realname.CodeCardUnsuitable
	for name, c := range map[string]struct {
		key  any
		kind smx509.PublicKeyAlgorithm
		by   smx509.SignatureAlgorithm
		want realname.Code
	}{
		"shortest RSA":  {rsaKey(2048), smx509.RSA, smx509.SHA256WithRSA, ""},
		"shorter RSA":   {rsaKey(2047), smx509.RSA, smx509.SHA256WithRSA, bad},
		"longest RSA":   {rsaKey(8192), smx509.RSA, smx509.SHA256WithRSA, ""},
		"longer RSA":    {rsaKey(8193), smx509.RSA, smx509.SHA256WithRSA, bad},
		"SM2":           {sm2Key.Public(), smx509.ECDSA, smx509.SM2WithSM3, ""},
		"P-256":         {p256.Public(), smx509.ECDSA, smx509.ECDSAWithSHA256, bad},
		"RSA by SHA-1":  {rsaKey(2048), smx509.RSA, smx509.SHA1WithRSA, bad},
		"SM2 by SHA-1":  {sm2Key.Public(), smx509.ECDSA, smx509.ECDSAWithSHA1, bad},
		"RSA by MD5":    {rsaKey(2048), smx509.RSA, smx509.MD5WithRSA, bad},
		"RSA by an SM2": {rsaKey(2048), smx509.RSA, smx509.SM2WithSM3, ""},
	} {
		certificate := &smx509.Certificate{PublicKey: c.key, PublicKeyAlgorithm: c.kind, SignatureAlgorithm: c.by}
		wantRefusal(t, name, suitable(certificate, DefaultPolicy()), c.want)
	}
	for want, c := range map[string]*smx509.Certificate{
		"SM2": {PublicKey: sm2Key.Public(), PublicKeyAlgorithm: smx509.ECDSA},
		"RSA": {PublicKey: rsaKey(2048), PublicKeyAlgorithm: smx509.RSA}, "ECDSA": {PublicKeyAlgorithm: smx509.ECDSA},
	} {
		if got := keyKind(c); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestACertificateIsDescribedByNumberAndIssuer(t *testing.T) {
	for serial, want := range map[int64]string{0xab: "AB", 0xabc: "0ABC", 1: "01", 0x100: "0100"} {
		c := &smx509.Certificate{SerialNumber: big.NewInt(serial)}
		if got := number(c); got != want {
			t.Errorf("%d: got %s, want %s", serial, got, want)
		}
	}
	for want, issuer := range map[string]pkix.Name{
		"Root": {CommonName: "Root", Country: []string{"CN"}}, "C=CN": {Country: []string{"CN"}},
	} {
		c := &smx509.Certificate{Issuer: issuer}
		if got := issuerName(c); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for length, tooLong := range map[int]bool{8192: false, 8193: true} {
		_, err := ParseCertificate(make([]byte, length))
		if !errors.Is(err, errCertificate) || strings.Contains(err.Error(), "longer") != tooLong {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
	_, err := new(Verifier).ReadCard([]byte("x"))
	if realname.CodeOf(err) != realname.CodeInvalidRequest {
		t.Errorf("%v", err)
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

func TestOnlySigningUsagesCount(t *testing.T) {
	const sign, encrypt = smx509.KeyUsageDigitalSignature, smx509.KeyUsageKeyEncipherment
	for name, c := range map[string]struct {
		certificate smx509.Certificate
		want        realname.Code
	}{
		"unrestricted":        {smx509.Certificate{}, ""},
		"signing":             {smx509.Certificate{KeyUsage: sign}, ""},
		"signing and more":    {smx509.Certificate{KeyUsage: sign | encrypt}, ""},
		"encryption":          {smx509.Certificate{KeyUsage: encrypt}, realname.CodeCardUsageWrong},
		"an authority":        {smx509.Certificate{BasicConstraintsValid: true, IsCA: true}, realname.CodeCardUsageWrong},
		"not an authority":    {smx509.Certificate{BasicConstraintsValid: true}, ""},
		"an unread authority": {smx509.Certificate{IsCA: true}, ""},
		"another usage": {
			smx509.Certificate{ExtKeyUsage: []smx509.ExtKeyUsage{smx509.ExtKeyUsageServerAuth}}, realname.CodeCardUsageWrong,
		},
	} {
		wantRefusal(t, name, checkUsage(&c.certificate, DefaultPolicy()), c.want)
	}
	for usage, oid := range map[smx509.ExtKeyUsage]string{
		smx509.ExtKeyUsageServerAuth: "1.3.6.1.5.5.7.3.1", smx509.ExtKeyUsageClientAuth: "1.3.6.1.5.5.7.3.2",
		smx509.ExtKeyUsageCodeSigning: "1.3.6.1.5.5.7.3.3", smx509.ExtKeyUsageEmailProtection: "1.3.6.1.5.5.7.3.4",
		smx509.ExtKeyUsageTimeStamping: "1.3.6.1.5.5.7.3.8", smx509.ExtKeyUsageOCSPSigning: "1.3.6.1.5.5.7.3.9",
		smx509.ExtKeyUsageAny: "1.2.3", smx509.ExtKeyUsageIPSECUser: "",
	} {
		c := &smx509.Certificate{ExtKeyUsage: []smx509.ExtKeyUsage{usage}}
		if !allowsUsage(c, oid) {
			t.Errorf("%d does not allow %q", usage, oid)
		}
		if other := "1.2.4"; allowsUsage(c, other) != (usage == smx509.ExtKeyUsageAny) {
			t.Errorf("%d allows %s", usage, other)
		}
	}
	own := &smx509.Certificate{UnknownExtKeyUsage: []asn1.ObjectIdentifier{{1, 2, 156, 1}}}
	if !allowsUsage(own, "1.2.156.1") || allowsUsage(own, "1.2.156.2") {
		t.Error("a usage of its own is not judged by its OID")
	}
	if !allowsUsage(&smx509.Certificate{}, "1.2.156.2") {
		t.Error("an unrestricted certificate does not allow a usage")
	}
	policy := DefaultPolicy()
	wantRefusal(t, "a usage of its own", checkUsage(own, policy), realname.CodeCardUsageWrong)
	policy.Usages = []string{"1.2.156.1"}
	wantRefusal(t, "a configured usage", checkUsage(own, policy), "")
}

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
		oid, err := parseOID(text)
		if (err == nil) != want || want && oid.String() != text {
			t.Errorf("%q: %v, %v", text, oid, err)
		}
	}
}

func TestTheEnterpriseIsNamedByEveryAttribute(t *testing.T) {
	e := realname.CardEnterprise{USCC: "91130100MA0R01NM09", OrgCode: "MA0R01NM0", Name: "企业（北京）"}
	const other, unnamed = realname.CodeCardWrongEnterprise, realname.CodeCardUnnamed
	policy := Policy{Attributes: []Attribute{
		{OID: "2.5.4.97", Kind: KindUSCC, Prefix: "NTRCN-"},
		{OID: "2.5.4.11", Kind: KindOrgCode},
		{OID: "2.5.4.10", Kind: KindName},
	}}
	for name, c := range map[string]struct {
		uscc, org, company string
		changed            bool
		want               realname.Code
	}{
		"the USCC":                   {"NTRCN-91130100MA0R01NM09", "", "", false, ""},
		"the USCC, written small":    {"NTRCN-91130100ma0r01nm09", "", "", false, ""},
		"the USCC without a prefix":  {"91130100MA0R01NM09", "", "", false, unnamed},
		"no USCC":                    {"NTRCN-x", "", "", false, unnamed},
		"another USCC":               {"NTRCN-9113000034801880XB", "", "", false, other},
		"the code":                   {"", "MA0R01NM-0", "", false, ""},
		"another code":               {"", "34801880X", "", false, other},
		"no code":                    {"", "Sales", "", false, unnamed},
		"the name":                   {"", "", "企业(北京)", false, ""},
		"another name":               {"", "", "企业(上海)", false, other},
		"a name given by itself":     {"", "", "企业(北京)", true, unnamed},
		"a name beside a code":       {"", "MA0R01NM0", "企业(北京)", true, ""},
		"another name beside a code": {"", "MA0R01NM0", "企业(上海)", true, other},
		"nothing":                    {"", "", "", false, unnamed},
	} {
		subject := &smx509.Certificate{}
		for oid, value := range map[int]string{97: c.uscc, 11: c.org, 10: c.company} {
			if value != "" {
				named := pkix.AttributeTypeAndValue{Type: []int{2, 5, 4, oid}, Value: value}
				subject.Subject.Names = append(subject.Subject.Names, named)
			}
		}
		e.Changed = c.changed
		wantRefusal(t, name, matchEnterprise(subject, policy, e), c.want)
	}
	numbers := &smx509.Certificate{}
	numbers.Subject.Names = []pkix.AttributeTypeAndValue{{Type: []int{2, 5, 4, 10}, Value: 5}}
	if got := Names(numbers, policy); len(got) != 0 {
		t.Errorf("a number names %v", got)
	}
}

func TestAnExtensionNamesByOneString(t *testing.T) {
	text := func(tag byte, value string) []byte { return append([]byte{tag, byte(len(value))}, value...) }
	for name, c := range map[string]struct {
		der  []byte
		want string
	}{
		"UTF-8":            {text(asn1.TagUTF8String, "企业"), "企业"},
		"printable":        {text(asn1.TagPrintableString, "A"), "A"},
		"IA5":              {text(asn1.TagIA5String, "A"), "A"},
		"numeric":          {text(asn1.TagNumericString, "1"), "1"},
		"octets":           {text(asn1.TagOctetString, "A"), ""},
		"not UTF-8":        {text(asn1.TagUTF8String, "\xff"), ""},
		"more behind it":   {append(text(asn1.TagUTF8String, "A"), 0), ""},
		"of another class": {text(0x80|asn1.TagUTF8String, "A"), ""},
		"compound":         {text(0x20|asn1.TagUTF8String, "A"), ""},
		"not DER":          {[]byte("A"), ""},
	} {
		if got, ok := extensionText(c.der); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	c := &smx509.Certificate{Extensions: []pkix.Extension{
		{Id: []int{1, 2, 3}, Value: text(asn1.TagUTF8String, "A")},
		{Id: []int{1, 2, 4}, Value: text(asn1.TagUTF8String, "B")},
	}}
	if got := valuesOf(c, "1.2.4"); !slices.Equal(got, []string{"B"}) {
		t.Errorf("got %v", got)
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

func TestAListCountsFromFiveMinutesBeforeItsDayUntilTheNext(t *testing.T) {
	l := &CRL{ThisUpdate: noon, NextUpdate: noon.Add(time.Hour)}
	for at, want := range map[time.Duration]bool{
		-5*time.Minute - 1: false, -5 * time.Minute: true, 0: true, time.Hour - 1: true, time.Hour: false,
	} {
		if got := l.Fresh(noon.Add(at)); got != want {
			t.Errorf("%v: %v", at, got)
		}
	}
	for name, c := range map[string]struct {
		this time.Time
		than *CRL
		want bool
	}{
		"the first": {noon, nil, true}, "a later one": {noon.Add(1), l, true}, "the same": {noon, l, true},
		"an earlier one": {noon.Add(-1), l, false},
	} {
		if got := newer(&CRL{ThisUpdate: c.this}, c.than); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAListCoversTheCertificatesOfItsScope(t *testing.T) {
	card := &smx509.Certificate{CRLDistributionPoints: []string{"", "http://crl/1"}}
	ca := &smx509.Certificate{BasicConstraintsValid: true, IsCA: true}
	unread := &smx509.Certificate{IsCA: true}
	for name, c := range map[string]struct {
		scope            scope
		card, ca, unread bool
	}{
		"everything":       {scope{}, true, true, true},
		"users":            {scope{usersOnly: true}, true, false, true},
		"authorities":      {scope{casOnly: true}, false, true, false},
		"its point":        {scope{points: []string{"", "http://crl/1"}}, true, false, false},
		"another point":    {scope{points: []string{"", "http://crl/2"}}, false, false, false},
		"no address at it": {scope{points: []string{""}}, false, false, false},
	} {
		l := &CRL{scope: c.scope}
		if l.Covers(card) != c.card || l.Covers(ca) != c.ca || l.Covers(unread) != c.unread {
			t.Errorf("%s: %v, %v, %v", name, l.Covers(card), l.Covers(ca), l.Covers(unread))
		}
	}
}

func TestAScopeIsReadOrRefused(t *testing.T) {
	sequenceOf := func(fields ...[]byte) []byte {
		all := slices.Concat(fields...)
		return append([]byte{0x30, byte(len(all))}, all...)
	}
	address := []byte{0xa0, 5, 0xa0, 3, 0x86, 1, 'a'}
	for name, c := range map[string]struct {
		der  []byte
		want string // points, users only, authorities only, partial; "" for an error
	}{
		"nothing":             {sequenceOf(), "[] false false false"},
		"users":               {sequenceOf([]byte{0x81, 1, 0xff}), "[] true false false"},
		"users, not":          {sequenceOf([]byte{0x81, 1, 0}), "[] false false false"},
		"users, of two bytes": {sequenceOf([]byte{0x81, 2, 0xff, 0xff}), "[] false false false"},
		"authorities":         {sequenceOf([]byte{0x82, 1, 0xff}), "[] false true false"},
		"some reasons":        {sequenceOf([]byte{0x83, 2, 0, 0}), "[] false false true"},
		"indirect":            {sequenceOf([]byte{0x84, 1, 0xff}), "[] false false true"},
		"indirect, not":       {sequenceOf([]byte{0x84, 1, 0}), "[] false false false"},
		"reasons, then not":   {sequenceOf([]byte{0x83, 1, 0}, []byte{0x84, 1, 0}), "[] false false true"},
		"an address":          {sequenceOf(address), `["" "a"] false false false`},
		"another name":        {sequenceOf([]byte{0xa0, 5, 0xa0, 3, 0x82, 1, 'a'}), `[""] false false false`},
		"an address as text":  {sequenceOf([]byte{0xa0, 5, 0xa0, 3, 0x06, 1, 'a'}), `[""] false false false`},
		"a relative name":     {sequenceOf([]byte{0xa0, 5, 0xa1, 3, 0x86, 1, 'a'}), `[""] false false false`},
		"an address and more": {sequenceOf(address, []byte{0x81, 1, 0xff}), `["" "a"] true false false`},
		"not a sequence":      {[]byte{0x31, 0}, ""},
		"of another class":    {[]byte{0xb0, 0}, ""},
		"more behind it":      {append(sequenceOf(), 0), ""},
		"cut off":             {[]byte{0x30, 3, 0x81, 1}, ""},
		"a cut field":         {sequenceOf([]byte{0x81, 3, 0xff}), ""},
		"a universal field":   {sequenceOf([]byte{0x01, 1, 0xff}), ""},
		"a cut name":          {sequenceOf([]byte{0xa0, 2, 0xa0, 3}), ""},
		"a universal name":    {sequenceOf([]byte{0xa0, 2, 0x30, 0}), ""},
		"a cut address":       {sequenceOf([]byte{0xa0, 4, 0xa0, 2, 0x86, 3}), ""},
	} {
		got := ""
		s, err := parseScope(c.der)
		if err == nil {
			got = fmt.Sprintf("%q %v %v %v", s.points, s.usersOnly, s.casOnly, s.partial)
		}
		if got != c.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestAnEntryIsSettledWhileItCountsOrJustFailed(t *testing.T) {
	list := &CRL{ThisUpdate: noon.AddDate(0, 0, -1), NextUpdate: noon.AddDate(0, 0, 1)}
	stale := &CRL{ThisUpdate: noon.AddDate(0, 0, -2), NextUpdate: noon.AddDate(0, 0, -1)}
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	for name, c := range map[string]struct {
		entry crlEntry
		want  bool
	}{
		"nothing":              {crlEntry{}, false},
		"just fetched":         {crlEntry{list: list, fetchedAt: noon}, true},
		"almost an hour old":   {crlEntry{list: list, fetchedAt: ago(time.Hour - 1)}, true},
		"an hour old":          {crlEntry{list: list, fetchedAt: ago(time.Hour)}, false},
		"run out":              {crlEntry{list: stale, fetchedAt: noon}, false},
		"failed 29 s ago":      {crlEntry{triedAt: ago(30*time.Second - 1)}, true},
		"failed 30 s ago":      {crlEntry{triedAt: ago(30 * time.Second)}, false},
		"old, failed just now": {crlEntry{list: list, fetchedAt: ago(time.Hour), triedAt: noon}, true},
	} {
		if got := c.entry.settled(noon); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNamedListsAreAskedFirst(t *testing.T) {
	for _, c := range []struct{ configured, named, want []string }{
		{[]string{"a", "b", "c"}, []string{"c", "x", "b"}, []string{"b", "c", "a"}},
		{[]string{"a", "b"}, nil, []string{"a", "b"}},
		{nil, []string{"a"}, nil},
	} {
		if got := inOrder(c.configured, c.named); !slices.Equal(got, c.want) {
			t.Errorf("%v: got %v", c.configured, got)
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
