package accountimport_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/shared/accountfile"
	"realname/shared/accountimport"
	"realname/shared/audit"
	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/dynamo/dynamotest"
	"realname/shared/table/memory"
	"realname/shared/vault"
)

const header = "loginName,password,origin,enterpriseName,uscc,orgCode,address," +
	"legalRepName,legalRepIdType,legalRepIdNumber,adminName,adminIdType,adminIdNumber,mobile,email,region\n"

// line returns the n-th row of a file. Each enterprise has three rows; every second
// row has a password.
func line(n int) string {
	uscc, org := world.Codes(n / 3)
	password := ""
	if n%2 == 0 {
		password = fmt.Sprintf("pass-word-%d", n)
	}
	return fmt.Sprintf("clerk-%d,%s,migrated_local,甲公司%d,%s,%s,石家庄,"+
		"赵安国,resident_id,130105197803121016,钱小敏,resident_id,%s,13800001001,c%d@example.com,河北省\n",
		n, password, n/3, uscc, org, world.ResidentID("130102", 1985, n), n)
}

func file(rows int) string {
	var b strings.Builder
	b.WriteString(header)
	for n := range rows {
		b.WriteString(line(n))
	}
	return b.String()
}

// stage is a table with a vault to import into.
type stage struct {
	*testing.T
	table table.Table
	store *store.Store
	seal  *vault.Vault
}

func newStage(t *testing.T, tbl table.Table) *stage {
	return &stage{t, tbl, store.New(tbl), vault.Ephemeral()}
}

var ids atomic.Int64

func (s *stage) importer() *accountimport.Importer {
	return &accountimport.Importer{
		Store: s.store, Sealer: s.seal,
		Hash:     func(p string) (string, error) { return "hash of " + p, nil },
		CodeHash: auth.SecretHash, CodeLife: time.Hour,
		Now: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }, Workers: 4,
		NewID: func() string { return fmt.Sprint("id-", ids.Add(1)) }, Actor: "ops",
		Pause: func(_ context.Context, tries int, cause error) error {
			if tries > 50 {
				return cause
			}
			return nil
		},
	}
}

func (s *stage) run(ctx context.Context, im *accountimport.Importer, text string) (accountimport.Result, error) {
	s.Helper()
	rows, err := accountfile.NewReader(strings.NewReader(text), accountfile.UTF8, accountfile.Columns())
	if err != nil {
		s.Fatal(err)
	}
	return im.Run(ctx, rows)
}

func (s *stage) must(text string) accountimport.Result {
	s.Helper()
	r, err := s.run(s.Context(), s.importer(), text)
	if err != nil {
		s.Fatal(err)
	}
	return r
}

// state returns the stored accounts of the rows in clear text, by login name.
func (s *stage) state(rows int) map[string]string {
	s.Helper()
	all := map[string]string{}
	for n := range rows {
		a, err := s.store.FindLogin(s.Context(), fmt.Sprintf("clerk-%d", n))
		if err != nil {
			s.Fatal(err)
		}
		if a.ID == "" {
			continue
		}
		p, err := realname.OpenPerson(s.seal, a.Administrator, realname.AccountItem(a.ID), realname.FieldAdministrator)
		if err != nil {
			s.Fatal(err)
		}
		e, roster, err := s.store.LoadRoster(s.Context(), a.USCC)
		if err != nil {
			s.Fatal(err)
		}
		code := ""
		if a.Activation != nil {
			code = a.Activation.Hash
		}
		all[a.LoginName] = fmt.Sprint(
			a.ID, a.Origin, a.USCC, a.Region, a.PasswordHash, code, p, e.Name, e.OrgCode, len(roster.Members),
		)
	}
	return all
}

func TestRowsBecomeAccounts(t *testing.T) {
	s := newStage(t, memory.New(time.Now))
	r := s.must(file(100))
	if r.Rows != 100 || r.Created != 100 || r.Present != 0 || len(r.Refused) != 0 || len(r.Codes) != 50 {
		t.Fatalf("%+v", r)
	}
	state := s.state(100)
	if len(state) != 100 {
		t.Errorf("%d accounts", len(state))
	}
	a, err := s.store.FindLogin(t.Context(), "CLERK-1")
	if err != nil || a.Region != "河北" || a.PasswordHash != "" || a.Activation == nil {
		t.Fatalf("%+v %v", a, err)
	}
	for _, c := range r.Codes {
		if c.LoginName == "clerk-1" && !a.Activation.Accepts(auth.SecretHash, strings.ToLower(c.Code), a.CreatedAt) {
			t.Error("the code does not activate the account")
		}
	}
	again := s.must(file(100))
	if again.Created != 0 || again.Present != 100 || len(again.Codes) != 50 || !maps.Equal(state, s.state(100)) {
		t.Errorf("again: %+v", again)
	}
}

// An import that is interrupted twice, throttled and loses answers, and is then run
// again has the same result as an uninterrupted one.
func TestAnInterruptedImportGoesOn(t *testing.T) {
	const rows = 800
	for name, open := range map[string]func(*testing.T) table.Table{
		"memory":   func(*testing.T) table.Table { return memory.New(time.Now) },
		"dynamodb": func(t *testing.T) table.Table { return dynamotest.Open(t)(time.Now) },
	} {
		t.Run(name, func(t *testing.T) {
			whole := newStage(t, memory.New(time.Now))
			want := whole.must(file(rows))
			torn := newStage(t, &shaky{Table: open(t)})
			torn.seal = whole.seal
			stored := 0
			for range 2 {
				// The second run reads the rows that the first one stored and continues.
				after := stored + 60
				ctx, stop := context.WithCancel(t.Context())
				im := torn.importer()
				done := 0
				var mu sync.Mutex
				im.Progress = func(n int) {
					mu.Lock()
					defer mu.Unlock()
					if done += n; done >= after {
						stop()
					}
				}
				r, err := torn.run(ctx, im, file(rows))
				if !errors.Is(err, context.Canceled) || r.Created == 0 || r.Created+r.Present >= rows {
					t.Fatalf("not interrupted: %d created, %v", r.Created, err)
				}
				stored += r.Created
			}
			got := torn.must(file(rows))
			if got.Created+got.Present != rows || len(got.Refused) != 0 || got.Present == 0 ||
				len(got.Codes) != len(want.Codes) {
				t.Errorf("%d created, %d present, %v", got.Created, got.Present, got.Refused)
			}
			if !maps.Equal(torn.state(rows), whole.state(rows)) {
				t.Error("the accounts differ from those of an uninterrupted import")
			}
		})
	}
}

// shaky throttles every fifth write and loses every seventh answer.
type shaky struct {
	table.Table
	mu sync.Mutex
	n  int
}

func (s *shaky) Transact(ctx context.Context, writes ...table.Write) error {
	s.mu.Lock()
	s.n++
	n := s.n
	s.mu.Unlock()
	if n%5 == 0 {
		return table.ErrThrottled
	}
	err := s.Table.Transact(ctx, writes...)
	if n%7 == 0 && err == nil {
		return table.ErrUnavailable
	}
	return err
}

func TestBadRowsAreReportedAndTheRestGoesOn(t *testing.T) {
	s := newStage(t, memory.New(time.Now))
	s.must(file(3))
	uscc, _ := world.Codes(0)
	text := file(3) +
		"clerk-3,,moon,,123,,,,badge,1,,,,12,x,\n" + // line 5: everything wrong
		"CLERK-1" + strings.TrimPrefix(line(90), "clerk-90") + // 6: a login name of an earlier row
		line(4) + // 7: fine
		"too,few\n" + // 8
		strings.Replace(line(5), "甲公司1", "乙公司", 1) + // 9: contradicts line 7
		"=cmd" + strings.TrimPrefix(strings.Replace(line(6), "pass-word-6", "", 1), "clerk-6") + // 10: fine, a formula
		strings.Replace(line(9), world.ResidentID("130102", 1985, 9), world.ResidentID("130102", 1985, 10), 1) + // 11: fine
		line(10) + // 12: line 11 has the holder's number
		"stranger" + strings.TrimPrefix(line(2), "clerk-2") // 13: an existing account has the holder's number
	if !strings.Contains(text, uscc) {
		t.Fatal("no row of the first enterprise")
	}
	r := s.must(text)
	var b strings.Builder
	if err := accountimport.WriteFaults(&b, r.Refused); err != nil {
		t.Fatal(err)
	}
	want := `line,column,rule,message
5,origin,unknown,"Want migrated_inspection, migrated_local, single_window or ic_card."
5,enterpriseName,empty,Required.
5,uscc,length,The length is wrong.
5,legalRepName,empty,Required.
5,legalRepIdType,unknown,Not an ID type.
5,adminName,empty,Required.
5,adminIdType,unknown,Not an ID type.
5,mobile,length,The length is wrong.
5,email,format,"Want an address such as a@example.com, at most 254 characters."
6,loginName,twice,An earlier row has this login name.
8,,number_of_columns,The row has fewer or more cells than the header.
9,enterpriseName,contradicts_earlier_row,An earlier row of this enterprise has another name.
12,adminIdNumber,taken,Another account of the enterprise has an account holder with this ID number.
13,adminIdNumber,taken,Another account of the enterprise has an account holder with this ID number.
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if r.Rows != 12 || r.Created != 3 || r.Present != 3 {
		t.Errorf("%d rows, %d created, %d present", r.Rows, r.Created, r.Present)
	}
	b.Reset()
	if err := accountimport.WriteCodes(&b, r.Codes); err != nil || !strings.Contains(b.String(), "\n'=cmd,") {
		t.Errorf("%s %v", b.String(), err)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	tbl := memory.New(time.Now)
	s := newStage(t, tbl)
	s.must(file(3))
	before := len(tbl.Dump())
	im := s.importer()
	im.DryRun = true
	im.Hash = func(string) (string, error) { t.Error("a password was hashed"); return "", nil }
	r, err := s.run(t.Context(), im, file(10)+strings.Replace(line(2), "clerk-2", "other", 1))
	if err != nil || r.Created != 7 || r.Present != 3 || len(r.Refused) != 1 || len(tbl.Dump()) != before {
		t.Errorf("%+v %v", r, err)
	}
}

func TestATableThatStaysDownStopsTheImport(t *testing.T) {
	s := newStage(t, down{memory.New(time.Now)})
	im := s.importer()
	_, err := s.run(t.Context(), im, file(10))
	if !errors.Is(err, table.ErrThrottled) {
		t.Error(err)
	}
}

// An error names the line of the row that caused it.
func TestAnErrorNamesItsLine(t *testing.T) {
	s := newStage(t, memory.New(time.Now))
	im, broken := s.importer(), errors.New("no memory")
	im.Hash = func(p string) (string, error) {
		if p == "pass-word-2" {
			return "", broken
		}
		return "hash of " + p, nil
	}
	_, err := s.run(t.Context(), im, file(4))
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "line 4: ") {
		t.Errorf("got %v, want line 4", err)
	}
}

type down struct{ table.Table }

func (down) Transact(context.Context, ...table.Write) error { return table.ErrThrottled }

// Importing the file again does not restore an erased account. The other rows are
// imported.
func TestAnErasedAccountIsRefusedAndTheRestGoesOn(t *testing.T) {
	s := newStage(t, memory.New(time.Now))
	if _, err := s.run(t.Context(), s.importer(), file(6)); err != nil {
		t.Fatal(err)
	}
	a, err := s.store.FindLogin(t.Context(), "clerk-1")
	if err != nil || a.ID == "" {
		t.Fatal(a, err)
	}
	gone := realname.Account{
		ID: a.ID, Origin: a.Origin, USCC: a.USCC, Disabled: time.Now(), Erased: time.Now(),
		CreatedAt: a.CreatedAt, Version: a.Version,
	}
	if err := s.store.Commit(t.Context(), realname.Writing(gone, realname.FreeLogin(a.LoginName))); err != nil {
		t.Fatal(err)
	}
	r, err := s.run(t.Context(), s.importer(), file(9))
	want := accountfile.Fault{Line: 3, Column: "loginName", Rule: "erased"}
	if err != nil || r.Present != 5 || r.Created != 3 || len(r.Refused) != 1 || r.Refused[0] != want {
		t.Errorf("%+v %v", r, err)
	}
}

// Each enterprise's trail says from which file its accounts came, and who imported them.
// Importing the file again adds nothing.
func TestAnImportIsOnTheTimelineOfEachEnterprise(t *testing.T) {
	s := newStage(t, memory.New(time.Now))
	im := s.importer()
	im.File = realname.ImportedFile{SHA256: "ab12", Rows: 100}
	for range 2 {
		if _, err := s.run(t.Context(), im, file(100)); err != nil {
			t.Fatal(err)
		}
	}
	accounts := 0
	for n := 0; n < 100; n += 3 {
		uscc, _ := world.Codes(n / 3)
		entries, head, err := s.store.AuditTrail(t.Context(), uscc)
		if err != nil || len(audit.Verify(entries, head)) > 0 {
			t.Fatal(uscc, err)
		}
		for _, e := range entries {
			imported, _ := e["import"].(map[string]any)
			if e["action"] != "accounts_imported" || e["actor"] != "ops" || imported["sha256"] != "ab12" ||
				fmt.Sprint(imported["rows"]) != "100" {
				t.Fatalf("%s: %v", uscc, e)
			}
			count, err := strconv.Atoi(fmt.Sprint(imported["accounts"]))
			if err != nil {
				t.Fatal(err)
			}
			accounts += count
		}
	}
	if accounts != 100 {
		t.Errorf("the trails have %d accounts, want 100", accounts)
	}
}
