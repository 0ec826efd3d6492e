package realname_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/vault"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) // in China

// rules lists what fields refuse, as pointer:kind:rule.
func rules(f *realname.Fields) []string {
	var e *realname.Error
	if !errors.As(f.Err(), &e) {
		return nil
	}
	var list []string
	for _, field := range e.Fields {
		list = append(list, field.Pointer+":"+field.Kind+":"+field.Rule)
	}
	return list
}

func TestFieldsAreExactAtTheirLimits(t *testing.T) {
	type parse func(f *realname.Fields, value string) string
	text := func(f *realname.Fields, v string) string { return f.Text("", v, 2, 4) }
	code := func(f *realname.Fields, v string) string { return f.Code("", v, idcode.ValidateOrgCode) }
	field := func(read func(f *realname.Fields, pointer, value string) string) parse {
		return func(f *realname.Fields, v string) string { return read(f, "", v) }
	}
	name, mobile := field((*realname.Fields).PersonName), field((*realname.Fields).Mobile)
	email, sms := field((*realname.Fields).Email), field((*realname.Fields).SMSCode)
	login := field((*realname.Fields).LoginName)
	const badEmail, badSMS = ":email:format", ":sms_code:format"
	const badLength, badAlphabet = ":login_name:length", ":login_name:alphabet"
	longest := strings.Repeat("a", 249) + "@b.cn"
	for _, c := range []struct {
		name        string
		parse       parse
		value, want string
		rule        string
	}{
		{"email", email, " A.b@Example.COM ", "A.b@example.com", ""},
		{"short email", email, "a@b.cn", "a@b.cn", ""},
		{"longest email", email, longest, longest, ""},
		{"longer email", email, "a" + longest, "a" + longest, badEmail},
		{"email without a local part", email, "@b.cn", "@b.cn", badEmail},
		{"email without a domain", email, "a.b", "a.b", badEmail},
		{"email of one label", email, "a.b@c", "a.b@c", badEmail},
		{"email with a name", email, "A <a@b.cn>", "A <a@b.cn>", badEmail},
		{"shortest text", text, "ab", "ab", ""},
		{"shorter text", text, "a", "a", ":text:length"},
		{"longest text", text, "四个汉字", "四个汉字", ""},
		{"longer text", text, "五个汉字了", "五个汉字了", ":text:length"},
		{"code", code, "34801880-x", "34801880X", ""},
		{"wrong code", code, "348018801", "348018801", ":org_code:check_character"},
		{"name", name, " 季  鹏 ", "季鹏", ""},
		{"shortest name", name, "季", "季", ""},
		{"masked name", name, "季*", "季*", ":name:masked"},
		{"text with a direction mark", text, "a\u202eb", "a\u202eb", ":text:control_character"},
		{"text in full width", text, "ａ　ｂ", "a b", ""},
		{"email with a direction mark", email, "\u202ea@b.cn", "\u202ea@b.cn", badEmail},
		{"email in full width", email, "ａ＠b.cn", "a@b.cn", ""},
		{"SMS code filled in twice", sms, "123456123456", "123456", ""},
		{"mobile between marks", mobile, "\u202d13800138000\u202c", "13800138000", ""},
		{"mobile", mobile, "+86 138 0013 8000", "13800138000", ""},
		{"wrong mobile", mobile, "12800138000", "12800138000", ":mobile:format"},
		{"SMS code", sms, "123 456", "123456", ""},
		{"shorter SMS code", sms, "12345", "12345", badSMS},
		{"longer SMS code", sms, "1234567", "1234567", badSMS},
		{"SMS code of letters", sms, "12345a", "12345A", badSMS},
		{"shortest login name", login, " abc ", "abc", ""},
		{"shorter login name", login, "ab", "ab", badLength},
		{"longest login name", login, strings.Repeat("企", 64), strings.Repeat("企", 64), ""},
		{"longer login name", login, strings.Repeat("企", 65), strings.Repeat("企", 65), badLength},
		{"login name of marks", login, "a1._-@", "a1._-@", ""},
		{"login name with a space", login, "a b c", "a b c", badAlphabet},
	} {
		var f realname.Fields
		got := c.parse(&f, c.value)
		want := []string{c.rule}
		if c.rule == "" {
			want = nil
		}
		if found := rules(&f); got != c.want || !slices.Equal(found, want) {
			t.Errorf("%s: got %q and %v, want %q and %v", c.name, got, found, c.want, want)
		}
	}
}

func TestBase64IsReadOrRefused(t *testing.T) {
	bad := []string{"/c:card:base64"}
	for text, want := range map[string][]string{"": {"/c:card:empty"}, "AQI=": nil, "AQI": bad, "!": bad} {
		var f realname.Fields
		raw := f.Base64("/c", "card", text)
		if found := rules(&f); !slices.Equal(found, want) || want == nil && string(raw) != "\x01\x02" {
			t.Errorf("%q: got %x and %v, want %v", text, raw, found, want)
		}
	}
}

func TestOtherErrorsAreOfTheFormat(t *testing.T) {
	var f realname.Fields
	f.AddErr("/a", nil)
	if f.Err() != nil {
		t.Error("no error is one")
	}
	f.AddErr("/a", errors.New("other"))
	if got := rules(&f); !slices.Equal(got, []string{"/a:value:format"}) {
		t.Errorf("got %v", got)
	}
	for _, c := range []struct {
		pointers []string
		want     bool
	}{{nil, true}, {[]string{"/b"}, true}, {[]string{"/a"}, false}, {[]string{"/b", "/a"}, false}} {
		if got := f.Clean(c.pointers...); got != c.want {
			t.Errorf("%v: clean %v", c.pointers, got)
		}
	}
}

func TestBothCodesOfAnEnterpriseAreCheckedInOneRound(t *testing.T) {
	const differs = "/orgCode:org_code:differs_from_uscc"
	for _, c := range []struct {
		uscc, org string
		want      []string
	}{
		{"9113000034801880XB", "34801880X", nil},
		{"9113000034801880XB", "MA0R01NM0", []string{differs}},
		{"9199880034801880XB", "MA0R01NM0", []string{"/uscc:uscc:region", differs}},
		{"9199880034801880XB", "34801880X", []string{"/uscc:uscc:region"}},
		{"9199880034801880XB", "MA0R01NM1", []string{"/uscc:uscc:region", "/orgCode:org_code:check_character"}},
		{"91130000348018801B", "34801880X", []string{"/uscc:uscc:org_code"}},
		{"9113000034801880X", "34801880X", []string{"/uscc:uscc:length"}},
		{"", "", []string{"/uscc:uscc:empty", "/orgCode:org_code:empty"}},
	} {
		var f realname.Fields
		uscc := f.USCC("/uscc", c.uscc)
		if org := f.OrgCode("/orgCode", c.org, uscc); org != c.org || !slices.Equal(rules(&f), c.want) {
			t.Errorf("%s, %s: %v, want %v", c.uscc, c.org, rules(&f), c.want)
		}
	}
}

func TestAnIdentityIsCheckedAsItsTypeSays(t *testing.T) {
	const id = "11010519491231002X"
	chinese := func(change func(i *realname.Identity)) realname.Identity {
		i := realname.Identity{Person: realname.Person{Name: "季鹏", IDType: idcode.ResidentID, IDNumber: id}}
		change(&i)
		return i
	}
	passport := func(country string) realname.Identity {
		return chinese(func(i *realname.Identity) {
			i.IDType, i.IDNumber, i.IssuingCountry = idcode.Passport, "E12345678", country
		})
	}
	dates := func(from, to string) realname.Identity {
		return chinese(func(i *realname.Identity) { i.ValidFrom, i.ValidTo = from, to })
	}
	for name, c := range map[string]struct {
		identity realname.Identity
		want     []string
	}{
		"resident":       {chinese(func(*realname.Identity) {}), nil},
		"with a country": {chinese(func(i *realname.Identity) { i.IssuingCountry = " chn" }), nil},
		"of another country": {
			chinese(func(i *realname.Identity) { i.IssuingCountry = "DEU" }),
			[]string{"/p/issuingCountry:issuing_country:not_china"},
		},
		"an unknown type": {
			chinese(func(i *realname.Identity) { i.IDType = "other" }), []string{"/p/idType:id_type:unknown"},
		},
		"a wrong number": {
			chinese(func(i *realname.Identity) { i.IDNumber = "1" }), []string{"/p/idNumber:resident_id:length"},
		},
		"a wrong name":         {chinese(func(i *realname.Identity) { i.Name = "季*" }), []string{"/p/name:name:masked"}},
		"passport":             {passport("CHN"), nil},
		"of no country":        {passport(""), []string{"/p/issuingCountry:issuing_country:missing"}},
		"of a foreign country": {passport("DEU"), []string{"/p/issuingCountry:issuing_country:not_china"}},
		"with dates":           {dates("2016-04-25", "20360425"), nil},
		"long-term":            {dates("20160425", "00000000"), nil},
		"starts today":         {dates("20260302", "20360302"), nil},
		"starts tomorrow":      {dates("20260303", "20360303"), []string{"/validFrom:valid_from:not_started"}},
		"ended yesterday":      {dates("20160301", "20260301"), []string{"/validTo:valid_to:expired"}},
		"no start":             {dates("", "20360425"), []string{"/validFrom:valid_from:empty"}},
		"no end":               {dates("20160425", ""), []string{"/validTo:valid_to:empty"}},
		"no such dates": {
			dates("20160431", "20360431"), []string{"/validFrom:valid_from:date", "/validTo:valid_to:date"},
		},
		"dates of another type": {
			chinese(func(i *realname.Identity) { i.IDType, i.IDNumber, i.ValidTo = idcode.HKMacaoPermit, "H12345678", "x" }),
			[]string{"/p/validFrom:validity:resident_id_only"},
		},
	} {
		var f realname.Fields
		f.Identity("/p", c.identity, noon)
		if got := rules(&f); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	var f realname.Fields
	want := dates("20160425", "20360425")
	want.IssuingCountry = "CHN"
	given := want
	given.IDNumber, given.IssuingCountry, given.ValidFrom = "１１０１０５-19491231-002x", "chn", "2016-04-25"
	if got := f.Identity("/p", given, noon); got != want {
		t.Errorf("got %+v", got)
	}
}

func TestAnIdentityBornTodayInChinaIsBorn(t *testing.T) {
	check, _ := idcode.ResidentIDCheck("11010520260302002")
	p := realname.Person{Name: "季鹏", IDType: idcode.ResidentID, IDNumber: "11010520260302002" + string(check)}
	for at, want := range map[string][]string{
		"2026-03-01T15:59:59Z": {"/idNumber:resident_id:birth_date"}, "2026-03-01T16:00:00Z": nil,
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		var f realname.Fields
		f.Person("", p, now)
		if got := rules(&f); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", at, got, want)
		}
	}
}

// brokenSealer is a sealer whose values hold no JSON.
type brokenSealer struct{ realname.Sealer }

func (brokenSealer) Open(realname.Sealed, string, string) ([]byte, error) { return []byte("x"), nil }

func TestSealedPersonsComeBack(t *testing.T) {
	v := vault.Ephemeral()
	person := realname.Person{Name: "季鹏", IDType: idcode.ResidentID, IDNumber: "11010519491231002X"}
	identity := realname.Identity{Person: person, ValidFrom: "20160425", ValidTo: "20360425"}
	sealed, err := realname.SealPerson(v, person, "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := realname.OpenPerson(v, sealed, "i", "f"); err != nil || got != person {
		t.Errorf("got %+v, %v", got, err)
	}
	whole, err := realname.SealIdentity(v, identity, "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := realname.OpenIdentity(v, whole, "i", "f"); err != nil || got != identity {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, c := range map[string]struct {
		sealer realname.Sealer
		sealed realname.Sealed
		fails  bool
	}{
		"nothing":       {v, "", false},
		"another vault": {vault.Ephemeral(), sealed, true},
		"no JSON":       {brokenSealer{}, sealed, true},
	} {
		p, err := realname.OpenPerson(c.sealer, c.sealed, "i", "f")
		if (err != nil) != c.fails || p != (realname.Person{}) {
			t.Errorf("%s: person %+v, %v", name, p, err)
		}
		i, err := realname.OpenIdentity(c.sealer, c.sealed, "i", "f")
		if (err != nil) != c.fails || i != (realname.Identity{}) {
			t.Errorf("%s: identity %+v, %v", name, i, err)
		}
	}
}

func TestAPersonIsTheSameByNameAndDocument(t *testing.T) {
	p := realname.Person{Name: "阿凡提·买买提", IDType: idcode.Passport, IDNumber: "E12345678"}
	for name, c := range map[string]struct {
		change func(p *realname.Person)
		want   bool
	}{
		"itself":           {func(*realname.Person) {}, true},
		"another spelling": {func(p *realname.Person) { p.Name = "阿凡提•买买提" }, true},
		"another name":     {func(p *realname.Person) { p.Name = "季鹏" }, false},
		"another type":     {func(p *realname.Person) { p.IDType = idcode.ResidentID }, false},
		"another number":   {func(p *realname.Person) { p.IDNumber = "E12345679" }, false},
	} {
		other := p
		c.change(&other)
		if got := realname.SamePerson(p, other); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
