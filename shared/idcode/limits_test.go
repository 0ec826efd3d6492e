package idcode_test

import (
	"slices"
	"strings"
	"testing"

	"realname/shared/idcode"
)

// check compares the rule that a validator names; "" stands for a valid value.
func check(t *testing.T, name string, err error, rule string) {
	t.Helper()
	got := ""
	if err != nil {
		got = idcode.RuleOf(err)
	}
	if got != rule {
		t.Errorf("%s: got rule %q, want %q", name, got, rule)
	}
}

func TestValidatorsAreExactAtTheirLimits(t *testing.T) {
	for kind, values := range map[string]map[string]string{
		"passport": {
			"141234567": "", "151234567": "", "131234567": "format", "161234567": "format", "14123456A": "format",
			"041234567": "format", "241234567": "format",
			"E12345678": "", "E0000000/": "format", "E0000000:": "format",
			"EA1234567": "", "EB1234567": "", "EY1234567": "", "EZ1234567": "", "E@1234567": "format", "E[1234567": "format",
			"EI1234567": "format", "EH1234567": "", "EJ1234567": "", "EO1234567": "format", "EN1234567": "", "EP1234567": "",
			"EA123456A": "format",
			"D12345678": "", "S12345678": "", "P12345678": "", "DE1234567": "", "SE1234567": "", "PE1234567": "",
			"DD1234567": "format", "DF1234567": "format", "DE123456E": "format", "D1234567D": "format",
			"H12345678": "", "K12345678": "", "M12345678": "", "HA1234567": "", "KZ1234567": "", "MA1234567": "",
			"H@1234567": "format", "H[1234567": "format", "HA123456A": "format", "K1234567A": "format",
			"G12345678": "", "GA1234567": "format", "G1234567A": "format",
			"E1234567": "length", "E123456789": "length", "": "empty",
		},
		"hk_macao_permit": {
			"H12345678": "", "M12345678": "", "H1234567801": "", "M1234567801": "", "G12345678": "format", "N12345678": "format",
			"I12345678": "format", "L12345678": "format", "H1234567A": "format",
			"H1234567": "length", "H123456780": "length", "H12345678012": "length", "": "empty",
		},
		"taiwan_permit": {
			"12345678": "", "1234567890": "", "1234567A": "format", "0000000/": "format", "0000000:": "format",
			"1234567": "length", "123456789": "length", "12345678901": "length", "": "empty",
			"0561682001(D)": "", "0561682001(8)": "", "0561682001(d)": "length", "0561682001[D]": "length",
			"056168200A(D)": "format",
		},
		"foreign_permanent_resident": {
			"DEU110198001011": "", "AAA000000000000": "", "ZZZ999999999999": "",
			"AZ@000000000000": "format", "AZ[000000000000": "format",
			"D1U110198001011": "format", "DEU11019800101A": "format", "DEU11019800101": "length", "DEU1101980010112": "length",
			foreign("911156", "19800101"): "", foreign("811156", "19800101"): "format", foreign("911156", "20261123"): "",
			foreign("911156", "20261124"): "birth_date", foreign("911156", "20230229"): "birth_date",
			"91115619800101001A": "check_character", "9111561980010100A6": "format", "": "empty",
		},
		"mobile": {
			"13000000000": "", "19999999999": "", "12999999999": "format", "03000000000": "format", "23000000000": "format",
			"1300000000": "length", "130000000000": "length", "1300000000/": "alphabet", "1300000000:": "alphabet",
		},
		"bank_card": {
			card(12): "", card(19): "", card(11): "length", card(20): "length", "": "empty",
		},
		"name": {
			"季鹏": "", strings.Repeat("季", 100): "", strings.Repeat("季", 101): "length", "季": "", "": "empty",
			"一一": "", "\u9fff\u9fff": "", "\u3400\u3400": "", "\U00020000\U00020000": "", "é1": "", "12": "format",
			"\U0001f600\U0001f600": "format", "××": "format",
			"张×": "masked", "赵**": "masked", "赵＊": "masked", "赵··": "masked", "赵XX": "masked", "赵X": "", "XX": "",
			"王?": "placeholder", "王？": "placeholder", "王□": "placeholder", "王〓": "placeholder", "王\ufffd": "placeholder",
			"阿凡提\u202e": "control_character", "阿凡提\u061c": "control_character",
			"阿凡提\u0085": "control_character", "阿凡提\x7f": "control_character", "阿凡提\xff": "format",
		},
		"enterprise_name": {
			"季鹏": "", "季": "length", "***": "masked", "季鹏*": "masked", "季?": "placeholder", "": "empty", "12": "format",
		},
		"sole_trader_name": {"***": "", "*": "", "＊＊": "", "季鹏": "", "季*": "masked", "季": "length"},
		"sms_code":         {"123456": "", "12345": "format", "1234567": "format", "12345a": "format", "": "format"},
		"org_code": {
			org("00000000"): "", org("99999999"): "", org("AAAAAAAA"): "", org("ZZZZZZZZ"): "",
			"0000000/0": "alphabet", "0000000:0": "alphabet",
			"0000000@0": "alphabet", "0000000[0": "alphabet", "00000000": "length", "0000000000": "length",
		},
		"uscc": {
			uscc("91", "110000"): "", uscc("91", "659999"): "", uscc("91", "820000"): "", uscc("91", "100000"): "",
			uscc("91", "000000"): "region", uscc("91", "999999"): "region", uscc("91", "830000"): "region",
			uscc("91", "100001"): "region", uscc("91", "660000"): "region",
			uscc("91", "1100A0"): "region", uscc("91", "A10000"): "region", uscc("91", "11000A"): "region",
			uscc("AA", "110000"): "", uscc("11", "110000"): "", uscc("N1", "110000"): "", uscc("Y1", "110000"): "",
			uscc("01", "110000"): "department", uscc("B1", "110000"): "department", uscc("M1", "110000"): "department",
			uscc("X1", "110000"): "department", "000000000000000000": "department",
			"9113000034801880X": "length", "9113000034801880XBB": "length",
			otherOrg(): "org_code", "91350203M0001QKT19": "",
		},
	} {
		validate := validators()[kind]
		for value, rule := range values {
			check(t, kind+" "+value, validate(value), rule)
		}
	}
	check(t, "an unknown type", idcode.ValidateID("other", "1", today), "format")
}

// foreign returns the number of a permanent resident's card of 2023.
func foreign(head, birth string) string {
	return citizen(head, birth)
}

// citizen returns a number of 18 characters with its check character.
func citizen(head, birth string) string {
	first := head + birth + "001"
	check, _ := idcode.ResidentIDCheck(first)
	return first + string(check)
}

// card returns a bank card number of n digits with its check digit.
func card(n int) string {
	digits := strings.Repeat("7", n-1)
	check, _ := idcode.BankCardCheck(digits)
	return digits + string(check)
}

// org returns the organization code of the characters.
func org(first8 string) string {
	check, _ := idcode.OrgCodeCheck(first8)
	return first8 + string(check)
}

// uscc returns a code of the head and the region.
func uscc(head, region string) string {
	first := head + region + org("34801880")
	check, _ := idcode.USCCCheck(first)
	return first + string(check)
}

// otherOrg returns a code whose organization code has a wrong check character,
// and whose own is right.
func otherOrg() string {
	const first = "91110000348018801"
	check, _ := idcode.USCCCheck(first)
	return first + string(check)
}

func TestProvincesAreThoseOfTheStandard(t *testing.T) {
	provinces := []int{
		11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46,
		50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
	}
	for p := range 100 {
		head := string([]byte{'0' + byte(p/10), '0' + byte(p%10)}) + "0000"
		for _, c := range []struct {
			kind    idcode.IDType
			allowed bool
		}{
			{idcode.ResidentID, slices.Contains(provinces, p) && p < 81},
			{idcode.HKMacaoResidence, p == 81 || p == 82},
			{idcode.TaiwanResidence, p == 83},
		} {
			rule := "region"
			switch {
			case c.allowed:
				rule = ""
			case c.kind == idcode.ResidentID && (p == 81 || p == 82):
				rule = "hk_macao_residence"
			case c.kind == idcode.ResidentID && p == 83:
				rule = "taiwan_residence"
			}
			check(t, string(c.kind)+" "+head, idcode.ValidateID(c.kind, citizen(head, "19900101"), today), rule)
		}
	}
}

func TestResidentIDsAreExactAtTheirLimits(t *testing.T) {
	for value, rule := range map[string]string{
		citizen("110105", "18000101"): "",
		citizen("110105", "17991231"): "birth_date",
		citizen("110105", "20261123"): "",
		citizen("110105", "20261124"): "birth_date",
		citizen("110105", "20261222"): "birth_date",
		citizen("110105", "20270101"): "birth_date",
		"110105491231002":             "old_15_digit",
		"11010549123100X":             "length",
		"11010519491231002":           "length",
		"11010519491231002XX":         "length",
		"11010519491231002/":          "alphabet",
		"11010519491231002:":          "alphabet",
		"11010519491231002W":          "alphabet",
		"11010519491231002Y":          "alphabet",
		"1101051949123100/X":          "alphabet",
		"1101051949123100:X":          "alphabet",
		"110105194912310020":          "check_character",
		"110105194912310029":          "check_character",
	} {
		check(t, value, idcode.ValidateResidentID(value, today), rule)
	}
}

func TestCheckCharactersAreThoseOfTheStandards(t *testing.T) {
	for _, c := range []struct {
		name  string
		of    func(string) (byte, bool)
		first string
		check byte // 0 when the text has none
	}{
		{"bank card", idcode.BankCardCheck, "622202123456789012", '8'},
		{"bank card", idcode.BankCardCheck, "7992739871", '3'}, // the example of the Luhn algorithm
		{"bank card", idcode.BankCardCheck, "0000", '0'},
		{"bank card", idcode.BankCardCheck, "622202a", 0},
		{"bank card", idcode.BankCardCheck, "622202/", 0},
		{"bank card", idcode.BankCardCheck, "622202:", 0},
		{"org code", idcode.OrgCodeCheck, "34801880", 'X'},
		{"org code", idcode.OrgCodeCheck, "00000000", '0'},
		{"org code", idcode.OrgCodeCheck, "D2143569", 'X'}, // the example of GB 11714-1997
		{"org code", idcode.OrgCodeCheck, "3480188", 0},
		{"org code", idcode.OrgCodeCheck, "348018800", 0},
		{"org code", idcode.OrgCodeCheck, "3480188*", 0},
		{"resident ID", idcode.ResidentIDCheck, "11010519491231002", 'X'},
		{"resident ID", idcode.ResidentIDCheck, "44052418800101001", '4'},
		{"resident ID", idcode.ResidentIDCheck, "1101051949123100", 0},
		{"resident ID", idcode.ResidentIDCheck, "110105194912310021", 0},
		{"resident ID", idcode.ResidentIDCheck, "1101051949123100X", 0},
		{"USCC", idcode.USCCCheck, "9113000034801880X", 'B'},
		{"USCC", idcode.USCCCheck, "91350100M000100Y4", '3'},
		{"USCC", idcode.USCCCheck, "00000000000000000", '0'},
		{"USCC", idcode.USCCCheck, "9113000034801880", 0},
		{"USCC", idcode.USCCCheck, "9113000034801880XB", 0},
		{"USCC", idcode.USCCCheck, "9113000034801880I", 0},
	} {
		got, ok := c.of(c.first)
		if got != c.check || ok != (c.check != 0) {
			t.Errorf("%s %s: got %q, %v, want %q", c.name, c.first, got, ok, c.check)
		}
	}
}

func TestOnlyACodeOf18CharactersHoldsAnOrgCode(t *testing.T) {
	for uscc, want := range map[string]string{
		"9113000034801880XB": "34801880X", "9113000034801880X": "", "9113000034801880XBB": "", "": "",
	} {
		if got := idcode.OrgCodeOf(uscc); got != want {
			t.Errorf("%s: got %q, want %q", uscc, got, want)
		}
		if got := idcode.OrgCodeMatches(uscc, "34801880X"); got != (want != "") {
			t.Errorf("%s: matches %v", uscc, got)
		}
	}
}

func TestIDTypesAreThoseOfTheManual(t *testing.T) {
	for _, name := range []string{
		"resident_id", "passport", "hk_macao_permit", "hk_macao_residence", "taiwan_permit", "taiwan_residence",
		"foreign_permanent_resident",
	} {
		if got, ok := idcode.ParseIDType(name); !ok || string(got) != name {
			t.Errorf("%s: got %q, %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "Passport", "driving_license"} {
		if got, ok := idcode.ParseIDType(name); ok || got != "" {
			t.Errorf("%s: got %q, %v", name, got, ok)
		}
	}
}

func TestAnErrorNamesTheKindAndTheRule(t *testing.T) {
	err := idcode.ValidateMobile("1")
	if err.Error() != "mobile: length" || idcode.RuleOf(err) != "length" {
		t.Errorf("got %q, rule %q", err, idcode.RuleOf(err))
	}
	if got := idcode.RuleOf(strings.NewReader("").UnreadByte()); got != "format" {
		t.Errorf("another error: got rule %q", got)
	}
}

func TestOnlyMarksOfWritingAreDropped(t *testing.T) {
	for in, want := range map[string]string{
		"A-B": "AB", "A‐B": "AB", "A‑B": "AB", "A–B": "AB",
		"A—B": "AB", "A−B": "AB", "A B": "AB", "A\u3000B": "AB", "A\tB": "AB",
		"az": "AZ", "`{": "`{", "AZ": "AZ", "@[": "@[", "09": "09", "/:": "/:",
		"\uff01\uff5e": "!~", "Ⅹ": "X", "ａｚ０９": "AZ09", "A\u3001B": "A\u3001B",
		"A\u00adB": "AB", "A\u00acB": "A\u00acB", "A\u200bB": "AB",
		"A\ufe0fB": "AB", "A\u034fB": "AB", "A\u202eB": "AB",
		"A葛B": "A葛B",
	} {
		if got := idcode.NormalizeCode(in); got != want {
			t.Errorf("NormalizeCode(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"+8613800138000": "13800138000", "+861380013800": "+861380013800", "+86138001380001": "+86138001380001",
		"(+86) 138-0013-8000": "13800138000", "（+86）13800138000": "13800138000", "+86—138.0013.8000": "13800138000",
		"\u202d13800138000\u202c": "13800138000",
		"00861380013800":          "00861380013800", "86138001380": "86138001380", "13800138000": "13800138000",
	} {
		if got := idcode.NormalizeMobile(in); got != want {
			t.Errorf("NormalizeMobile(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"  季  鹏 ": "季鹏", "季鹏": "季鹏", " 季": "季", "a•b‧c・d●e∙f⋅g": "a·b·c·d·e·f·g",
		"\u200b 季": "季", "Ａ（Ｂ）": "A（B）", "Ａ(Ｂ)季": "A（B）季",
	} {
		if got := idcode.NormalizeName(in); got != want {
			t.Errorf("NormalizeName(%q) = %q, want %q", in, got, want)
		}
	}
	if !idcode.SameName("Jörg Müller", "JÖRG  MÜLLER") {
		t.Error("letter case makes a difference")
	}
}
