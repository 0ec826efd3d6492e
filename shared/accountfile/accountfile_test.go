package accountfile_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"realname/shared/accountfile"
	"realname/shared/realname"
)

const (
	header = "loginName,password,origin,enterpriseName,uscc,orgCode,address," +
		"legalRepName,legalRepIdType,legalRepIdNumber,adminName,adminIdType,adminIdNumber,mobile,email,region\n"
	clerk = "clerk,Secret-pass-1,migrated_local,河北安达进出口贸易有限公司,91130100MA0R01NM09,MA0R01NM0," +
		"石家庄市,赵安国,resident_id,130105197803121016,钱小敏,resident_id,13010419850215201X," +
		"13800001001,a@example.com,河北\n"
)

var today = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// read detects the encoding of a file and parses it.
func read(t *testing.T, raw []byte) (accounts []accountfile.Account, faults, warnings []accountfile.Fault) {
	t.Helper()
	encoding, err := accountfile.Detect(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	in, err := accountfile.NewReader(bytes.NewReader(raw), encoding, accountfile.Columns())
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, fault, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return accounts, faults, warnings
		case err != nil:
			t.Fatal(err)
		case fault != nil:
			faults = append(faults, *fault)
			continue
		}
		a, broken, unusual := row.Parse(today)
		if len(broken) == 0 {
			accounts = append(accounts, a)
		}
		faults, warnings = append(faults, broken...), append(warnings, unusual...)
	}
}

func encoded(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestEveryEncodingSaysTheSame(t *testing.T) {
	gb := encoded(t, header+clerk)
	for name, raw := range map[string][]byte{
		"UTF-8": []byte(header + clerk), "UTF-8 with a byte order mark": []byte("\ufeff" + header + clerk), "GBK": gb,
		"GB 18030 with a byte order mark": append([]byte{0x84, 0x31, 0x95, 0x33}, gb...),
		"CRLF":                            []byte(strings.ReplaceAll(header+clerk, "\n", "\r\n")),
		"CR":                              []byte(strings.ReplaceAll(header+clerk, "\n", "\r")),
		"no end":                          []byte(strings.TrimSuffix(header+clerk, "\n")),
		"GBK with CRLF":                   bytes.ReplaceAll(gb, []byte("\n"), []byte("\r\n")),
		"a spreadsheet's separator":       []byte("sep=,\n" + header + clerk),
		"empty rows first":                []byte(",,,\n\n" + header + clerk),
	} {
		accounts, faults, warnings := read(t, raw)
		if len(faults)+len(warnings) != 0 || len(accounts) != 1 {
			t.Fatalf("%s: %+v %v", name, accounts, faults)
		}
		a := accounts[0]
		if a.EnterpriseName != "河北安达进出口贸易有限公司" || a.Administrator.Name != "钱小敏" ||
			a.LoginName != "clerk" || a.Region != "河北" {
			t.Errorf("%s: %+v %v", name, accounts, faults)
		}
	}
}

func TestOtherEncodingsAreNamed(t *testing.T) {
	for name, raw := range map[string][]byte{
		"UTF-16": {0xff, 0xfe, 'a', 0}, "UTF-16 from the big end": {0xfe, 0xff, 0, 'a'},
		"UTF-16 without a mark": {'a', 0, 'b', 0},
		"neither":               {'a', 0x80, 0xff, 0xff, '\n'},
	} {
		if _, err := accountfile.Detect(bytes.NewReader(raw)); !errors.Is(err, accountfile.ErrEncoding) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One row of ten has a lost character in a name. Whatever the bytes are, the other
// rows are read in the right encoding.
func TestALostCharacterCostsItsRowOnly(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		gb := rapid.Bool().Draw(rt, "gb")
		raw := func(text string) []byte {
			if gb {
				return encoded(t, text)
			}
			return []byte(text)
		}
		rows := rapid.IntRange(1, 12).Draw(rt, "rows")
		broken := rapid.IntRange(0, rows).Draw(rt, "broken") // rows: none of them
		lost := rapid.SampledFrom([]string{"\xff", "\x80\xff", "\xfd", "\x81", "\xa6\x40"}).Draw(rt, "lost")
		file := raw(header)
		for n := range rows {
			text := raw(strings.Replace(clerk, "clerk", "clerk-"+string(rune('a'+n)), 1))
			if n == broken {
				text = bytes.Replace(text, raw("钱小敏"), append(raw("钱小"), lost...), 1)
			}
			file = append(file, text...)
		}
		accounts, faults, _ := read(t, file)
		want := rows
		if broken < rows {
			want--
			if len(faults) != 1 || faults[0].Line != broken+2 || faults[0].Column != "adminName" ||
				faults[0].Rule != "lost_character" {
				rt.Fatalf("%v", faults)
			}
		}
		if len(accounts) != want {
			rt.Fatalf("%d accounts of %d: %v", len(accounts), rows, faults)
		}
		for _, a := range accounts {
			if a.Administrator.Name != "钱小敏" {
				rt.Fatalf("%+v", a)
			}
		}
	})
}

func TestASingleLostCharacterAmongASCIIDoesNotRefuseTheFile(t *testing.T) {
	text := strings.NewReplacer(
		"河北安达进出口贸易有限公司", "Anda Ltd.", "石家庄市", "", "赵安国", "An", "钱小敏", "Min\xff", "河北", "",
	).Replace(clerk)
	other := strings.Replace(strings.Replace(text, "clerk", "other", 1), "Min\xff", "Min", 1)
	accounts, faults, _ := read(t, []byte(header+text+other))
	want := accountfile.Fault{Line: 2, Column: "adminName", Rule: "lost_character"}
	if len(accounts) != 1 || len(faults) != 1 || faults[0] != want {
		t.Errorf("%+v %v", accounts, faults)
	}
}

// Names of the common characters alone show the encoding.
func TestAFewNamesShowTheEncoding(t *testing.T) {
	common := func(rt *rapid.T) string { // GB 2312, level 1
		at := rapid.IntRange(0, 40*94-6).Draw(rt, "character")
		raw := []byte{0xB0 + byte(at/94), 0xA1 + byte(at%94)}
		text, err := simplifiedchinese.GBK.NewDecoder().Bytes(raw)
		if err != nil {
			rt.Fatal(err)
		}
		return string(text)
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := header
		for range 6 {
			text += "a," + common(rt) + common(rt) + common(rt) + ",b\n"
		}
		files := map[accountfile.Encoding][]byte{accountfile.UTF8: []byte(text), accountfile.GBK: encoded(t, text)}
		for want, raw := range files {
			if got, err := accountfile.Detect(bytes.NewReader(raw)); got != want || err != nil {
				rt.Fatalf("%s: %s %v", want, got, err)
			}
		}
	})
}

// GB 18030-2022 moved these codes, which GBK does not have, to standard characters.
func TestCodesOutsideGBKAreThoseOf2022(t *testing.T) {
	for code, want := range map[string]string{
		"\xfe\x59": "\u9fb4", "\xfe\x61": "\u9fb5", "\xfe\xa0": "\u9fbb", "\xfe\x51": "\U00020087", "\xfe\x9f": "䶮",
		"\x95\x32\x90\x31": "\U00020087", "\x82\x35\x90\x37": "\u9fb4",
	} {
		raw := bytes.Replace(encoded(t, header+clerk), encoded(t, "敏"), []byte(code), 1)
		accounts, faults, _ := read(t, raw)
		if len(accounts) != 1 || accounts[0].Administrator.Name != "钱小"+want {
			t.Errorf("%x: %+v %v", code, accounts, faults)
		}
	}
}

func TestAHeaderIsCheckedByName(t *testing.T) {
	for text, want := range map[string]string{
		"": "line 1: header: the file is empty", "\n\n,,\n": "the file is empty",
		"a,b\n": `"a" is not expected`, strings.Replace(header, "region", "email", 1): `"email" is duplicated`,
		strings.Replace(header, ",region", "", 1):       `"region" is missing`,
		"\n" + strings.Replace(header, "email", "x", 1): `line 2: header: column "x" is not expected`,
		strings.ReplaceAll(header, ",", ";"):            "separated by semicolons: save the file with commas",
		strings.ReplaceAll(header, ",", "\t"):           "separated by tabs",
		strings.ReplaceAll(header, ",", "，"):            "separated by full-width commas",
		`"loginName` + "\n":                             "header",
	} {
		_, err := accountfile.NewReader(strings.NewReader(text), accountfile.UTF8, accountfile.Columns())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWhatIsEmptyThroughoutIsSkipped(t *testing.T) {
	commas := strings.Repeat(",", 15)
	named := strings.TrimSuffix(header, "\n")
	inside := strings.Replace(header, "password,", "password,,", 1)
	for name, text := range map[string]string{
		"final rows":       header + clerk + commas + "\n" + commas + "\n",
		"short rows":       header + "\n ,\u3000\n" + clerk + "\u00a0\n\ufeff\n",
		"quoted":           header + clerk + `"",""` + "\n",
		"trailing commas":  named + ",,\n" + strings.TrimSuffix(clerk, "\n") + ",, \n",
		"more than header": header + strings.TrimSuffix(clerk, "\n") + ",,\n",
		"a column inside":  inside + strings.Replace(clerk, "pass-1,", "pass-1,,", 1),
		"a column first":   "," + header + "," + clerk,
	} {
		accounts, faults, _ := read(t, []byte(text))
		if len(faults) != 0 || len(accounts) != 1 || accounts[0].Region != "河北" {
			t.Errorf("%s: %+v %v", name, accounts, faults)
		}
	}
	for name, text := range map[string]string{
		"a value without a column": named + ",\n" + strings.TrimSuffix(clerk, "\n") + ",x\n",
		"a value inside":           inside + strings.Replace(clerk, "pass-1,", "pass-1,x,", 1),
		"a short row":              header + "clerk,Secret-pass-1\n",
	} {
		accounts, faults, _ := read(t, []byte(text))
		if len(accounts) != 0 || len(faults) != 1 || faults[0] != (accountfile.Fault{Line: 2, Rule: "number_of_columns"}) {
			t.Errorf("%s: %+v %v", name, accounts, faults)
		}
	}
}

// A quotation mark that is never closed costs its line, not the rest of the file.
func TestQuotationMarksAndLongLinesCostOneRow(t *testing.T) {
	other := strings.Replace(clerk, "clerk", "other", 1)
	for name, try := range map[string]struct {
		from, to, column, rule string
		lines                  int
	}{
		"opened":          {"石家庄市", `"石家庄市`, "", "quotes", 1},
		"inside":          {"石家庄市", `石"家庄市`, "", "quotes", 1},
		"after":           {"石家庄市", `"石家"庄市`, "", "quotes", 1},
		"a line break":    {"石家庄市", "\"石家庄\r\n市\"", "address", "control_character", 2},
		"two line breaks": {"石家庄市", "\"石家庄\n\n市\"", "address", "control_character", 3},
		"long":            {"石家庄市", strings.Repeat("石", 30_000), "", "length", 1},
		"long text":       {"石家庄市", strings.Repeat("石", 201), "address", "length", 1},
		"NUL":             {"石家庄市", "石\x00庄市", "address", "control_character", 1},
		"NUL in a code":   {"MA0R01NM0,", "MA0R\x0001NM0,", "orgCode", "control_character", 1},
	} {
		text := header + strings.Replace(clerk, try.from, try.to, 1) + strings.Repeat(other, 1)
		accounts, faults, _ := read(t, []byte(text))
		if len(faults) != 1 || faults[0] != (accountfile.Fault{Line: 2, Column: try.column, Rule: try.rule}) {
			t.Errorf("%s: %v", name, faults)
		}
		if len(accounts) != 1 || accounts[0].LoginName != "other" || accounts[0].Line != 2+try.lines {
			t.Errorf("%s: %+v", name, accounts)
		}
	}
	quoted := strings.Replace(clerk, "石家庄市", `"石家庄市, ""新华""区"`, 1)
	accounts, faults, _ := read(t, []byte(header+quoted))
	if len(faults) != 0 || !strings.Contains(accounts[0].Address, `"新华"区`) {
		t.Errorf("%+v %v", accounts, faults)
	}
}

func TestWhatSpreadsheetsDoToCodesIsSaid(t *testing.T) {
	const code, org, id, mobile = "91130100MA0R01NM09", ",MA0R01NM0,", "13010419850215201X", "13800001001"
	for name, try := range map[string]struct{ from, to, column, rule string }{
		"scientific":            {id, "1.30104E+17", "adminIdNumber", "scientific_number"},
		"scientific, full":      {id, "1.30104198502152E+17", "adminIdNumber", "scientific_number"},
		"scientific, small":     {"130105197803121016", "1.30105e17", "legalRepIdNumber", "scientific_number"},
		"scientific, comma":     {id, `"1,30104E+17"`, "adminIdNumber", "scientific_number"},
		"scientific mobile":     {mobile, "1.38E+10", "mobile", "scientific_number"},
		"scientific code":       {code, "9.11301E+17", "uscc", "scientific_number"},
		"scientific org":        {org, ",3.48019E+08,", "orgCode", "scientific_number"},
		"rounded":               {id, "440306199001010000", "adminIdNumber", "rounded_number"},
		"rounded code":          {code, "911301000000001000", "uscc", "rounded_number"},
		"impossible code":       {code, "00000000MA0R01NM09", "uscc", "department"},
		"no province":           {code, "91000000MA0R01NM09", "uscc", "region"},
		"mistyped, not rounded": {id, "440306199001010017", "adminIdNumber", "check_character"},
	} {
		text := strings.Replace(clerk, try.from, try.to, 1)
		accounts, faults, _ := read(t, []byte(header+text+strings.Replace(clerk, "clerk", "other", 1)))
		want := accountfile.Fault{Line: 2, Column: try.column, Rule: try.rule}
		if len(accounts) != 1 || len(faults) != 1 || faults[0] != want {
			t.Errorf("%s: %v", name, faults)
		}
	}
	for _, cell := range []string{code, id, mobile, "MA0R01NM0"} {
		for _, mark := range []string{"'", " '", "’"} {
			accounts, faults, _ := read(t, []byte(header+strings.Replace(clerk, ","+cell, ","+mark+cell, 1)))
			if len(faults) != 0 || accounts[0].USCC != code || accounts[0].Administrator.IDNumber != id ||
				accounts[0].Mobile != mobile || accounts[0].OrgCode != "MA0R01NM0" {
				t.Errorf("%s%s: %+v %v", mark, cell, accounts, faults)
			}
		}
	}
}

func TestAnUnusualCodeIsAWarning(t *testing.T) {
	text := strings.Replace(clerk, "91130100MA0R01NM09,MA0R01NM0", "91350203M0001QKT19,M0001QKT1", 1)
	accounts, faults, warnings := read(t, []byte(header+text))
	want := accountfile.Fault{Line: 2, Column: "uscc", Rule: "check_character"}
	if len(accounts) != 1 || len(faults) != 0 || len(warnings) != 1 || warnings[0] != want {
		t.Errorf("%+v %v %v", accounts, faults, warnings)
	}
	if !strings.Contains(want.Explain(), "GB 32100") {
		t.Error(want.Explain())
	}
}

func TestARowTellsEveryFault(t *testing.T) {
	for name, try := range map[string]struct{ from, to, column, rule string }{
		"no login name":           {"clerk,", ",", "loginName", "length"},
		"placeholder":             {"钱小敏", "王?", "adminName", "placeholder"},
		"lost character":          {"钱小敏", "王\ufffd", "adminName", "lost_character"},
		"masked":                  {"钱小敏", "王**", "adminName", "masked"},
		"no region":               {"河北\n", "月球\n", "region", "unknown"},
		"email without a domain":  {"a@example.com", "a@example", "email", "format"},
		"endless password":        {"Secret-pass-1", strings.Repeat("x", 129), "password", "length"},
		"origin":                  {"migrated_local", "moon", "origin", "unknown"},
		"USCC":                    {"91130100MA0R01NM09", "91130100MA0R01NM19", "uscc", "org_code"},
		"organization code":       {",MA0R01NM0,", ",MA0R02NM3,", "orgCode", "differs_from_uscc"},
		"legal representative":    {"130105197803121016", "130105197803121017", "legalRepIdNumber", "check_character"},
		"half a person":           {"赵安国,resident_id,130105197803121016", "赵安国,,", "legalRepIdType", "unknown"},
		"holder":                  {"13010419850215201X", "", "adminIdNumber", "empty"},
		"mobile":                  {"13800001001", "12800001001", "mobile", "format"},
		"email":                   {"a@example.com", "a.example.com", "email", "format"},
		"a quote where none goes": {"石家庄市", `石"家庄`, "", "quotes"},
		"a column too many":       {"石家庄市", "石家庄市,", "", "number_of_columns"},
	} {
		_, faults, _ := read(t, []byte(header+strings.Replace(clerk, try.from, try.to, 1)+clerk))
		if len(faults) != 1 || faults[0] != (accountfile.Fault{Line: 2, Column: try.column, Rule: try.rule}) {
			t.Errorf("%s: %+v", name, faults)
		}
	}
}

// The decoder and the reader never fail on a file's content, and no row has a
// character that no request can have.
func FuzzFile(f *testing.F) {
	f.Add([]byte(header+clerk), false)
	f.Add([]byte("\xff\xfe"), false)
	f.Add([]byte(header+"\"\r\n\r"+clerk), true)
	f.Add(append([]byte{0x84, 0x31, 0x95, 0x33}, header+"\xfe\x59,\x81\n"+clerk...), true)
	f.Fuzz(func(t *testing.T, raw []byte, gb bool) {
		encoding, err := accountfile.Detect(bytes.NewReader(raw))
		if err != nil && !errors.Is(err, accountfile.ErrEncoding) {
			t.Fatal(err)
		}
		if err != nil || gb {
			encoding = accountfile.GBK
		}
		in, err := accountfile.NewReader(bytes.NewReader(raw), encoding, accountfile.Columns())
		if err != nil {
			return
		}
		for line := 0; ; {
			row, fault, err := in.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if fault != nil {
				row.Line = fault.Line
			}
			if row.Line <= line {
				t.Fatalf("line %d after line %d", row.Line, line)
			}
			line = row.Line
			if fault != nil {
				continue
			}
			a, faults, _ := row.Parse(today)
			if text := a.Administrator.Name + a.EnterpriseName + a.Address + a.LoginName; len(faults) == 0 &&
				strings.ContainsFunc(text, realname.Unreadable) {
				t.Fatalf("%q is accepted", text)
			}
		}
	})
}
