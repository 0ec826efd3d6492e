package accountfile_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"realname/shared/accountfile"
)

const (
	header = "loginName,password,origin,enterpriseName,uscc,orgCode,address," +
		"legalRepName,legalRepIdType,legalRepIdNumber,adminName,adminIdType,adminIdNumber,mobile,email,region\n"
	clerk = "clerk,Secret-pass-1,migrated_local,河北安达进出口贸易有限公司,91130100MA0R01NM09,MA0R01NM0," +
		"石家庄市,赵安国,resident_id,130105197803121016,钱小敏,resident_id,13010419850215201X," +
		"13800001001,a@example.com,河北\n"
)

var today = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// read decodes and parses a file.
func read(t *testing.T, raw []byte) ([]accountfile.Account, []accountfile.Fault) {
	t.Helper()
	encoding, err := accountfile.Detect(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	text, err := accountfile.Decode(bytes.NewReader(raw), encoding)
	if err != nil {
		t.Fatal(err)
	}
	in, err := accountfile.NewReader(text)
	if err != nil {
		t.Fatal(err)
	}
	var accounts []accountfile.Account
	var faults []accountfile.Fault
	for {
		row, fault, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return accounts, faults
		case err != nil:
			t.Fatal(err)
		case fault != nil:
			faults = append(faults, *fault)
			continue
		}
		a, broken := row.Parse(today)
		accounts, faults = append(accounts, a), append(faults, broken...)
	}
}

func TestEveryEncodingSaysTheSame(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(header + clerk))
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"UTF-8": []byte(header + clerk), "UTF-8 with a byte order mark": []byte("\ufeff" + header + clerk), "GBK": gbk,
		"CRLF": []byte(strings.ReplaceAll(header+clerk, "\n", "\r\n")),
	} {
		accounts, faults := read(t, raw)
		if len(faults) != 0 || len(accounts) != 1 {
			t.Fatalf("%s: %+v %v", name, accounts, faults)
		}
		a := accounts[0]
		if a.EnterpriseName != "河北安达进出口贸易有限公司" || a.Administrator.Name != "钱小敏" ||
			a.LoginName != "clerk" || a.Region != "河北" || a.Line != 2 {
			t.Errorf("%s: %+v %v", name, accounts, faults)
		}
	}
}

func TestOtherEncodingsAreNamed(t *testing.T) {
	for name, raw := range map[string][]byte{"UTF-16": {0xff, 0xfe, 'a', 0}, "neither": {'a', 0x80, 0xff, 0xff, '\n'}} {
		if _, err := accountfile.Detect(bytes.NewReader(raw)); !errors.Is(err, accountfile.ErrEncoding) {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := strings.NewReader(strings.Repeat("x", 100_000))
	if _, err := accountfile.Detect(long); !errors.Is(err, accountfile.ErrLongLine) {
		t.Error(err)
	}
}

func TestAHeaderIsCheckedByName(t *testing.T) {
	for text, want := range map[string]string{
		"": "header", "a,b\n": `"a" is not expected`, strings.Replace(header, "region", "email", 1): `"email" is duplicated`,
		strings.Replace(header, ",region", "", 1): `"region" is missing`,
	} {
		if _, err := accountfile.NewReader(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestARowTellsEveryFault(t *testing.T) {
	for name, try := range map[string]struct{ from, to, column, rule string }{
		"no login name":           {"clerk,", ",", "loginName", "length"},
		"endless password":        {"Secret-pass-1", strings.Repeat("x", 129), "password", "length"},
		"origin":                  {"migrated_local", "moon", "origin", "unknown"},
		"USCC":                    {"91130100MA0R01NM09", "91130100MA0R01NM08", "uscc", "check_character"},
		"organization code":       {",MA0R01NM0,", ",MA0R02NM3,", "orgCode", "differs_from_uscc"},
		"legal representative":    {"130105197803121016", "130105197803121017", "legalRepIdNumber", "check_character"},
		"half a person":           {"赵安国,resident_id,130105197803121016", "赵安国,,", "legalRepIdType", "unknown"},
		"holder":                  {"13010419850215201X", "", "adminIdNumber", "empty"},
		"mobile":                  {"13800001001", "12800001001", "mobile", "format"},
		"email":                   {"a@example.com", "a.example.com", "email", "format"},
		"a quote where none goes": {"石家庄市", `石"家庄`, "", "quotes"},
		"a column too many":       {"石家庄市", "石家庄市,", "", "number_of_columns"},
	} {
		_, faults := read(t, []byte(header+strings.Replace(clerk, try.from, try.to, 1)+clerk))
		if len(faults) != 1 || faults[0] != (accountfile.Fault{Line: 2, Column: try.column, Rule: try.rule}) {
			t.Errorf("%s: %+v", name, faults)
		}
	}
}

func FuzzFile(f *testing.F) {
	f.Add([]byte(header + clerk))
	f.Add([]byte("\xff\xfe"))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		encoding, err := accountfile.Detect(bytes.NewReader(raw))
		if err != nil {
			return
		}
		text, err := accountfile.Decode(bytes.NewReader(raw), encoding)
		if err != nil {
			return
		}
		in, err := accountfile.NewReader(text)
		if err != nil {
			return
		}
		for range 10 {
			row, fault, err := in.Next()
			if err != nil {
				return
			}
			if fault == nil {
				row.Parse(today)
			}
		}
	})
}
