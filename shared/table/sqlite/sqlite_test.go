package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"realname/shared/table"
	"realname/shared/table/contract"
	"realname/shared/table/sqlite"
)

func open(t *testing.T, dir string, now func() time.Time) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestContract(t *testing.T) {
	contract.Run(t, func(t *testing.T, now func() time.Time) table.Table { return open(t, t.TempDir(), now) })
}

func TestFeed(t *testing.T) {
	contract.RunFeed(t, func(t *testing.T, now func() time.Time) contract.Fed { return open(t, t.TempDir(), now) })
}

func numbered(n int) table.Item {
	return table.Item{
		Key: table.Key{PK: "p", SK: fmt.Sprintf("%06d", n)}, Version: 1,
		Body: map[string]any{"text": strings.Repeat("x", 500)},
	}
}

func put(t *testing.T, db table.Table, items ...table.Item) {
	t.Helper()
	for _, it := range items {
		if err := db.Transact(t.Context(), table.Put(it, table.Always())); err != nil {
			t.Fatal(err)
		}
	}
}

// keys returns the sort keys of all items.
func keys(t *testing.T, db *sqlite.DB) (sks []string) {
	t.Helper()
	if err := db.Scan(t.Context(), table.Key{}, func(it table.Item) error {
		sks = append(sks, it.Key.SK)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return sks
}

func TestItemsStayAfterAClose(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "by open")
	it := numbered(1)
	it.GSI1, it.Expires = table.IndexKey{PK: "g", SK: "1"}, time.Unix(4_000_000_000, 0).UTC()
	db := open(t, dir, time.Now)
	put(t, db, it)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Get(t.Context(), it.Key); !errors.Is(err, table.ErrUnavailable) {
		t.Errorf("a read after the close: %v", err)
	}
	if err := db.Transact(t.Context(), table.Put(it, table.Always())); !errors.Is(err, table.ErrUnavailable) {
		t.Errorf("a write after the close: %v", err)
	}
	db = open(t, dir, time.Now)
	page, err := db.Query(t.Context(), table.Query{Index: table.GSI1, PK: "g"})
	if err != nil || len(page.Items) != 1 || !reflect.DeepEqual(page.Items[0], it.AtIndex(table.GSI1)) {
		t.Errorf("%+v %v", page, err)
	}
	if got, err := db.Get(t.Context(), it.Key); err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], it) {
		t.Errorf("%+v %v", got, err)
	}
	for _, name := range []string{".", "realname.db", "realname.lock"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: others may read it: %v %v", name, info.Mode(), err)
		}
	}
}

// child is the environment variable with the directory that the test's own program
// opens in place of the tests.
const child = "SQLITE_TEST_DIR"

// A command may name the directory as its user types it.
func TestADirectoryHasAnyName(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"state", "./a/state", "国 ?#%41&=+", "file:x"} {
		db, err := sqlite.Open(dir, time.Now)
		if err != nil {
			t.Errorf("%q: %v", dir, err)
			continue
		}
		err = errors.Join(db.Backup(t.Context(), filepath.Join(dir, "copy")), db.Close())
		if _, missing := os.Stat(filepath.Join(dir, "realname.db")); err != nil || missing != nil {
			t.Errorf("%q: %v, %v", dir, err, missing)
		}
	}
}

func TestMain(m *testing.M) {
	if dir := os.Getenv(child); dir != "" {
		if err := writeForEver(dir); err != nil {
			fmt.Println(err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeForEver writes items from several goroutines and prints the number of each
// after its acknowledgment.
func writeForEver(dir string) error {
	db, err := sqlite.Open(dir, time.Now)
	if err != nil {
		return err
	}
	var next atomic.Int64
	if err := db.Scan(context.Background(), table.Key{}, func(it table.Item) error {
		n, err := strconv.ParseInt(it.Key.SK, 10, 64)
		next.Store(n)
		return err
	}); err != nil {
		return err
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				n := next.Add(1)
				if err := db.Transact(context.Background(), table.Put(numbered(int(n)), table.Absent())); err != nil {
					panic(err)
				}
				fmt.Println(n)
			}
		})
	}
	all.Wait()
	return nil
}

func TestAKilledProcessLosesNothingAndLeavesNoLock(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[string]bool{}
	for range 5 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), child+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		next := func() bool {
			if !lines.Scan() {
				return false
			}
			n, err := strconv.Atoi(lines.Text())
			if err != nil {
				t.Fatal(lines.Text())
			}
			acknowledged[numbered(n).Key.SK] = true
			return true
		}
		for range 20 + rand.IntN(200) {
			if !next() {
				t.Fatal("the process ended by itself")
			}
		}
		if _, err := sqlite.Open(dir, time.Now); !errors.Is(err, sqlite.ErrInUse) ||
			!strings.Contains(err.Error(), fmt.Sprintf("process %d", cmd.Process.Pid)) {
			t.Errorf("a second process: %v", err)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for next() { // what it printed before its end, each line in one write
		}
		_ = cmd.Wait() // it was killed
		db := open(t, dir, time.Now)
		kept := map[string]bool{}
		for _, sk := range keys(t, db) {
			kept[sk] = true
		}
		for sk := range acknowledged {
			if !kept[sk] {
				t.Fatalf("%s was acknowledged and is lost", sk)
			}
		}
		if err := errors.Join(db.Check(t.Context()), db.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// A power failure can cut off the end of the log. What is left is a prefix of the
// transactions, each whole.
func TestACutOffLogHoldsWholeTransactions(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, time.Now)
	for n := range 50 {
		twin := numbered(n)
		twin.Key.PK = "twin"
		if err := db.Transact(t.Context(), table.Put(numbered(n), table.Absent()),
			table.Put(twin, table.Absent())); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.ReadFile(filepath.Join(dir, "realname.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, "realname.db"))
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		after := t.TempDir()
		for name, raw := range map[string][]byte{"realname.db": file, "realname.db-wal": log[:rand.IntN(len(log))]} {
			if err := os.WriteFile(filepath.Join(after, name), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cut := open(t, after, time.Now)
		all := keys(t, cut)
		for n := range len(all) / 2 {
			if want := numbered(n).Key.SK; all[n] != want || all[len(all)/2+n] != want {
				t.Fatalf("not a prefix: %v", all)
			}
		}
		if err := cut.Check(t.Context()); err != nil || len(all)%2 != 0 {
			t.Fatalf("%d items: %v", len(all), err)
		}
	}
}

func TestExpiredItemsAreRemovedAndTold(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	db := open(t, t.TempDir(), func() time.Time { return now })
	for n := range 450 {
		it := numbered(n)
		it.Expires = now.Add(time.Duration(n+1) * time.Second)
		put(t, db, it)
	}
	put(t, db, numbered(1000))
	heard := make(chan table.Change, 1000)
	defer db.Subscribe("p", func(c table.Change) { heard <- c })()
	now = now.Add(449 * time.Second)
	if n, err := db.Expire(t.Context()); n != 449 || err != nil {
		t.Fatalf("removed %d: %v", n, err)
	}
	if got := keys(t, db); !reflect.DeepEqual(got, []string{numbered(449).Key.SK, numbered(1000).Key.SK}) {
		t.Errorf("left %v", got)
	}
	for range 449 {
		if c := <-heard; c.New != 0 || c.Old == 0 {
			t.Fatalf("heard %+v", c)
		}
	}
}

func TestExecutionsAreKeptUntilLongAfterTheirEnd(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	dir := t.TempDir()
	db := open(t, dir, func() time.Time { return now })
	save := func(name string, running bool, record string) {
		t.Helper()
		if err := db.Executions().Save(name, running, []byte(record))(); err != nil {
			t.Fatal(err)
		}
	}
	save("a", true, "a1")
	save("b", true, "b1")
	save("b", false, "b2")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Executions().Save("c", true, nil)(); err == nil {
		t.Error("a closed database keeps an execution")
	}
	db = open(t, dir, func() time.Time { return now })
	check := func(when, running, ended string) {
		t.Helper()
		for of, want := range map[bool]string{true: running, false: ended} {
			var found []string
			if err := db.Executions().Each(t.Context(), of, func(record []byte) error {
				found = append(found, string(record))
				return nil
			}); err != nil || strings.Join(found, " ") != want {
				t.Errorf("%s: running %v: %v %v", when, of, found, err)
			}
		}
		if _, err := db.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	check("after a restart", "a1", "b2")
	now = now.Add(90 * 24 * time.Hour)
	check("after 90 days", "a1", "b2")
	now = now.Add(time.Second)
	check("before the removal", "a1", "b2")
	check("after the removal", "a1", "")
	for name, want := range map[string]string{"a": "a1", "b": ""} {
		if record, err := db.Executions().Find(t.Context(), name); err != nil || string(record) != want {
			t.Errorf("%s: %q %v", name, record, err)
		}
	}
}

func TestAFullDiskIsToldAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, time.Now)
	written := 0
	sqlite.LimitPages(t, db, 60)
	var err error
	for ; err == nil; written++ {
		err = db.Transact(t.Context(), table.Put(numbered(written), table.Absent()))
	}
	written--
	if !errors.Is(err, sqlite.ErrFull) || !errors.Is(err, table.ErrUnavailable) {
		t.Fatal(err)
	}
	// Small transactions that wait together with a large one are still answered.
	small := table.Item{Key: table.Key{PK: "p", SK: "000000"}, Version: 2}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			it := small
			if i%2 == 1 {
				it = numbered(100_000 + i)
				it.Body["text"] = strings.Repeat("x", 100_000)
			}
			if err := db.Transact(t.Context(), table.Put(it, table.Always())); errors.Is(err, sqlite.ErrFull) != (i%2 == 1) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Wait()
	if got := keys(t, db); len(got) != written {
		t.Errorf("%d items, want %d", len(got), written)
	}
	sqlite.LimitPages(t, db, 100_000)
	put(t, db, numbered(written))
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// A start needs some room, too: SQLite makes the index of its log.
func TestAStartOnAFullDiskIsTold(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=512k"); err != nil {
		t.Skip("needs a file system of its own: ", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }) // the directory is removed next
	db := open(t, dir, time.Now)
	put(t, db, numbered(1))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "fill"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 1024))
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(dir, time.Now); !errors.Is(err, sqlite.ErrFull) {
		t.Errorf("%v", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		t.Fatal(err)
	}
	if got := keys(t, open(t, dir, time.Now)); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestAReadOnlyFileIsTold(t *testing.T) {
	db := open(t, t.TempDir(), time.Now)
	put(t, db, numbered(1))
	sqlite.ForbidWrites(t, db)
	err := db.Transact(t.Context(), table.Put(numbered(2), table.Always()))
	if !errors.Is(err, sqlite.ErrReadOnly) || !errors.Is(err, table.ErrUnavailable) {
		t.Error(err)
	}
	if got := keys(t, db); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// A service that reads but stores nothing is of no use to anyone.
func TestATableThatTakesNoWritesSaysSo(t *testing.T) {
	db := open(t, t.TempDir(), time.Now)
	put(t, db, numbered(1))
	if err := db.Writable(t.Context()); err != nil {
		t.Error(err)
	}
	sqlite.ForbidWrites(t, db)
	failed := db.Transact(t.Context(), table.Put(numbered(2), table.Always()))
	refused := db.Transact(t.Context(), table.Put(numbered(1), table.Absent()))
	err := db.Writable(t.Context())
	if !errors.Is(failed, sqlite.ErrReadOnly) || refused == nil || !errors.Is(err, sqlite.ErrReadOnly) {
		t.Errorf("%v, %v, %v", failed, refused, err)
	}
	sqlite.AllowWrites(t, db)
	if err := db.Writable(t.Context()); err != nil {
		t.Errorf("nobody has written since: %v", err)
	}
}

func TestADamagedFileIsTold(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, time.Now)
	for n := range 200 {
		put(t, db, numbered(n))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "realname.db")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	broken := append([]byte(nil), raw...)
	for i := 20_000; i < len(broken)-8192; i++ {
		broken[i] = 0xA5
	}
	if err := os.WriteFile(file, broken, 0o600); err != nil {
		t.Fatal(err)
	}
	db = open(t, dir, time.Now)
	if err := db.Check(t.Context()); !errors.Is(err, sqlite.ErrDamaged) {
		t.Errorf("check: %v", err)
	}
	_, err = db.Query(t.Context(), table.Query{PK: "p", Limit: 1000})
	if !errors.Is(err, sqlite.ErrDamaged) || !errors.Is(err, table.ErrUnavailable) {
		t.Errorf("query: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(dir, time.Now); !errors.Is(err, sqlite.ErrDamaged) {
		t.Errorf("open: %v", err)
	}
}

func TestSchemasOfOtherVersions(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "realname.db")
	sqlite.MakeOld(t, file, 1)
	db := open(t, dir, time.Now)
	put(t, db, numbered(1))
	if err := db.Executions().Save("a", true, []byte("new in version 2"))(); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		statement string
		want      error
	}{
		{"PRAGMA user_version = 1000", sqlite.ErrNewer},
		{"PRAGMA application_id = 7", sqlite.ErrDamaged}, // comes before the version
	} {
		raw, err := sql.Open("sqlite", file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := raw.ExecContext(t.Context(), c.statement); err != nil {
			t.Fatal(err)
		}
		if err := raw.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := sqlite.Open(dir, time.Now); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.statement, err)
		}
	}
}

func TestABackupIsOneMomentWhileWritersGoOn(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir, time.Now)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	var acknowledged atomic.Int64
	for writer := range 4 {
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				one, two := numbered(n), numbered(n)
				one.Key.PK, two.Key.PK = fmt.Sprintf("a%d", writer), fmt.Sprintf("b%d", writer)
				if err := db.Transact(t.Context(), table.Put(one, table.Absent()), table.Put(two, table.Absent())); err != nil {
					t.Error(err)
					return
				}
				acknowledged.Add(2)
			}
		})
	}
	for acknowledged.Load() < 200 {
		time.Sleep(time.Millisecond)
	}
	before := acknowledged.Load()
	copied := filepath.Join(t.TempDir(), "realname.db")
	if err := db.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	stop()
	all.Wait()
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if err := db.Backup(t.Context(), copied); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over an older backup: %v", err)
	}
	restored := open(t, filepath.Dir(copied), time.Now)
	count := map[string]int{}
	if err := restored.Scan(t.Context(), table.Key{}, func(it table.Item) error {
		count[it.Key.PK]++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for writer := range 4 {
		a, b := count[fmt.Sprintf("a%d", writer)], count[fmt.Sprintf("b%d", writer)]
		if a != b {
			t.Errorf("half a transaction: %v", count)
		}
		sum += a + b
	}
	if int64(sum) < before {
		t.Errorf("%d items, %d were acknowledged before", sum, before)
	}
	if err := restored.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
