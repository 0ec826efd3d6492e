package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/state"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/table/sqlite"
)

// BenchmarkGrowth times the functions of a verification, including table and
// workflow, with an increasing number of stored sessions. Latency must not grow.
// GROWTH is the maximum number of sessions, by default 1,000,000.
func BenchmarkGrowth(b *testing.B) {
	of := growthWorld(b)
	s := demo(b, func(o *Options) { o.Data = of })
	s.grow(b, func(items []table.Item, _ []byte, from, to int) { s.storeCopies(items, from, to) })
}

// BenchmarkGrowthKept is BenchmarkGrowth on a machine that keeps its data, where a
// function also waits for each write to the disk.
func BenchmarkGrowthKept(b *testing.B) {
	of, dir := growthWorld(b), filepath.Join(b.TempDir(), "state")
	d, err := state.Open(dir, state.Demonstration, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	keys, _, err := d.Keys()
	if err != nil {
		b.Fatal(err)
	}
	db, err := sqlite.Open(dir, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() }) // the benchmark is over
	s := demo(b, func(o *Options) { o.Data, o.State, o.Keys, o.Table = of, d, keys, db })
	s.grow(b, func(items []table.Item, execution []byte, from, to int) {
		if err := world.StoreCopies(b.Context(), db, items, execution, from, to); err != nil {
			b.Fatal(err)
		}
	})
}

func growthWorld(b *testing.B) fs.FS {
	b.Helper()
	dir := b.TempDir()
	if err := world.Write(dir); err != nil {
		b.Fatal(err)
	}
	return os.DirFS(dir)
}

// grow times the visits of enterprises between stores of more copies of a session.
func (s *Server) grow(b *testing.B, copies func(items []table.Item, execution []byte, from, to int)) {
	most, visits := 1_000_000, 80
	if testing.Short() {
		most, visits = 1000, 2
	}
	if v := os.Getenv("GROWTH"); v != "" {
		if _, err := fmt.Sscan(v, &most); err != nil {
			b.Fatalf("GROWTH: %v", err)
		}
	}
	enterprises := world.Enterprises()
	var session string // a verified one
	var items []table.Item
	stored, next := 0, 0
	for range 20 { // the process warms up
		session = s.visit(b, enterprises[next], next+1, func(string, time.Duration) {})
		items = s.itemsOf(b, session)
		next++
	}
	execution := s.executionOf(b, session)
	for size := 1000; size <= most; size *= 10 {
		copies(items, execution, stored, size)
		stored = size
		times := map[string][]time.Duration{}
		runtime.GC()
		var heap runtime.MemStats
		runtime.ReadMemStats(&heap)
		// The garbage collector would scan millions of keys that are in DynamoDB on AWS,
		// so it is off while the functions are timed.
		percent := debug.SetGCPercent(-1)
		for range visits {
			s.visit(b, enterprises[next], next+1, func(work string, took time.Duration) {
				times[work] = append(times[work], took)
			})
			next++
		}
		debug.SetGCPercent(percent)
		b.Run(fmt.Sprintf("sessions=%d/all", size), func(b *testing.B) {
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(heap.HeapAlloc)/1e6, "heap-MB")
		})
		for work, all := range times {
			slices.Sort(all)
			b.Run(fmt.Sprintf("sessions=%d/work=%s", size, work), func(b *testing.B) {
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(microseconds(all[len(all)/2]), "p50-us")
				b.ReportMetric(microseconds(all[len(all)*9/10]), "p90-us")
			})
		}
	}
}

// executionOf waits until the session's execution has ended and is kept, and returns its
// record; nil in memory.
func (s *Server) executionOf(b *testing.B, session string) (record []byte) {
	b.Helper()
	kept, ok := s.table.(*sqlite.DB)
	if !ok {
		return nil
	}
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		err := kept.Executions().Each(b.Context(), false, func(raw []byte) error {
			if bytes.Contains(raw, []byte(session)) {
				record = bytes.Clone(raw)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		if record != nil {
			return record
		}
	}
	b.Fatal("the execution was not kept")
	return nil
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// visit verifies an enterprise by the legal-representative method and reports the
// time of each function. account is the index of its account.
func (s *Server) visit(
	b *testing.B, e world.Enterprise, account int, took func(work string, d time.Duration),
) (session string) {
	call := func(work, function, method, path string, body any) string {
		raw, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		event, err := json.Marshal(map[string]any{
			"version": "2.0", "routeKey": method + " " + path, "rawPath": path,
			"headers": map[string]string{"content-type": "application/json"}, "body": string(raw),
			"requestContext": map[string]any{
				"requestId": "r1", "http": map[string]string{"method": method, "path": path},
				"authorizer": map[string]any{
					"lambda": map[string]string{
						"accountId": fmt.Sprintf("account-%d", account), "uscc": e.USCC, "issuedAtMs": "4102444800000",
					},
				},
			},
		})
		if err != nil {
			b.Fatal(err)
		}
		begin := time.Now()
		answer, err := s.Invoke(b.Context(), function, event)
		took(work, time.Since(begin))
		var got struct {
			StatusCode int
			Body       string
		}
		if err != nil || json.Unmarshal(answer, &got) != nil || got.StatusCode >= 300 {
			b.Fatalf("%s %s: %s %v", function, e.USCC, answer, err)
		}
		var opened struct{ ID string }
		_ = json.Unmarshal([]byte(got.Body), &opened) // a list has no id
		return opened.ID
	}
	l, h := e.LegalRepresentative, e.Administrator
	call("methods", "methods", "GET", "/v1/methods", nil)
	session = call("start", "sessions", "POST", "/v1/sessions", map[string]any{
		"method": "legal_representative", "consentVersion": "2026-12-755e1e5a",
	})
	for _, step := range []struct {
		work, name string
		body       map[string]any
	}{
		{"enterprise", "enterprise", map[string]any{
			"name": e.Name, "uscc": e.USCC, "orgCode": e.OrgCode,
			"legalRepresentative": map[string]any{"name": l.Name, "idType": l.IDType, "idNumber": l.IDNumber},
		}},
		{
			"legal-representative", "legal_representative",
			map[string]any{"by": "id_card", "validFrom": l.ValidFrom, "validTo": l.ValidTo},
		},
		{
			"account-holder", "account_holder",
			map[string]any{
				"by": "id_card", "name": h.Name, "idType": h.IDType, "idNumber": h.IDNumber, "validFrom": h.ValidFrom,
				"validTo": h.ValidTo,
			},
		},
	} {
		s.opened(b, session, step.name)
		call(step.work, step.work, "POST", "/v1/sessions/"+session+"/"+step.work, step.body)
	}
	s.itemsOf(b, session) // the workflow has closed it, and takes no time from the reads
	call("read", "sessions", "GET", "/v1/sessions/"+session, nil)
	call("list", "sessions", "GET", "/v1/sessions", nil)
	return session
}

// itemsOf waits until the session is closed and returns its items.
func (s *Server) itemsOf(b *testing.B, session string) (items []table.Item) {
	pk := "SESSION#" + session
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		page, err := s.table.Query(b.Context(), table.Query{PK: pk})
		if err != nil {
			b.Fatal(err)
		}
		for _, it := range page.Items {
			if it.Key.SK == "STATE" && it.Body["closed"] == "verified" {
				return page.Items
			}
		}
	}
	b.Fatal("the session was not closed")
	return nil
}

// storeCopies stores copies of the session with a range of other IDs, each with its
// own account and started over a year. Each copy has its own keys, indexes and bodies, as
// a million real sessions would.
func (s *Server) storeCopies(items []table.Item, from, to int) {
	copies := make([]table.Item, len(items))
	for n := from; n < to; n++ {
		for i, it := range items {
			copies[i] = world.CopyOfSession(it, n)
		}
		s.table.(*memory.Table).Restore(copies...)
	}
}
