package bank_test

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"realname/shared/bank"
	"realname/shared/realname"
	"realname/shared/vault"
)

var enterprise = realname.SessionEnterprise{Name: "河北安达(进出口) A&B=C~*+%贸易有限公司", USCC: "91130100MA0R01NM09"}

func hander(seal realname.Sealer) bank.Hander {
	return bank.Hander{Sealer: seal, Now: func() time.Time { return now }, NewNonce: rand.Text, Random: rand.Reader}
}

func own(t *testing.T, seal realname.Sealer, code, serial string, a bank.Algorithm) bank.OwnKey {
	t.Helper()
	k, private := keyOf(t, a, serial)
	o, err := bank.SealOwnKey(seal, code, k, private)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// A browser encodes the form. The bank decodes it and verifies the fields.
func TestAHandOverIsVerifiedFromItsDecodedFields(t *testing.T) {
	seal := vault.Ephemeral()
	for _, a := range []bank.Algorithm{bank.RSASHA256, bank.SM2SM3} {
		b := bankOf()
		b.EntryURL = "https://bank.example/enter?channel=single%20window&v=1"
		b.OwnKeys = []bank.OwnKey{own(t, seal, b.Code, "rn-1", a)}
		form, err := hander(seal).HandOver("https://realname.example", b, realname.BankRequest{ID: "s-1.1"}, enterprise)
		if err != nil {
			t.Fatal(err)
		}
		sent := url.Values{}
		for name, value := range form.Fields {
			sent.Set(name, value)
		}
		received, err := url.ParseQuery(sent.Encode())
		if err != nil {
			t.Fatal(err)
		}
		fields := map[string]string{}
		for name := range received {
			fields[name] = received.Get(name)
		}
		returnURL := "https://realname.example/v1/bank-returns/CCB?requestId=s-1.1"
		if fields["orgCode"] != "MA0R01NM0" || fields["returnUrl"] != returnURL {
			t.Errorf("%v", fields)
		}
		if fields["enterpriseName"] != "河北安达（进出口）A&B=C~*+%贸易有限公司" { // as the license has it
			t.Errorf("%v", fields)
		}
		public, err := b.OwnKeys[0].Public()
		if err != nil {
			t.Fatal(err)
		}
		verified := func() bool {
			signature, err := base64.StdEncoding.DecodeString(fields["signature"])
			target, uerr := url.Parse(form.URL)
			if err != nil || uerr != nil {
				t.Fatal(err, uerr)
			}
			body := bank.FormBody(fields)
			message := bank.RequestMessage("POST", target, fields["timestamp"], fields["nonce"], body)
			return a.Verify(public, message, signature)
		}
		if !verified() {
			t.Fatalf("%s: not verified", a)
		}
		for name := range fields {
			if name == "signature" {
				continue
			}
			before := fields[name]
			fields[name] += "x"
			if verified() {
				t.Errorf("%s: %s is not covered", a, name)
			}
			fields[name] = before
		}
	}
}

func TestTheFormIsSignedInOneSpelling(t *testing.T) {
	got := bank.FormBody(map[string]string{"b": "A&B=C ~*+%", "a": "名", "a-": "", "signature": "left out"})
	if want := "a=%E5%90%8D&a-=&b=A%26B%3DC%20~%2A%2B%25"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTheNewestLiveKeySigns(t *testing.T) {
	seal := vault.Ephemeral()
	b := bankOf()
	_, err := hander(seal).HandOver("https://r.example", b, realname.BankRequest{}, enterprise)
	if !errors.Is(err, bank.ErrNoKey) {
		t.Errorf("without a key: %v", err)
	}
	sealed := func(serial string) bank.OwnKey { return own(t, seal, b.Code, serial, bank.SM2SM3) }
	old, young, coming := sealed("old"), sealed("young"), sealed("coming")
	young.NotBefore, coming.NotBefore = now, now.Add(time.Second)
	b.OwnKeys = []bank.OwnKey{young, old, coming}
	form, err := hander(seal).HandOver("https://r.example", b, realname.BankRequest{}, enterprise)
	if err != nil || form.Fields["serial"] != "young" {
		t.Errorf("%v %v", form.Fields["serial"], err)
	}
	moved := b
	moved.Code = "ABC" // a sealed key is bound to its bank
	_, err = hander(seal).HandOver("https://r.example", moved, realname.BankRequest{}, enterprise)
	if err == nil || strings.Contains(err.Error(), "PRIVATE") {
		t.Errorf("another bank's key: %v", err)
	}
}
