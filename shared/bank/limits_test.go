package bank_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/shared/bank"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
	"realname/shared/vault"
)

func TestABanksCodeIs2To16CapitalsAndDigits(t *testing.T) {
	for code, want := range map[string]bool{
		"AA": true, "ZZ": true, "A0": true, "Z9": true, "A": false, "": false, "0A": false, "@A": false, "[A": false,
		"aA": false, "AB.": false, "A B": false, "A" + strings.Repeat("9", 15): true, "A" + strings.Repeat("9", 16): false,
	} {
		if got := bank.CodeValid(code); got != want {
			t.Errorf("%q: got %v", code, got)
		}
	}
}

func TestABankIsReachedOverHTTPSOrOnThisMachine(t *testing.T) {
	const host, https, plain = "want a URL with a host", "want an https URL", "want a host of letters"
	for link, want := range map[string]string{
		"https://bank.example/in": "", "https://bank.example/in?a=b": "", "/sandbox/bank": "",
		"http://localhost/in": "", "http://127.0.0.1:8080/in": "", "http://[::1]/in": "",
		"http://bank.example/in": https, "http://192.0.2.1/in": https, "ftp://localhost/in": https, "mailto:a@b.cn": host,
		"//bank.example/in": https, "/in\\x": host, "in": host, "https:///x": host, "https://u@bank.example/": host,
		"https://bank.example;x/": plain, "https://a,b.example/": plain, "https://*.example/": plain,
		"https://'self'/": plain, "https://银行.example/": plain, "https://xn--bnr801f.example:8443/": "",
		"https://[2001:db8::1]/": plain, "https://bank.example/#part": host,
		"https://bank.example/%zz": "not a URL", "/%zz": "not a URL",
	} {
		b := bankOf()
		b.EntryURL = link
		err := b.Validate()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), "entryUrl: "+want) {
			t.Errorf("%s: got %v, want %q", link, err, want)
		}
	}
	b := bankOf()
	// Version 1.0.0 stored any https URL. Such a bank still gets new keys.
	for _, logo := range []string{"", "/banks/ccb.svg", "https://bank.example/a.svg", "https://银行.example/a.svg"} {
		if b.Logo = logo; b.Validate() != nil {
			t.Errorf("logo %q: %v", logo, b.Validate())
		}
	}
}

func TestWhatABankNeedsIsNamed(t *testing.T) {
	for want, change := range map[string]func(b *bank.Bank){
		"name: want a text":      func(b *bank.Bank) { b.Name.Chinese = "" },
		"shortName: want a text": func(b *bank.Bank) { b.ShortName.English = "" },
	} {
		b := bankOf()
		change(&b)
		if err := b.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestABankIsOpenUntilItRetires(t *testing.T) {
	b := bankOf()
	if !b.Open(now) {
		t.Error("a bank that never retires is closed")
	}
	b.RetiredAt = now
	if !b.Open(now.Add(-time.Nanosecond)) || b.Open(now) || b.Open(now.Add(time.Nanosecond)) {
		t.Error("the bank does not close at the instant when it retires")
	}
	want := realname.BankName{
		Code: "CCB", Chinese: "中国建设银行", English: "China Construction Bank",
		ShortChinese: "建设银行", ShortEnglish: "CCB",
	}
	if got := b.Named(); got != want {
		t.Errorf("named %+v", got)
	}
}

func TestKeysServeTheirOwnAlgorithmAlone(t *testing.T) {
	keys := map[bank.Algorithm]bank.Key{}
	for _, a := range []bank.Algorithm{bank.RSASHA256, bank.SM2SM3} {
		k, private := keyOf(t, a, "k1")
		keys[a] = k
		for _, other := range []bank.Algorithm{bank.RSASHA256, bank.SM2SM3, "MD5"} {
			signature, err := other.Sign(rand.Reader, private, []byte("m"))
			public, publicErr := bank.Key{Algorithm: other, PublicKey: k.PublicKey}.Public()
			if (err == nil) != (a == other) || (signature == nil) == (a == other) || (publicErr == nil) != (a == other) {
				t.Errorf("%s with a key for %s: signature %v, %v; public key %v", other, a, signature, err, publicErr)
			}
			if a == other && !a.Verify(public, []byte("m"), signature) {
				t.Errorf("%s does not verify its signature", a)
			}
			if a == other && otherOf(a).Verify(public, []byte("m"), signature) {
				t.Errorf("%s verifies a signature of %s", otherOf(a), a)
			}
		}
	}
	if bank.SM2SM3.Verify("no key", []byte("m"), []byte("s")) {
		t.Error("a text verifies")
	}
	if private, err := bank.Algorithm("MD5").GenerateKey(2048); err == nil || private != nil {
		t.Errorf("a key for MD5: %v, %v", private, err)
	}
	for name, text := range map[string]string{
		"text behind it": keys[bank.SM2SM3].PublicKey + "x",
		"other type":     strings.ReplaceAll(keys[bank.SM2SM3].PublicKey, "PUBLIC", "PRIVATE"),
		"no key":         "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
	} {
		if _, err := (bank.Key{Algorithm: bank.SM2SM3, PublicKey: text}).Public(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := (bank.Key{Algorithm: bank.SM2SM3, PublicKey: keys[bank.SM2SM3].PublicKey + " \n"}).Public(); err != nil {
		t.Errorf("white space behind it: %v", err)
	}
}

func otherOf(a bank.Algorithm) bank.Algorithm {
	if a == bank.SM2SM3 {
		return bank.RSASHA256
	}
	return bank.SM2SM3
}

func TestProofsAreExactAtTheirLimits(t *testing.T) {
	proof := func(change func(h http.Header)) bool {
		h := http.Header{}
		for name, v := range map[string]string{
			bank.HeaderTimestamp: "1772442000", bank.HeaderNonce: "n", bank.HeaderSerial: "k1", bank.HeaderSignature: "AAAA",
			bank.HeaderSignatureType: "SM2-SM3",
		} {
			h.Set(name, v)
		}
		change(h)
		_, ok := bank.ParseProof(h)
		return ok
	}
	for header, values := range map[string]map[string]bool{
		bank.HeaderTimestamp: {
			"0": true, "1": true, "-1": false, "-0": false, "": false, "x": false, "9223372036854775808": false,
		},
		bank.HeaderNonce: {
			"!": true, "~": true, " ": false, "\x1f": false, "\x7f": false, "\x80": false, "+": true, ",": false, "-": true,
			strings.Repeat("n", 32): true, strings.Repeat("n", 33): false, "": false,
		},
		bank.HeaderSerial: {
			"0": true, "9": true, "A": true, "Z": true, "a": true, "z": true, ".": true, "_": true, "-": true,
			"/": false, ":": false, "@": false, "[": false, "`": false, "{": false, ",": false, "": false,
			strings.Repeat("k", 64): true, strings.Repeat("k", 65): false,
		},
		bank.HeaderSignature:     {"AA==": true, "AB==": false, "AAA": false, "": false, "AAAA\n": false},
		bank.HeaderSignatureType: {"SM2-SM3": true, "RSA-SHA256": true, "MD5": false, "": false},
	} {
		for value, want := range values {
			if got := proof(func(h http.Header) { h.Set(header, value) }); got != want {
				t.Errorf("%s %q: got %v", header, value, got)
			}
		}
	}
}

func TestOneCountOfRefusalsIsWrittenUpTo16AndWhenItDoubles(t *testing.T) {
	var counts []int64
	save := func(_ context.Context, r store.Refusals) error {
		counts = append(counts, int64(r.Count))
		return nil
	}
	refusals := &bank.Refusals{Writer: "w1", Now: func() time.Time { return now }, Save: save}
	for range 70 {
		if err := refusals.Count(t.Context(), "CCB", realname.CodeBankClock); err != nil {
			t.Fatal(err)
		}
	}
	want := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 32, 64}
	if !slices.Equal(counts, want) {
		t.Errorf("wrote %v, want %v", counts, want)
	}
}

func TestAHandOverOnThisSiteLeadsToThisSite(t *testing.T) {
	seal := vault.Ephemeral()
	b := bankOf()
	b.EntryURL = "/sandbox/bank"
	b.OwnKeys = []bank.OwnKey{own(t, seal, b.Code, "rn-1", bank.SM2SM3)}
	form, err := hander(seal).HandOver("https://realname.example", b, realname.BankRequest{ID: "s.1"}, enterprise)
	if err != nil || form.URL != "https://realname.example/sandbox/bank" || form.Method != "POST" {
		t.Errorf("%+v, %v", form, err)
	}
	b.EntryURL = "https://bank.example/%zz"
	if _, err := hander(seal).HandOver("https://realname.example", b, realname.BankRequest{}, enterprise); err == nil {
		t.Error("an address that cannot be read is handed over to")
	}
	failing := hander(seal)
	failing.Random = strings.NewReader("")
	b.EntryURL = "https://bank.example/"
	if form, err := failing.HandOver("https://realname.example", b, realname.BankRequest{}, enterprise); err == nil {
		t.Errorf("signed without random bytes: %+v", form)
	}
}

// unsealing is a sealer that fails.
type unsealing struct{ realname.Sealer }

var errSealing = errors.New("no network")

func (unsealing) Seal([]byte, string, string) (realname.Sealed, error) { return "", errSealing }

func TestAnOwnKeyIsMadeOfAKeyThatCanBeSealed(t *testing.T) {
	k, private := keyOf(t, bank.SM2SM3, "rn-1")
	if o, err := bank.SealOwnKey(unsealing{}, "CCB", k, private); !errors.Is(err, errSealing) || o.PrivateKey != "" {
		t.Errorf("%+v, %v", o, err)
	}
	if text, err := bank.PublicPEM("no key"); err == nil || text != "" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestASignedRequestNamesItsPathAndQuery(t *testing.T) {
	for address, want := range map[string]string{
		"https://bank.example": "/", "https://bank.example/": "/", "https://bank.example/a%20b": "/a%20b",
		"https://bank.example/in?a=b": "/in?a=b", "https://bank.example?a=b": "/?a=b",
	} {
		target, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		got := string(bank.RequestMessage("POST", target, "1", "n", "body"))
		if got != "POST\n"+want+"\n1\nn\nbody\n" {
			t.Errorf("%s: %q", address, got)
		}
	}
}

func TestABankIsFoundWithoutAKeyThatItDoesNotHave(t *testing.T) {
	clock := func() time.Time { return now }
	st := store.New(memory.New(clock))
	directory := bank.NewDirectory(st, time.Minute, clock)
	k1, _ := keyOf(t, bank.SM2SM3, "k1")
	for _, b := range []bank.Bank{bankOf(k1), {Code: "ABC"}} {
		setting := store.Setting[bank.Bank]{Name: b.Code, Value: b}
		if err := store.SaveSetting(t.Context(), st, store.BankSettings, setting); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		code, serial string
		want         bool
	}{
		{"CCB", "k1", true},
		{"CCB", "k2", true},
		{"ABC", "k1", true},
		{"XYZ", "k1", false},
		{"ccb", "k1", false},
		{"", "", false},
	} {
		got, ok, err := directory.BankWithKey(t.Context(), c.code, c.serial)
		if ok != c.want || err != nil || c.want && got.Code != c.code {
			t.Errorf("%s %s: %+v, %v, %v", c.code, c.serial, got, ok, err)
		}
	}
}
