package bank_test

import (
	"crypto"
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"realname/shared/bank"
	"realname/shared/realname"
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 700_000_000, time.UTC)

// keyOf makes a key of the algorithm that is live for an hour around now.
func keyOf(t testing.TB, a bank.Algorithm, serial string) (bank.Key, crypto.Signer) {
	t.Helper()
	private, err := a.GenerateKey(2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := bank.PublicPEM(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	return bank.Key{
		Serial: serial, Algorithm: a, PublicKey: public,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
	}, private
}

func bankOf(keys ...bank.Key) bank.Bank {
	b := bank.Known()[0]
	b.EntryURL, b.Keys = "https://bank.example/enter", keys
	return b
}

func sign(t testing.TB, k bank.Key, private crypto.Signer, at time.Time, nonce, body string) http.Header {
	t.Helper()
	h, err := bank.SignCallback(k, private, at, nonce, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func wants(t *testing.T, err error, code realname.Code) {
	t.Helper()
	if got := realname.CodeOf(err); got != code || (err == nil) != (code == "") {
		t.Errorf("got %v, want %q", err, code)
	}
}

func TestClockMayBeOffByExactly300Seconds(t *testing.T) {
	k, private := keyOf(t, bank.SM2SM3, "k1")
	b := bankOf(k)
	for off, code := range map[int64]realname.Code{
		0: "", 300: "", -300: "", 299: "",
		301: realname.CodeBankClock, -301: realname.CodeBankClock, 1 << 40: realname.CodeBankClock,
	} {
		at := time.Unix(now.Unix()+off, 0)
		seen, err := bank.Verify(b, sign(t, k, private, at, "n", "{}"), []byte("{}"), now)
		wants(t, err, code)
		if err == nil && !seen.Until.Equal(at.Add(301*time.Second)) {
			t.Errorf("remembered until %v", seen.Until)
		}
	}
}

func TestKeysCountFromNotBeforeUntilNotAfter(t *testing.T) {
	k, private := keyOf(t, bank.SM2SM3, "k1")
	for shift, code := range map[time.Duration]realname.Code{
		0: "", -time.Hour: "", -time.Hour - time.Nanosecond: realname.CodeBankSerial,
		time.Hour - time.Nanosecond: "", time.Hour: realname.CodeBankSerial,
	} {
		at := now.Add(shift)
		_, err := bank.Verify(bankOf(k), sign(t, k, private, at, "n", ""), nil, at)
		wants(t, err, code)
	}
}

func TestTwoKeysOfABankCountAtOnceAndAnothersDoesNot(t *testing.T) {
	old, oldPrivate := keyOf(t, bank.SM2SM3, "old")
	young, youngPrivate := keyOf(t, bank.RSASHA256, "young")
	b := bankOf(old, young)
	for _, h := range []http.Header{
		sign(t, old, oldPrivate, now, "n", "x"), sign(t, young, youngPrivate, now, "n", "x"),
	} {
		_, err := bank.Verify(b, h, []byte("x"), now)
		wants(t, err, "")
	}
	_, err := bank.Verify(b, sign(t, old, youngSM2(t), now, "n", "x"), []byte("x"), now)
	wants(t, err, realname.CodeBankSignature)
	other, otherPrivate := keyOf(t, bank.SM2SM3, "other")
	_, err = bank.Verify(b, sign(t, other, otherPrivate, now, "n", "x"), []byte("x"), now)
	wants(t, err, realname.CodeBankSerial)
}

func youngSM2(t *testing.T) crypto.Signer {
	_, private := keyOf(t, bank.SM2SM3, "another")
	return private
}

func TestHeadersAreReadStrictly(t *testing.T) {
	k, private := keyOf(t, bank.SM2SM3, "k1")
	body := []byte("{}")
	signature := func(change func(string) string) func(http.Header) {
		return func(h http.Header) { set(h, bank.HeaderSignature, change) }
	}
	timestamp := func(change func(string) string) func(http.Header) {
		return func(h http.Header) { set(h, bank.HeaderTimestamp, change) }
	}
	for name, change := range map[string]func(h http.Header){
		"no signature":         func(h http.Header) { h.Del(bank.HeaderSignature) },
		"no timestamp":         func(h http.Header) { h.Del(bank.HeaderTimestamp) },
		"no nonce":             func(h http.Header) { h.Del(bank.HeaderNonce) },
		"no serial":            func(h http.Header) { h.Del(bank.HeaderSerial) },
		"no type":              func(h http.Header) { h.Del(bank.HeaderSignatureType) },
		"signature twice":      func(h http.Header) { h.Add(bank.HeaderSignature, h.Get(bank.HeaderSignature)) },
		"nonce twice":          func(h http.Header) { h.Add(bank.HeaderNonce, h.Get(bank.HeaderNonce)) },
		"serial twice":         func(h http.Header) { h.Add(bank.HeaderSerial, "k1") },
		"signature joined":     signature(func(s string) string { return s + "," + s }),
		"line break in base64": signature(func(s string) string { return s[:8] + "\n" + s[8:] }),
		"one shorter":          signature(func(s string) string { return s[:len(s)-1] }),
		"URL alphabet":         signature(func(s string) string { return "-" + s[1:] }),
		"plus before time":     timestamp(func(s string) string { return "+" + s }),
		"zero before time":     timestamp(func(s string) string { return "0" + s }),
		"milliseconds":         timestamp(func(s string) string { return s + ".0" }),
		"long nonce":           func(h http.Header) { h.Set(bank.HeaderNonce, strings.Repeat("n", 33)) },
		"nonce with a space":   func(h http.Header) { h.Set(bank.HeaderNonce, "a b") },
		"nonce with a comma":   func(h http.Header) { h.Set(bank.HeaderNonce, "a,b") },
		"nonce not ASCII":      func(h http.Header) { h.Set(bank.HeaderNonce, "年") },
		"other type":           func(h http.Header) { h.Set(bank.HeaderSignatureType, "RSA-SHA256") },
		"type in lower case":   func(h http.Header) { h.Set(bank.HeaderSignatureType, "sm2-sm3") },
		"signature of nothing": func(h http.Header) { h.Set(bank.HeaderSignature, "MAYCAQACAQA=") },
		"not DER":              func(h http.Header) { h.Set(bank.HeaderSignature, "AAAA") },
	} {
		h := sign(t, k, private, now, strings.Repeat("n", 32), "{}")
		if _, err := bank.Verify(bankOf(k), h, body, now); err != nil {
			t.Fatal(err)
		}
		change(h)
		_, err := bank.Verify(bankOf(k), h, body, now)
		if code := realname.CodeOf(err); code != realname.CodeBankSignature {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func set(h http.Header, name string, change func(string) string) { h.Set(name, change(h.Get(name))) }

// A signature has exactly one spelling: with extra bytes or in another encoding
// it is invalid.
func TestSignaturesAreNotMalleable(t *testing.T) {
	message := []byte("message")
	for _, a := range []bank.Algorithm{bank.SM2SM3, bank.RSASHA256} {
		k, private := keyOf(t, a, "k1")
		public, err := k.Public()
		if err != nil {
			t.Fatal(err)
		}
		s, err := a.Sign(rand.Reader, private, message)
		if err != nil || !a.Verify(public, message, s) {
			t.Fatalf("%s: %v", a, err)
		}
		changed := map[string][]byte{
			"longer":      append(append([]byte{}, s...), 0),
			"zero before": append([]byte{0}, s...),
			"shorter":     s[:len(s)-1],
			"empty":       {},
		}
		if a == bank.SM2SM3 {
			long := append([]byte{0x30, 0x81, s[1]}, s[2:]...) // the length in two bytes
			padded := append([]byte{0x30, s[1] + 1, 0x02, s[3] + 1, 0}, s[4:]...)
			changed["long length"], changed["padded integer"] = long, padded
		}
		for name, c := range changed {
			if a.Verify(public, message, c) {
				t.Errorf("%s: %s is accepted", a, name)
			}
		}
		for i := range s {
			c := append([]byte{}, s...)
			c[i] ^= 1
			if a.Verify(public, message, c) {
				t.Errorf("%s: byte %d does not matter", a, i)
			}
		}
	}
}

func TestDigestDistinguishesCallbacks(t *testing.T) {
	k, private := keyOf(t, bank.SM2SM3, "k1")
	digest := func(nonce, body string) string {
		seen, err := bank.Verify(bankOf(k), sign(t, k, private, now, nonce, body), []byte(body), now)
		if err != nil {
			t.Fatal(err)
		}
		return seen.Digest
	}
	first, again := digest("a", "x"), digest("a", "x") // signed twice, the same message
	if first != again {
		t.Error("the same callback has two digests")
	}
	if digest("a", "x") == digest("a", "y") || digest("a", "x") == digest("b", "x") {
		t.Error("two callbacks have one digest")
	}
}

func FuzzProof(f *testing.F) {
	f.Add("1772442000", "nonce", "k1", "MAYCAQECAQE=", "SM2-SM3")
	f.Add("1772442000", strings.Repeat("n", 33), "", "====", "RSA-SHA256")
	f.Fuzz(func(t *testing.T, timestamp, nonce, serial, signature, kind string) {
		h := http.Header{}
		for name, v := range map[string]string{
			bank.HeaderTimestamp:     timestamp,
			bank.HeaderNonce:         nonce,
			bank.HeaderSerial:        serial,
			bank.HeaderSignature:     signature,
			bank.HeaderSignatureType: kind,
		} {
			h.Set(name, v)
		}
		p, ok := bank.ParseProof(h)
		if !ok {
			return
		}
		if strconv.FormatInt(p.At.Unix(), 10) != timestamp ||
			len(p.Nonce) > 32 || p.Nonce == "" || len(p.Signature) == 0 {
			t.Errorf("%+v", p)
		}
	})
}
