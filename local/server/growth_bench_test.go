package server

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// BenchmarkGrowth times the functions of a verification, including table and
// workflow, with an increasing number of stored sessions. Latency must not grow.
// GROWTH is the maximum number of sessions, by default 1,000,000.
func BenchmarkGrowth(b *testing.B) {
	most, visits := 1_000_000, 80
	if testing.Short() {
		most, visits = 1000, 2
	}
	if v := os.Getenv("GROWTH"); v != "" {
		if _, err := fmt.Sscan(v, &most); err != nil {
			b.Fatalf("GROWTH: %v", err)
		}
	}
	dir := b.TempDir()
	if err := world.Write(dir); err != nil {
		b.Fatal(err)
	}
	s := demo(b, func(o *Options) { o.Data = os.DirFS(dir) })
	enterprises := world.Enterprises()
	// The stored items of one verified session.
	var items []table.Item
	stored, next := 0, 0
	for range 20 { // the process warms up
		items = s.itemsOf(b, s.visit(b, enterprises[next], next+1, func(string, time.Duration) {}))
		next++
	}
	for size := 1000; size <= most; size *= 10 {
		s.storeCopies(items, stored, size)
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
// own account and started over a year. Each copy has its own keys and indexes. The
// copies share their bodies, because a million would not fit in memory.
func (s *Server) storeCopies(items []table.Item, from, to int) {
	copies := make([]table.Item, len(items))
	for n := from; n < to; n++ {
		for i, it := range items {
			copies[i] = world.CopyOfSession(it, n)
		}
		s.table.(*memory.Table).Restore(copies...)
	}
}
