package idcode_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"realname/shared/idcode"
)

// normalizers returns every form of this package, by name.
func normalizers() map[string]func(string) string {
	return map[string]func(string) string{
		"code": idcode.NormalizeCode, "mobile": idcode.NormalizeMobile, "sms_code": idcode.NormalizeSMSCode,
		"text": idcode.NormalizeText, "name": idcode.NormalizeName, "name_key": idcode.NameKey,
	}
}

// lookalikes returns groups of characters that people and programs write for each
// other in names.
func lookalikes() map[string]string {
	return map[string]string{
		"dot":           "·•‧・･˙⸱⸳ㆍꞏ·∙⋅●⦁⚫.．。｡﹒․",
		"dash":          "-‐‑‒–—―−﹣－",
		"apostrophe":    "'‘’ʼ′`´＇",
		"quote":         "\"“”„″〝〞＂「」『』",
		"open bracket":  "(（[［【〔〖﹝",
		"close bracket": ")）]］】〕〗﹞",
		"zero":          "〇○◯",
	}
}

func TestLookalikesAreTheSameName(t *testing.T) {
	for kind, group := range lookalikes() {
		for _, around := range []string{"买买提_吐尔逊", "一汽_大众国际贸易有限公司", "a _ b", "语文报社_国际"} {
			first, _ := utf8.DecodeRuneInString(group)
			want := strings.ReplaceAll(around, "_", string(first))
			for _, r := range group {
				if name := strings.ReplaceAll(around, "_", string(r)); !idcode.SameName(name, want) {
					t.Errorf("%s: %q is not %q: %q, %q", kind, name, want, idcode.NameKey(name), idcode.NameKey(want))
				}
			}
			if idcode.SameName(want, strings.ReplaceAll(around, "_", "")) {
				t.Errorf("%s: %q is the same without it", kind, want)
			}
		}
	}
}

func TestNamesThatAreTheSame(t *testing.T) {
	for _, names := range [][]string{
		{"买买提·吐尔逊", "买买提 · 吐尔逊", "买买提.吐尔逊", "买买提。吐尔逊", "买买提 ̇吐尔逊"},
		{"O'BRIEN PATRICK", "O’Brien Patrick", "o'brien  patrick", "O´BRIEN\u00a0PATRICK"},
		{"一汽－大众国际贸易有限公司", "一汽—大众国际贸易有限公司", "一汽——大众国际贸易有限公司", "一汽-大众国际贸易有限公司"},
		{"《语文报》社“国际”贸易有限责任公司", "《语文报》社\"国际\"贸易有限责任公司", "〈语文报〉社「国际」贸易有限责任公司"},
		{"上海安达（中国）贸易有限公司", "上海安达(中国)贸易有限公司", "上海安达【中国】贸易有限公司", "上海安达〔中国〕 贸易有限公司"},
		{"王䶮", "王\ue863"},
		{"龴某", "\ue81e某"},
		{"𠂇某", "\ue816某"},
		{"赵安国", "赵 安 国", "赵　安国", "赵\u200b安国", "赵安国\ufe00"},
		{"郎平", "\uf92c平"},
		{"人民", "⼈民"},
		{"一〇一厂", "一○一厂", "一◯一厂"},
		{"TCL集团", "ｔｃｌ集团"},
		{"***", "*", "＊＊"},
	} {
		for _, name := range names {
			if !idcode.SameName(names[0], name) {
				t.Errorf("%q is not %q: %q, %q", name, names[0], idcode.NameKey(name), idcode.NameKey(names[0]))
			}
		}
	}
	for _, c := range [][2]string{{"季鹏", "季朋"}, {"上海（中国）公司", "上海中国公司"}, {"一〇一厂", "一零一厂"}, {"張三", "张三"}} {
		if idcode.SameName(c[0], c[1]) {
			t.Errorf("%q is %q", c[0], c[1])
		}
	}
}

func TestADisplayFormKeepsWhatTheDocumentSays(t *testing.T) {
	for in, want := range map[string]string{
		"上海安达（中国）贸易有限公司":         "上海安达（中国）贸易有限公司",
		"上海安达(中国)贸易有限公司":         "上海安达（中国）贸易有限公司",
		"上海安达〔中国〕贸易有限公司":         "上海安达〔中国〕贸易有限公司",
		"ANDA (CHINA) CO., LTD.": "ANDA (CHINA) CO., LTD.",
		"一汽—大众":                  "一汽—大众",
		"“国际”":                   "“国际”",
		"一○一厂":                   "一○一厂",
		"买买提˙吐尔逊":                "买买提·吐尔逊",
		"买买提 ̇吐尔逊":               "买买提·吐尔逊",
		"买买提．吐尔逊":                "买买提·吐尔逊",
		"J. R. Smith":            "J. R. Smith",
		"O’Brien Patrick":        "O’Brien Patrick",
		"王\ue863":                "王䶮",
		"赵 安国":                   "赵安国",
		"河北（电子） 口岸":              "河北（电子）口岸",
		"\U00020000某":            "\U00020000某",
		"\u202d季鹏":               "\u202d季鹏", // the validators refuse it
		"葛\U000e0100某":           "葛某",
		"Jo\u0308rg":             "Jörg",
		"\uf92c平":                "郎平",
	} {
		if got := idcode.NormalizeName(in); got != want {
			t.Errorf("NormalizeName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestProvidersGetTheStandardSpelling(t *testing.T) {
	for in, want := range map[string][]string{
		"季鹏":              {"季鹏"},
		"上海安达(中国)贸易有限公司":  {"上海安达（中国）贸易有限公司"},
		"上海安达【中国】贸易有限公司":  {"上海安达（中国）贸易有限公司"},
		"买买提•吐尔逊":         {"买买提·吐尔逊"},
		"社\"国际\"公司\"a\"":  {"社“国际”公司“a”"},
		"一汽-大众":           {"一汽－大众", "一汽—大众"},
		"一汽—大众":           {"一汽—大众", "一汽－大众"},
		"O’Brien Patrick": {"O'BRIEN PATRICK"},
		"Smith–Jones":     {"SMITH-JONES"},
		"王䶮":              {"王䶮", "王\ue863"},
		"王\ue863":         {"王䶮", "王\ue863"},
		"一◯一厂":            {"一〇一厂", "一○一厂"},
		"一○一厂":            {"一○一厂", "一〇一厂"},
	} {
		if got := idcode.Spellings(in); !slices.Equal(got, want) {
			t.Errorf("Spellings(%q) = %q, want %q", in, got, want)
		}
	}
}

// All 80 two-byte codes of GBK, FE50–FEA0, have the private-use codes U+E815–E864 in
// order, so the first and the last prove the rest; glibc and the WHATWG index agree
// with each of the table's characters.
func TestAll80TwinsAreTheSameName(t *testing.T) {
	seen := map[string]bool{}
	for r := rune(0xE815); r <= 0xE864; r++ {
		standard := idcode.NormalizeName("王" + string(r))
		if strings.ContainsRune(standard, r) || seen[standard] {
			t.Fatalf("%U became %q", r, standard)
		}
		seen[standard] = true
		if want := []string{standard, "王" + string(r)}; !slices.Equal(idcode.Spellings(standard), want) {
			t.Errorf("%U: got %q, want %q", r, idcode.Spellings(standard), want)
		}
	}
	if len(seen) != 80 {
		t.Errorf("%d twins", len(seen))
	}
	for r, want := range map[rune]string{
		0xE815: "王⺁", 0xE81E: "王龴", 0xE863: "王䶮", 0xE864: "王龻", 0xE814: "王\ue814", 0xE865: "王\ue865",
	} {
		if got := idcode.NormalizeName("王" + string(r)); got != want {
			t.Errorf("%U: got %q, want %q", r, got, want)
		}
	}
}

func TestIssuesOfOnePermitAreTheSameNumber(t *testing.T) {
	for _, c := range []struct {
		aType idcode.IDType
		a     string
		bType idcode.IDType
		b     string
		same  bool
	}{
		{idcode.HKMacaoPermit, "H0123456702", idcode.HKMacaoPermit, "H01234567", true},
		{idcode.HKMacaoPermit, "H0123456702", idcode.HKMacaoPermit, "H0123456701", true},
		{idcode.HKMacaoPermit, "H0123456702", idcode.HKMacaoPermit, "M0123456702", false},
		{idcode.HKMacaoPermit, "H0123456702", idcode.HKMacaoPermit, "H0123456802", false},
		{idcode.HKMacaoPermit, "H01234567", idcode.Passport, "H01234567", false},
		{idcode.TaiwanPermit, "0561682001", idcode.TaiwanPermit, "05616820", true},
		{idcode.TaiwanPermit, "0561682001(D)", idcode.TaiwanPermit, "0561682002", true},
		{idcode.TaiwanPermit, "0561682001", idcode.TaiwanPermit, "05616821", false},
		{idcode.Passport, "E12345678", idcode.Passport, "E12345679", false},
		{idcode.ForeignPermanentResident, "DEU110198001011", idcode.ForeignPermanentResident, "DEU110198001012", false},
		{idcode.ResidentID, "810000199001010019", idcode.HKMacaoResidence, "810000199001010019", true},
		{idcode.ResidentID, "830000199001010012", idcode.TaiwanResidence, "830000199001010012", true},
		{idcode.ResidentID, "830000199001010012", idcode.HKMacaoResidence, "830000199001010012", false},
		{idcode.ResidentID, "11010519491231002X", idcode.ResidentID, "11010519491231002X", true},
	} {
		if got := idcode.SameNumber(c.aType, c.a, c.bType, c.b); got != c.same {
			t.Errorf("%s %s, %s %s: same is %v", c.aType, c.a, c.bType, c.b, got)
		}
	}
	former := idcode.FormerNumbers(idcode.HKMacaoPermit, "H0123456702")
	if len(former) != 100 || former[0] != "H0123456700" || former[99] != "H0123456799" {
		t.Errorf("former numbers: %v", former)
	}
	if got := idcode.FormerNumbers(idcode.ResidentID, "11010519491231002X"); got != nil {
		t.Errorf("a resident ID has former numbers: %v", got)
	}
}

func TestACodeFilledInTwiceIsReadOnce(t *testing.T) {
	for in, want := range map[string]string{
		"123456": "123456", "123456123456": "123456", "123456 123456": "123456", "123456654321": "123456654321",
		"\u202d123456\u202c": "123456", "１２３４５６": "123456", "abcdefabcdef": "ABCDEFABCDEF", "111111": "111111",
	} {
		if got := idcode.NormalizeSMSCode(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// anyName draws names of every kind that this package folds.
func anyName() *rapid.Generator[string] {
	pieces := []string{
		"季", "䶮", "\ue863", "\ue81e", "\uf92c", "⼈", "\U00020000", "a", "B", "é", "e\u0301", "Ａ", "9", "９", " ", "\u3000",
		"\u00a0",
		"\u200b", "\U000e0100", "\u202d", "*", "?", "\u0307", " \u0307",
	}
	for _, group := range lookalikes() {
		pieces = append(pieces, strings.Split(group, "")...)
	}
	slices.Sort(pieces) // the order of a map would make a failure unrepeatable
	piece := rapid.OneOf(rapid.SampledFrom(pieces), rapid.Map(rapid.Rune(), func(r rune) string { return string(r) }))
	return rapid.Map(rapid.SliceOfN(piece, 0, 12), func(all []string) string { return strings.Join(all, "") })
}

func TestFormsOfNamesKeepTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyName().Draw(t, "a"), anyName().Draw(t, "b")
		display, key := idcode.NormalizeName(a), idcode.NameKey(a)
		if idcode.NormalizeName(display) != display || idcode.NameKey(key) != key {
			t.Fatalf("%q: normalizing again changes it: %q, %q", a, display, key)
		}
		if idcode.NameKey(display) != key {
			t.Fatalf("%q: its display form %q is another name", a, display)
		}
		for _, spelling := range idcode.Spellings(a) {
			if idcode.NameKey(spelling) != key {
				t.Fatalf("%q: a provider gets another name, %q", a, spelling)
			}
		}
		if idcode.SameName(a, b) != (idcode.NameKey(a) == idcode.NameKey(b)) {
			t.Fatalf("%q, %q: SameName disagrees with the comparison forms", a, b)
		}
		group := rapid.SampledFrom(slices.Sorted(maps.Keys(lookalikes()))).Draw(t, "group")
		all := []rune(lookalikes()[group])
		one := rapid.SampledFrom(all).Draw(t, "one")
		other := rapid.SampledFrom(all).Draw(t, "other")
		if x, y := "季"+string(one)+"鹏", "季"+string(other)+"鹏"; !idcode.SameName(x, y) {
			t.Fatalf("%q is not %q", x, y)
		}
	})
}

func TestFormsOfCodesKeepTheirPromises(t *testing.T) {
	marks := []string{
		"\u202d", "\u202c", "\u200e", "\u200b", "\ufeff", " ", "\u3000", "\u00a0", "-", "—", "\u2060",
		"\u00ad",
	}
	rapid.Check(t, func(t *rapid.T) {
		codes := map[string]string{
			"code":     rapid.OneOf(rapid.Custom(genUSCC), rapid.Custom(genResidentID)).Draw(t, "code"),
			"mobile":   rapid.StringMatching(`1[3-9][0-9]{9}`).Draw(t, "mobile"),
			"sms_code": rapid.StringMatching(`[0-9]{6}`).Draw(t, "sms"),
		}
		for kind, code := range codes {
			var dressed strings.Builder
			for _, c := range code {
				dressed.WriteString(rapid.SampledFrom(marks).Draw(t, "mark"))
				if rapid.Bool().Draw(t, "wide") {
					c += 0xFEE0
				}
				dressed.WriteRune(c)
			}
			if got := normalizers()[kind](dressed.String()); got != code {
				t.Fatalf("%s %q: got %q, want %q", kind, dressed.String(), got, code)
			}
		}
		for kind, normalize := range normalizers() {
			if s := rapid.String().Draw(t, "any"); normalize(normalize(s)) != normalize(s) {
				t.Fatalf("%s: normalizing %q again changes it", kind, s)
			}
		}
		number := rapid.StringMatching(`[HM][0-9]{8}`).Draw(t, "permit")
		issue := rapid.StringMatching(`[0-9]{2}`).Draw(t, "issue")
		key := idcode.NumberKey(idcode.HKMacaoPermit, number+issue)
		if key != idcode.NumberKey(idcode.HKMacaoPermit, number) {
			t.Fatalf("issue %s of %s has the key %s", issue, number, key)
		}
		if !slices.Contains(idcode.FormerNumbers(idcode.HKMacaoPermit, number), number+issue) {
			t.Fatalf("issue %s of %s is not among the former numbers", issue, number)
		}
	})
}
