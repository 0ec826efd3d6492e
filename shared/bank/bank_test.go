package bank_test

import (
	"crypto/rand"
	"encoding/json"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"realname/shared/bank"
)

func TestValidateReturnsEveryError(t *testing.T) {
	k, _ := keyOf(t, bank.SM2SM3, "k1")
	if err := bankOf(k).Validate(); err != nil {
		t.Fatal(err)
	}
	third := func(serial string, from, until time.Duration) bank.Key {
		c := k
		c.Serial, c.NotBefore, c.NotAfter = serial, now.Add(from), now.Add(until)
		return c
	}
	for want, change := range map[string]func(b *bank.Bank){
		"code:":          func(b *bank.Bank) { b.Code = "ccb" },
		"2 to 16":        func(b *bank.Bank) { b.Code = "A" },
		"name:":          func(b *bank.Bank) { b.Name.English = "" },
		"shortName:":     func(b *bank.Bank) { b.ShortName.Chinese = "" },
		"entryUrl:":      func(b *bank.Bank) { b.EntryURL = "" },
		"an https URL":   func(b *bank.Bank) { b.EntryURL = "http://bank.example/" },
		"with a host":    func(b *bank.Bank) { b.EntryURL = "https://user@bank.example/" },
		"logo:":          func(b *bank.Bank) { b.Logo = "//elsewhere.example/x.svg" },
		"want 1 to 64":   func(b *bank.Bank) { b.Keys[0].Serial = "k 1" },
		"is not unique":  func(b *bank.Bank) { b.Keys = append(b.Keys, third("k1", time.Hour, 2*time.Hour)) },
		"one PEM block":  func(b *bank.Bank) { b.Keys[0].PublicKey = "no key" },
		"does not suit":  func(b *bank.Bank) { b.Keys[0].Algorithm = bank.RSASHA256 },
		"want notBefore": func(b *bank.Bank) { b.Keys[0].NotAfter = b.Keys[0].NotBefore },
		"no private key": func(b *bank.Bank) { b.OwnKeys = []bank.OwnKey{{Key: k}} },
		"3 live keys": func(b *bank.Bank) {
			b.Keys = append(b.Keys, third("k2", 0, time.Hour), third("k3", 30*time.Minute, 2*time.Hour))
		},
		"RSA key has 10": func(b *bank.Bank) { b.Keys[0].Algorithm, b.Keys[0].PublicKey = bank.RSASHA256, rsa1024 },
	} {
		b := bankOf(k)
		b.Keys = append([]bank.Key{}, b.Keys...)
		change(&b)
		if err := b.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in %v", want, err)
		}
	}
	// k3 begins when k1 ends.
	rotation := bankOf(k, third("k2", 0, 2*time.Hour), third("k3", time.Hour, 3*time.Hour))
	if err := rotation.Validate(); err != nil {
		t.Error(err)
	}
}

// rsa1024 is a key of 1024 bits, made for this test.
const rsa1024 = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCre1fZtqcX7Cy/enHow2MMhHAi
+/IaMS4CBsiAMVpIJvDIh7Bb66IW4DCU0/TpI0wZS7M3aUsPA2znxDiKTWzNRITy
DQkE20WCSj+Oo6k7G45rqQPU7Eexa3UaSfURpgwkI5PPbkZvREzQLdIwRBEj2Z1O
BzHrvOTL3o//eYnZWQIDAQAB
-----END PUBLIC KEY-----
`

func TestKeysSurviveTheirPEM(t *testing.T) {
	for _, a := range []bank.Algorithm{bank.RSASHA256, bank.SM2SM3} {
		_, private := keyOf(t, a, "k1")
		text, err := bank.PrivatePEM(private)
		if err != nil {
			t.Fatal(err)
		}
		back, err := bank.ParsePrivate(text, a)
		if err != nil {
			t.Fatal(err)
		}
		one, _ := bank.PublicPEM(private.Public())
		two, _ := bank.PublicPEM(back.Public())
		if one != two || one == "" {
			t.Errorf("%s: another key came back", a)
		}
		other := map[bank.Algorithm]bank.Algorithm{bank.RSASHA256: bank.SM2SM3, bank.SM2SM3: bank.RSASHA256}[a]
		if _, err := bank.ParsePrivate(text, other); err == nil {
			t.Errorf("a key for %s is accepted for %s", a, other)
		}
	}
	for _, text := range []string{"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := bank.ParsePrivate(text, bank.SM2SM3); err == nil {
			t.Errorf("%q is accepted as a key", text)
		}
	}
}

func FuzzPublicKey(f *testing.F) {
	k, _ := keyOf(f, bank.SM2SM3, "k1")
	f.Add(k.PublicKey, string(bank.SM2SM3))
	f.Add(rsa1024, string(bank.RSASHA256))
	f.Fuzz(func(t *testing.T, text, algorithm string) {
		public, err := (bank.Key{PublicKey: text, Algorithm: bank.Algorithm(algorithm)}).Public()
		if err == nil && bank.Algorithm(algorithm).Verify(public, []byte("m"), []byte("s")) {
			t.Error("verified nothing")
		}
	})
}

// If ParsePrivate accepts a key, the public key verifies its signatures.
func FuzzParsePrivate(f *testing.F) {
	for _, a := range []bank.Algorithm{bank.RSASHA256, bank.SM2SM3} {
		private, err := a.GenerateKey(2048)
		if err != nil {
			f.Fatal(err)
		}
		text, err := bank.PrivatePEM(private)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, string(a))
	}
	f.Add("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", string(bank.SM2SM3))
	f.Fuzz(func(t *testing.T, text, algorithm string) {
		a := bank.Algorithm(algorithm)
		private, err := bank.ParsePrivate(text, a)
		if err != nil {
			return
		}
		message := []byte("m")
		if sig, err := a.Sign(rand.Reader, private, message); err == nil && !a.Verify(private.Public(), message, sig) {
			t.Errorf("%q does not verify its own signature", text)
		}
	})
}

// A valid setting leads browsers over https, to this machine, or to a path of
// this site, and nowhere else.
func FuzzValidate(f *testing.F) {
	const names = `{"code":"CCB","name":{"zh-CN":"a","en":"b"},"shortName":{"zh-CN":"a","en":"b"},`
	f.Add([]byte(names + `"entryUrl":"https://bank.example/in","logo":"/x.png"}`))
	f.Add([]byte(names + `"entryUrl":"javascript:alert(1)","keys":[{"serial":"1"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var b bank.Bank
		if json.Unmarshal(raw, &b) != nil || b.Validate() != nil {
			return
		}
		u, err := url.Parse(b.EntryURL)
		if err != nil {
			t.Fatalf("%q passed", b.EntryURL)
		}
		passes := false
		switch u.Scheme {
		case "":
			passes = u.Host == "" && strings.HasPrefix(b.EntryURL, "/")
		case "https":
			passes = true
		case "http":
			passes = u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
		}
		if !passes {
			t.Errorf("%q passed", b.EntryURL)
		}
	})
}
