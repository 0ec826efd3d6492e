package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/engine"
	"realname/shared/table"
	"realname/shared/table/sqlite"
)

// BenchmarkKept measures one machine with many stored sessions: its start until the
// first answer, its file, and a backup while it serves. GROWTH is the number of
// sessions, by default 1,000,000.
func BenchmarkKept(b *testing.B) {
	sessions := 1_000_000
	if testing.Short() {
		sessions = 1000
	}
	if v := os.Getenv("GROWTH"); v != "" {
		if _, err := fmt.Sscan(v, &sessions); err != nil {
			b.Fatalf("GROWTH: %v", err)
		}
	}
	p := keptFor(b, few)
	defer func() { p.process.kill() }()
	c := p.clerkOf(b, world.Pass)
	if err := c.drive(c.consent("legal_representative")); err != nil {
		b.Fatal(err)
	}
	// The execution ends a moment after its session is verified.
	c.eventually("the execution has ended", func() bool {
		var dump struct {
			Executions []struct{ Status engine.Status }
		}
		err := json.Unmarshal(c.get("/sandbox/dump").Body, &dump)
		return err == nil && len(dump.Executions) == 1 && dump.Executions[0].Status == engine.Succeeded
	})
	dir := p.process.args[len(p.process.args)-1]
	p.ends(b)
	filled := fill(b, dir, sessions)

	var starts []time.Duration
	for range 7 {
		p.process.kill()
		client.CloseIdleConnections()
		begin := time.Now()
		if _, err := p.process.start(strings.TrimPrefix(p.URL, "http://")); err != nil {
			b.Fatal(err)
		}
		if a, err := c.send("GET", "/v1/account", nil); err != nil || a.Status != http.StatusOK {
			b.Fatalf("%d %s %v", a.Status, a.Body, err)
		}
		starts = append(starts, time.Since(begin))
	}
	slices.Sort(starts)
	size := int64(0)
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(filepath.Join(dir, "realname.db"+suffix)); err == nil {
			size += info.Size()
		}
	}
	begin := time.Now()
	cmd := exec.Command(binary, "backup", filepath.Join(b.TempDir(), "backup"), "--state", dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s %v", out, err)
	}
	backup := time.Since(begin)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(sessions), "sessions")
	b.ReportMetric(float64(starts[len(starts)/2].Milliseconds()), "start-ms")
	b.ReportMetric(float64(starts[len(starts)-1].Milliseconds()), "slowest-start-ms")
	b.ReportMetric(float64(size)/float64(sessions)/1000, "KB/session")
	b.ReportMetric(float64(size)/1e6, "file-MB")
	b.ReportMetric(backup.Seconds(), "backup-s")
	b.ReportMetric(load(b), "load")
	b.ReportMetric(float64(sessions)/filled.Seconds(), "stored/s")
}

// fill stores copies of the only verified session and of its execution.
func fill(b *testing.B, dir string, sessions int) time.Duration {
	b.Helper()
	db, err := sqlite.Open(dir, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	var items []table.Item
	if err := db.Scan(b.Context(), table.Key{}, func(it table.Item) error {
		if strings.HasPrefix(it.Key.PK, "SESSION#") {
			items = append(items, it)
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	var execution []byte
	if err := db.Executions().Each(b.Context(), false, func(record []byte) error {
		execution = bytes.Clone(record)
		return nil
	}); err != nil || len(items) == 0 || execution == nil {
		b.Fatalf("%d items, execution %q: %v", len(items), execution, err)
	}
	begin := time.Now()
	if err := world.StoreCopies(b.Context(), db, items, execution, 0, sessions); err != nil {
		b.Fatal(err)
	}
	took := time.Since(begin)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return took
}
