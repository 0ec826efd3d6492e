package e2e

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"realname/e2e/world"
)

// importRow returns the cells of a valid row that no other test imports.
func importRow(n int) []string {
	uscc, org := world.Codes(4000 + n)
	return []string{
		fmt.Sprintf("names-%d", n), "", "migrated_local", fmt.Sprintf("河北名称%d贸易有限公司", n), uscc, org, "石家庄",
		"赵安国", "resident_id", "130105197803121016", "钱小敏", "resident_id", world.ResidentID("130103", 1976, n),
		"13800001001", "", "河北",
	}
}

// lineOf returns a row in which the named columns are changed.
func lineOf(n int, changes map[string]string) string {
	row := importRow(n)
	for column, value := range changes {
		row[slices.Index(strings.Split(strings.TrimSpace(accountsHeader), ","), column)] = value
	}
	return strings.Join(row, ",") + "\n"
}

type imported struct {
	status            int
	output            string
	refused, warnings [][]string // line, column and rule of each
}

// imports runs the import of a file.
func (p *place) imports(t *testing.T, raw []byte) imported {
	t.Helper()
	name := filepath.Join(t.TempDir(), "accounts.csv")
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(binary, "import", name, "--url", p.URL).Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	done := imported{output: string(out)}
	if exit != nil {
		done.status = exit.ExitCode()
		done.output += string(exit.Stderr)
	}
	report := func(ending string) [][]string {
		f, err := os.Open(strings.TrimSuffix(name, ".csv") + ending)
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }() // the test only reads it
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil || len(rows) < 2 || len(rows[0]) != 4 {
			t.Fatalf("%v %v", rows, err)
		}
		var list [][]string
		for _, row := range rows[1:] {
			if row[3] == "" {
				t.Errorf("%v has no words", row)
			}
			list = append(list, row[:3])
		}
		return list
	}
	done.refused, done.warnings = report("-refused.csv"), report("-warnings.csv")
	return done
}

// refuses expects that only the fourth line is refused, and that its neighbors are
// there.
func (p *place) refuses(t *testing.T, r imported, column, rule string) {
	t.Helper()
	want := [][]string{{"4", column, rule}}
	if r.status != 2 || !strings.Contains(r.output, " 1 refused") || fmt.Sprint(r.refused) != fmt.Sprint(want) {
		t.Errorf("status %d, %v, want %v: %s", r.status, r.refused, want, r.output)
	}
	if len(r.warnings) != 0 || !strings.Contains(r.output, ": 3 created") {
		t.Errorf("%v: %s", r.warnings, r.output)
	}
}

// Each case is one row among good ones: inputs as people have them.
func TestOneBadRowIsRefusedWithItsLineColumnAndRule(t *testing.T) {
	p := only(t)
	n := 0
	for _, c := range []struct{ name, column, value, rule string }{
		{"lost character", "adminName", "王\ufffd", "lost_character"},
		{"bytes that are not UTF-8", "adminName", "王\xff", "lost_character"},
		{"question mark", "adminName", "王?", "placeholder"},
		{"box", "adminName", "王□", "placeholder"},
		{"geta mark", "adminName", "王〓", "placeholder"},
		{"lost character of the enterprise", "enterpriseName", "河北\ufffd贸易有限公司", "lost_character"},
		{"impossible code", "uscc", "000000000000000000", "department"},
		{"impossible region", "uscc", "91990100MB0000004Y", "region"},
		{"scientific", "adminIdNumber", "4.40306E+17", "scientific_number"},
		{"rounded", "adminIdNumber", "440306199001010000", "rounded_number"},
		{"quotation mark", "address", `"石家庄`, "quotes"},
	} {
		column := c.column
		if c.rule == "quotes" {
			column = ""
		}
		changes := map[string]string{c.column: c.value}
		if c.column == "uscc" {
			changes["orgCode"] = ""
		}
		text := accountsHeader + lineOf(n, nil) + lineOf(n+1, nil) + lineOf(n+2, changes) + lineOf(n+3, nil)
		n += 4
		t.Run(c.name, func(t *testing.T) { p.refuses(t, p.imports(t, []byte(text)), column, c.rule) })
	}
}

func TestFilesAreReadAsSpreadsheetsSaveThem(t *testing.T) {
	p := only(t)
	n := 100
	for _, c := range []struct {
		name  string
		make  func(text string) []byte
		admin string
	}{
		{"UTF-8", func(s string) []byte { return []byte(s) }, ""},
		{"UTF-8 with a mark", func(s string) []byte { return []byte("\ufeff" + s) }, ""},
		{"GBK", gb, ""},
		{"GB 18030 with a mark", func(s string) []byte { return append([]byte{0x84, 0x31, 0x95, 0x33}, gb(s)...) }, ""},
		{"a code outside GBK", func(s string) []byte { return bytes.Replace(gb(s), gb("@"), []byte("\xfe\x59"), 1) }, "王@"},
		{"empty rows", func(s string) []byte { return []byte(s + strings.Repeat(strings.Repeat(",", 15)+"\n", 2)) }, ""},
		{"empty columns", func(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", ",,\n")) }, ""},
		{"CR", func(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r")) }, ""},
		{"apostrophes", func(s string) []byte { return []byte(strings.ReplaceAll(s, ",91", ",'91")) }, ""},
		{"a name of one character", func(s string) []byte { return []byte(s) }, "岩"},
	} {
		changes := map[string]string{}
		if c.admin != "" {
			changes["adminName"] = c.admin
		}
		text := accountsHeader + lineOf(n, nil) + lineOf(n+1, changes)
		n += 2
		t.Run(c.name, func(t *testing.T) {
			r := p.imports(t, c.make(text))
			if r.status != 0 || !strings.HasPrefix(r.output, "2 rows: 2 created") || r.refused != nil || r.warnings != nil {
				t.Errorf("%+v", r)
			}
		})
	}
}

func gb(text string) []byte {
	raw, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		panic(err) // every test text has an encoding
	}
	return raw
}

// A code in use against the standard is imported with a warning.
func TestAnUnusualCodeIsImportedWithAWarning(t *testing.T) {
	p := only(t)
	changes := map[string]string{}
	changes["uscc"], changes["orgCode"] = unusualCode(4300)
	r := p.imports(t, []byte(accountsHeader+lineOf(300, changes)+lineOf(301, nil)))
	if r.status != 0 || !strings.HasPrefix(r.output, "2 rows: 2 created") || r.refused != nil ||
		fmt.Sprint(r.warnings) != "[[2 uscc check_character]]" {
		t.Errorf("%+v", r)
	}
}

// spoil returns a text as people might type or export it, and sometimes one that no
// field accepts.
func spoil(r *rand.Rand, text string) string {
	runes := []rune(text)
	at := 0
	if len(runes) > 0 {
		at = r.IntN(len(runes))
	}
	with := func(insert string) string { return string(runes[:at]) + insert + string(runes[at:]) }
	switch r.IntN(14) {
	case 0:
		return ""
	case 1:
		return strings.Repeat(text, 1+r.IntN(8))
	case 2:
		return string(runes[:at])
	case 3:
		return with(strings.ToLower(string(runes[at:])))
	case 4:
		return strings.Map(func(c rune) rune {
			if c > ' ' && c < 0x7f {
				return c + 0xFEE0
			}
			return c
		}, text)
	case 5, 6, 7:
		return with([]string{
			" ", "\u3000", "\u200b", "\u202a", "\ufeff", "-", "—", "·", ".", "˙", "’", "*", "**", "(", "）", "\ue863",
			"\u0301", "X", "é",
		}[r.IntN(19)])
	case 8:
		return with([]string{"\u0000", "\n", "\t", "\u2028", "\ufffd", "?", "□", "〓", "\u202e", "\""}[r.IntN(10)])
	case 9:
		return with(fmt.Sprint(r.IntN(100)))
	case 10:
		return "  " + text + "\u00a0"
	}
	return text
}

// Whatever a row holds: the import refuses it if the account page refuses it, warns if
// the account page asks, and takes it otherwise.
func TestTheImportAcceptsWhatTheAPIAccepts(t *testing.T) {
	p := only(t, "--rate", "10000", "--burst", "10000")
	c := p.clerkOf(t, world.Pass)
	random := rand.New(rand.NewPCG(21, 3))
	var file bytes.Buffer
	rows := csv.NewWriter(&file)
	columns := strings.Split(strings.TrimSpace(accountsHeader), ",")
	if err := rows.Write(columns); err != nil {
		t.Fatal(err)
	}
	const count = 400
	type verdict struct {
		line           int
		refused, asked bool
	}
	var want []verdict
	for n := range count {
		row := importRow(1000 + n)
		cell := func(column string) *string { return &row[slices.Index(columns, column)] }
		for _, column := range []string{"enterpriseName", "address", "adminName", "adminIdNumber", "uscc", "orgCode"} {
			if random.IntN(4) > 0 {
				continue
			}
			if is := cell(column); column != "orgCode" || *is != "" {
				*is = spoil(random, *is)
			}
		}
		if random.IntN(8) == 0 {
			last := len(*cell("uscc")) - 1
			if last > 0 {
				*cell("uscc") = (*cell("uscc"))[:last] + []string{"0", "9", "X"}[random.IntN(3)]
			}
		}
		if strings.TrimSpace(*cell("orgCode")) == "" {
			*cell("orgCode") = "34801880X" // an empty one follows from the USCC; only the import derives it
		}
		rows.Flush()
		line := 1 + bytes.Count(file.Bytes(), []byte("\n"))
		if err := rows.Write(row); err != nil {
			t.Fatal(err)
		}
		enterprise := c.put("/v1/account/enterprise", map[string]any{
			"name": *cell("enterpriseName"), "uscc": *cell("uscc"), "orgCode": *cell("orgCode"), "address": *cell("address"),
			"currentPassword": world.Password,
		}, "If-Match", `"999"`)
		holder := c.put("/v1/account/administrator", map[string]any{
			"name": *cell("adminName"), "idType": "resident_id", "idNumber": *cell("adminIdNumber"),
			"currentPassword": world.Password,
		}, "If-Match", `"999"`)
		for _, a := range []answer{enterprise, holder} {
			if a.Status != 400 && a.Status != 412 && a.Status != 422 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
		}
		want = append(want, verdict{line, enterprise.Status == 400 || holder.Status == 400, enterprise.Status == 422})
	}
	rows.Flush()
	r := p.imports(t, file.Bytes())
	lines := func(list [][]string) map[string]string {
		at := map[string]string{}
		for _, row := range list {
			at[row[0]] += row[1] + ":" + row[2] + " "
		}
		return at
	}
	refused, warned := lines(r.refused), lines(r.warnings)
	asked, bad := 0, 0
	for n, v := range want {
		at := fmt.Sprint(v.line)
		row := importRow(1000 + n)
		if got := refused[at] != ""; got != v.refused {
			t.Errorf("row %d (%s): the page refuses it: %v, the import: %q", n, row[0], v.refused, refused[at])
		}
		if got := warned[at] != ""; !v.refused && got != v.asked {
			t.Errorf("row %d: the page asks: %v, the import: %q", n, v.asked, warned[at])
		}
		if v.asked {
			asked++
		}
		if v.refused {
			bad++
		}
	}
	if asked == 0 || bad < count/10 || bad > count*9/10 {
		t.Errorf("of %d rows, %d are refused and %d need a confirmation", count, bad, asked)
	}
}
