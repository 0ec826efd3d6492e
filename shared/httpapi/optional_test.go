package httpapi

import (
	"strings"
	"testing"

	"realname/shared/vault"
)

func TestOptionalTextsAreLeftOutWhenEmpty(t *testing.T) {
	if Optional("") != nil || Text(nil) != "" {
		t.Error("an empty text is given")
	}
	if s := Optional("a"); s == nil || Text(s) != "a" {
		t.Errorf("%v", s)
	}
}

func TestMaskedOpensOnlyTheFieldOfItsItem(t *testing.T) {
	seal := vault.Ephemeral()
	sealed, err := seal.Seal([]byte("secret"), "item", "field")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := Masked(seal, sealed, "item", "field", strings.ToUpper); err != nil || Text(s) != "SECRET" {
		t.Errorf("%v %v", s, err)
	}
	if s, err := Masked(seal, "", "item", "field", strings.ToUpper); err != nil || s != nil {
		t.Errorf("without a text: %v %v", s, err)
	}
	if s, err := Masked(seal, sealed, "another", "field", strings.ToUpper); err == nil {
		t.Errorf("another item opens it: %v", s)
	}
}
