package idcode_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"realname/shared/idcode"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// validators returns the validators of testdata/vectors.json and the fuzz targets,
// by kind.
func validators() map[string]func(string) error {
	m := map[string]func(string) error{
		"uscc":             idcode.ValidateUSCC,
		"org_code":         idcode.ValidateOrgCode,
		"mobile":           idcode.ValidateMobile,
		"bank_card":        idcode.ValidateBankCard,
		"name":             idcode.ValidatePersonName,
		"enterprise_name":  func(s string) error { return idcode.ValidateEnterpriseName(s, "91") },
		"sole_trader_name": func(s string) error { return idcode.ValidateEnterpriseName(s, "92") },
		"sms_code":         idcode.ValidateSMSCode,

		"uscc_unusual":      idcode.UnusualUSCC,
		"bank_card_unusual": idcode.UnusualBankCard,
		"validity": func(s string) error {
			from, to, _ := strings.Cut(s, "/")
			return idcode.ValidateValidity(from, to, today)
		},
	}
	for _, t := range []idcode.IDType{
		idcode.ResidentID, idcode.Passport, idcode.HKMacaoPermit, idcode.HKMacaoResidence,
		idcode.TaiwanPermit, idcode.TaiwanResidence, idcode.ForeignPermanentResident,
	} {
		m[string(t)] = func(s string) error { return idcode.ValidateID(t, s, today) }
	}
	return m
}

func TestVectorsAreJudgedAsTheStandardsSay(t *testing.T) {
	raw, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct{ Kind, Value, Rule, Why string }
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, v := range vectors {
		validate := validators()[v.Kind]
		if validate == nil {
			t.Fatalf("unknown kind %q", v.Kind)
		}
		seen[v.Kind] = true
		err := validate(v.Value)
		if v.Rule == "" {
			if err != nil {
				t.Errorf("%s %q (%s): got %v, want valid", v.Kind, v.Value, v.Why, err)
			}
			continue
		}
		var e *idcode.Error
		if !errors.As(err, &e) || string(e.Rule) != v.Rule {
			t.Errorf("%s %q (%s): got %v, want rule %s", v.Kind, v.Value, v.Why, err, v.Rule)
		}
		if err != nil && v.Value != "" && len(v.Value) > 5 && strings.Contains(err.Error(), v.Value) {
			t.Errorf("%s: the error holds the value", v.Kind)
		}
	}
	for kind := range validators() {
		if !seen[kind] {
			t.Errorf("no vector for %s", kind)
		}
	}
}

func TestOrgCodeIsCharacters9To17OfUSCC(t *testing.T) {
	if got := idcode.OrgCodeOf("9113000034801880XB"); got != "34801880X" {
		t.Fatalf("got %q", got)
	}
	if idcode.OrgCodeMatches("9113000034801880XB", "348018809") || idcode.OrgCodeMatches("", "") {
		t.Fatal("a differing or empty code matches")
	}
}

func TestNormalization(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"  9113000034801880xb ", "9113000034801880XB"},
		{"9113000034801880XB", "9113000034801880XB"},
		{"34801880-X", "34801880X"},
		{"6222 0200 0000 0000", "6222020000000000"},
		{"34801880\u2060X\u00ad", "34801880X"},
		{"34801880\u202eX", "34801880X"},
	} {
		if got := idcode.NormalizeCode(c.in); got != c.want {
			t.Errorf("NormalizeCode(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	for _, in := range []string{"+86 138-0013-8000", "008613800138000", "8613800138000", "13800138000"} {
		if got := idcode.NormalizeMobile(in); got != "13800138000" {
			t.Errorf("NormalizeMobile(%q) = %q", in, got)
		}
	}
	if !idcode.SameName("河北(电子)口岸 有限公司", "河北(电子)口岸有限公司") {
		t.Error("full-width brackets and spaces make a difference")
	}
	if !idcode.SameName("阿凡提•买买提", "阿凡提·买买提") {
		t.Error("variants of the middle dot make a difference")
	}
	if got := idcode.NormalizeName("\u3164葛\U000e0100\u200d 某\ufe0f"); got != "葛某" {
		t.Errorf("invisible characters make a difference: %q", got)
	}
	if idcode.SameName("季鹏", "季朋") {
		t.Error("different names are the same")
	}
}

func TestUnusualValidityIsJudgedByAgeAtIssue(t *testing.T) {
	const born1980 = "110101198001011234"
	for _, c := range []struct {
		from, to string
		unusual  bool
	}{
		{"19950101", "20000101", false}, // 15: five years
		{"19960101", "20060101", false}, // 16: ten
		{"20060101", "20260101", false}, // 26: twenty
		{"20260101", idcode.LongTerm, false},
		{"20060101", idcode.LongTerm, true},
		{"20060101", "20110101", true},
		{"20260101", "20460101", true},
		{"bad", "20460101", false},
	} {
		if got := idcode.ValidityUnusual(born1980, c.from, c.to); got != c.unusual {
			t.Errorf("%s–%s: got %v", c.from, c.to, got)
		}
	}
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

func genUSCC(t *rapid.T) string {
	org := rapid.StringMatching(`[0-9A-HJ-NP-RTUWXY]{8}`).Draw(t, "org")
	c, _ := idcode.OrgCodeCheck(org)
	head := rapid.StringMatching(`[1-9ANY][1239](1[1-5]|2[123]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])[0-9]{4}`)
	first := head.Draw(t, "head") + org + string(c)
	check, ok := idcode.USCCCheck(first)
	if !ok {
		t.Fatalf("no check character for %q", first)
	}
	return first + string(check)
}

func genResidentID(t *rapid.T) string {
	birth := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 34000).Draw(t, "days"))
	first := "130105" + birth.Format("20060102") + rapid.StringMatching(`[0-9]{3}`).Draw(t, "serial")
	c, _ := idcode.ResidentIDCheck(first)
	return first + string(c)
}

func TestGeneratedCodesPassAndOneWrongCharacterFails(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, id := genUSCC(t), genResidentID(t)
		if err := idcode.ValidateUSCC(code); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		if err := idcode.ValidateOrgCode(idcode.OrgCodeOf(code)); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		if err := idcode.ValidateResidentID(id, today); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		at := rapid.IntRange(0, 17).Draw(t, "at")
		other := usccAlphabet[rapid.IntRange(0, len(usccAlphabet)-1).Draw(t, "other")]
		if wrong := code[:at] + string(other) + code[at+1:]; idcode.UnusualUSCC(code) != nil ||
			other != code[at] && idcode.ValidateUSCC(wrong) == nil && idcode.UnusualUSCC(wrong) == nil {
			t.Fatalf("%s with %c at %d passes", code, other, at)
		}
		digit := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		if digit != id[at] && idcode.ValidateResidentID(id[:at]+string(digit)+id[at+1:], today) == nil {
			t.Fatalf("%s with %c at %d passes", id, digit, at)
		}
		digits := rapid.StringMatching(`[0-9]{11,18}`).Draw(t, "card")
		c, _ := idcode.BankCardCheck(digits)
		if err := idcode.ValidateBankCard(digits + string(c)); err != nil {
			t.Fatal(err)
		}
		if number := digits + string(digit); idcode.ValidateBankCard(number) != nil ||
			(idcode.UnusualBankCard(number) != nil) != (c != digit) {
			t.Fatalf("%s: the Luhn digit is %c", number, c)
		}
	})
}

func TestFullWidthFormOfACodeNormalizesToIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := genUSCC(t)
		wide := strings.Map(func(r rune) rune { return r + 0xFEE0 }, strings.ToLower(code))
		if got := idcode.NormalizeCode(wide); got != code {
			t.Fatalf("got %q, want %q", got, code)
		}
	})
}

func TestValidCodesCostNoAllocation(t *testing.T) {
	for name, f := range benched() {
		if err := f(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n := testing.AllocsPerRun(100, func() { _ = f() }); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func benched() map[string]func() error {
	document := func(t idcode.IDType, number string) func() error {
		return func() error { return idcode.ValidateID(t, number, today) }
	}
	return map[string]func() error{
		"USCC":                     func() error { return idcode.ValidateUSCC("9113000034801880XB") },
		"OrgCode":                  func() error { return idcode.ValidateOrgCode("34801880X") },
		"ResidentID":               func() error { return idcode.ValidateResidentID("11010519491231002X", today) },
		"BankCard":                 func() error { return idcode.ValidateBankCard("6222021234567890128") },
		"Mobile":                   func() error { return idcode.ValidateMobile("13800138000") },
		"Validity":                 func() error { return idcode.ValidateValidity("20160425", "20360425", today) },
		"Name":                     func() error { return idcode.ValidatePersonName("河北省电子口岸发展股份有限公司") },
		"Passport":                 document(idcode.Passport, "EA1234567"),
		"HKMacaoPermit":            document(idcode.HKMacaoPermit, "H12345678"),
		"HKMacaoResidence":         document(idcode.HKMacaoResidence, "810000199001010019"),
		"TaiwanPermit":             document(idcode.TaiwanPermit, "12345678"),
		"TaiwanResidence":          document(idcode.TaiwanResidence, "830000199001010012"),
		"ForeignPermanentResident": document(idcode.ForeignPermanentResident, "911156198001010016"),
		"Normalized": func() error {
			if idcode.NormalizeCode("9113000034801880XB") == "" {
				return errors.New("nothing is left")
			}
			return nil
		},
	}
}

func BenchmarkValidators(b *testing.B) {
	for name, f := range benched() {
		if err := f(); err != nil {
			b.Fatalf("%s: %v", name, err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = f()
			}
		})
	}
}

// No input makes a validator or a normalizer panic, and normalizing a second time
// changes nothing.
func FuzzValidators(f *testing.F) {
	for _, s := range []string{
		"9113000034801880XB", "11010519491231002X", "E12345678", "20160229/20210301", "１３８００１３８０００", "\xff\x00",
		"买买提˙吐尔逊", "上海安达(中国）贸易\"有限\"公司", "O’Brien  Patrick", "王\ue863", "一○一—厂", "(+86)139-0000-1001",
		"\u202d123456123456\u202c", "⼈ \u0307´",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for kind, validate := range validators() {
			if validate(s) == nil && !strings.HasSuffix(kind, "name") && kind != "validity" &&
				!strings.HasSuffix(kind, "_unusual") && idcode.NormalizeCode(s) != s {
				t.Errorf("%s: a valid code is not in normal form", kind)
			}
		}
		for name, n := range normalizers() {
			if once := n(s); n(once) != once {
				t.Errorf("%s: normalizing %q again changes it", name, once)
			}
		}
		if !idcode.SameName(s, idcode.NormalizeName(s)) {
			t.Errorf("the display form of %q is another name", s)
		}
		for _, spelling := range idcode.Spellings(s) {
			if !idcode.SameName(s, spelling) {
				t.Errorf("%q is spelled as another name: %q", s, spelling)
			}
		}
		idcode.ValidityUnusual(s, s, s)
	})
}
