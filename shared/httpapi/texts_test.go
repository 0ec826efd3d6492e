package httpapi

import (
	"net/http/httptest"
	"strings"
	"testing"

	"realname/api/contract"
	"realname/shared/realname"
)

func TestEveryProblemCodeOfTheContractIsToldInBothLanguages(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	codes := doc.Components.Schemas["ProblemCode"].Value.Enum
	if len(codes) < 30 {
		t.Fatalf("%d codes", len(codes))
	}
	titles := map[string]realname.Code{}
	for _, c := range codes {
		code := realname.Code(c.(string))
		zh, en := (chinese{}).Problem(code), (english{}).Problem(code)
		if zh.Title == "" || zh.Detail == "" || en.Title == "" || en.Detail == "" || zh.Title == en.Title {
			t.Errorf("%s: %+v, %+v", code, zh, en)
		}
		if len(zh.Causes) != len(en.Causes) {
			t.Errorf("%s has %d causes in Chinese and %d in English", code, len(zh.Causes), len(en.Causes))
		}
		if code == realname.CodeIDCardValidity {
			continue // the manual has one text for both refusals of an ID card (R4)
		}
		if other, twice := titles[en.Detail]; twice {
			t.Errorf("%s and %s say the same", code, other)
		}
		titles[en.Detail] = code
	}
}

// A legal representative without a resident ID can use only the check by bank card
// (R4). If the provider does not support the ID type, another card does not help,
// so the text must name another method.
func TestAnUnusableBankCardNamesAnotherMethod(t *testing.T) {
	zh := (chinese{}).Problem(realname.CodeBankCardUnusable).Detail
	en := (english{}).Problem(realname.CodeBankCardUnusable).Detail
	if !strings.Contains(zh, "银行 Ukey 认证或中国电子口岸 IC 卡认证") || !strings.Contains(en, "bank UKey or China E-Port IC card") {
		t.Errorf("%s\n%s", zh, en)
	}
}

func TestLanguageFollowsTheCallersOrder(t *testing.T) {
	for header, english := range map[string]bool{
		"": false, "en": true, "en-GB,zh;q=0.5": true, "zh;q=0.4,en;q=0.9": true, "fr,en;q=0.1": true,
		"zh-CN": false, "fr": false, "zh,en": false, ";;;": false,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Language", header)
		if got := Language(r).Problem(realname.CodeNotFound).Title == "Not found"; got != english {
			t.Errorf("%q: English is %v", header, got)
		}
	}
}

// Every field error has a text in both languages.
func TestFieldErrorsAlwaysHaveWords(t *testing.T) {
	for _, kind := range []string{
		"uscc", "org_code", "resident_id", "passport", "mobile", "bank_card", "name", "validity",
		"by", "step", "field", "value", "body", "query", "unheard_of",
	} {
		for _, rule := range []string{"missing", "format", "length", "check_character", "unknown", "type", "unheard_of"} {
			f := realname.FieldError{Pointer: "/x", Kind: kind, Rule: rule}
			if (chinese{}).Field(f) == "" || (english{}).Field(f) == "" {
				t.Errorf("%s:%s has no words", kind, rule)
			}
		}
	}
}

// A consent asks only for what its method takes (PIPL Art. 6), and names each recipient.
func TestAConsentSpeaksOfItsMethodOnly(t *testing.T) {
	personal := map[Texts][]string{
		chinese{}: {"证件号码", "身份证有效期限", "银行卡号", "手机号"},
		english{}: {"ID number", "validity period, or", "bank card number", "mobile number"},
	}
	for lang, words := range personal {
		seen := map[string]bool{}
		for _, m := range realname.Methods() {
			text := lang.Consent(m)
			if text == "" || seen[text] {
				t.Errorf("%s: no text of its own: %q", m, text)
			}
			seen[text] = true
			takes := m == realname.LegalRepresentative || m == realname.AccountHolder
			for _, word := range words {
				if strings.Contains(text, word) != takes {
					t.Errorf("%s: %q in the text: %v\n%s", m, word, !takes, text)
				}
			}
		}
		legal := lang.Consent(realname.AccountHolder)
		if strings.Contains(legal, "法定代表人") || strings.Contains(legal, "legal representative") {
			t.Errorf("a holder's consent speaks of another person: %s", legal)
		}
		checks := []realname.CheckName{
			realname.RegistryCheck, realname.IDCardCheck, realname.BankCardCheck, realname.SMSCheck,
		}
		for _, check := range checks {
			name, receives := lang.Recipient(realname.Recipient{Check: check, Provider: "tencent"})
			if name == "" || name == "tencent" || receives == "" || seen[receives] {
				t.Errorf("%s: %q receives %q", check, name, receives)
			}
			seen[receives] = true
		}
		if name, _ := lang.Recipient(realname.Recipient{Check: realname.SMSCheck, Provider: "other"}); name != "other" {
			t.Errorf("a provider without a text is named %q", name)
		}
	}
}

// A page whose reader changes the language says a failure again without another request.
func TestAProblemIsSaidInBothLanguages(t *testing.T) {
	err := &realname.Error{
		Code:   realname.CodeInvalidRequest,
		Fields: []realname.FieldError{{Pointer: "/uscc", Kind: "uscc", Rule: "region"}},
	}
	for header, other := range map[string]Texts{"en": chinese{}, "zh-CN": english{}} {
		r := httptest.NewRequest("POST", "/v1/sessions", nil)
		r.Header.Set("Accept-Language", header)
		p := newProblem(r, err)
		said := p.Translation
		if p.Title == said.Title || said.Title != other.Problem(err.Code).Title || string(said.Language) == header ||
			(*said.Errors)[0].Message != other.Field(err.Fields[0]) || (*said.Errors)[0].Pointer != "/uscc" {
			t.Errorf("%s: %+v, translated %+v", header, p, said)
		}
		reason := newProblem(r, &realname.Error{Code: realname.CodeNotApplicable, Reason: realname.ReasonCardLogin})
		if got := reason.Translation.Detail; got != other.Reason(realname.ReasonCardLogin) {
			t.Errorf("%s: the reason is %q", header, got)
		}
	}
}
