package e2e

import (
	"fmt"
	"math"
	"os"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/data"
)

// BenchmarkLoad drives the service with clerks of every method, who arrive at a fixed
// rate whether or not the service keeps up (an open loop): a slow service meets more
// clerks at once, and a clerk's time counts from the moment of the plan, also if this
// process is late. `bench load` runs it; docs/benchmarks.md describes its output.
func BenchmarkLoad(b *testing.B) {
	rate, seconds := loadSetting(b, "REALNAME_LOAD_RATE", 10), loadSetting(b, "REALNAME_LOAD_SECONDS", 1)
	by := loadMethods(b)
	p, arrivals := shared, int(rate*seconds)
	if p.embedded {
		of := crowdFor(b, world.Passing(arrivals))
		started, stop, err := start(of)
		if err != nil {
			b.Fatal(err)
		}
		defer stop()
		p = started
	}
	p.times, p.unchecked = &times{of: map[string][]time.Duration{}}, true
	defer func() { p.times, p.unchecked = nil, false }()
	b.ResetTimer()
	failures := p.arrive(b, by, arrivals, time.Duration(float64(time.Second)/rate))
	span := b.Elapsed().Seconds()
	b.Run("all", func(b *testing.B) {
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(arrivals), "clerks")
		b.ReportMetric(float64(arrivals)/span, "clerks/s")
		b.ReportMetric(float64(len(failures)), "failed")
		b.ReportMetric(load(b), "load")
	})
	for _, what := range p.times.names() {
		b.Run("of="+what, func(b *testing.B) { p.times.report(b, what) })
	}
	for i, err := range failures {
		if i == 10 {
			b.Errorf("and %d more", len(failures)-i)
			break
		}
		b.Error(err)
	}
}

// loadSetting reads a positive number from the environment.
func loadSetting(b *testing.B, name string, otherwise float64) float64 {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0) || math.IsInf(n, 0) {
		b.Fatalf("%s: want a positive number, got %q", name, text)
	}
	return n
}

// loadMethods returns the visits of the methods that the environment names, or all.
func loadMethods(b *testing.B) (by []visit) {
	b.Helper()
	text := os.Getenv("REALNAME_LOAD_METHODS")
	if text == "" {
		return visits
	}
	for name := range strings.SplitSeq(text, ",") {
		i := slices.IndexFunc(visits, func(v visit) bool { return v.method == name })
		if i < 0 {
			b.Fatalf("REALNAME_LOAD_METHODS: there is no method %q", name)
		}
		by = append(by, visits[i])
	}
	return by
}

// TestTheWorldIsWritten writes the data files of the test world to the directory that
// REALNAME_WORLD names, for a service elsewhere. `bench load --world` runs it.
func TestTheWorldIsWritten(t *testing.T) {
	dir := os.Getenv("REALNAME_WORLD")
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := world.Write(dir); err != nil {
		t.Fatal(err)
	}
	set, err := data.Read(os.DirFS(dir), time.Now())
	if err != nil || len(set.Accounts) != len(world.Enterprises()) {
		t.Fatalf("%d accounts: %v", len(set.Accounts), err)
	}
}

// arrive lets clerks arrive at intervals and waits until the last one has left. It
// returns what failed.
func (p *place) arrive(b *testing.B, by []visit, clerks int, interval time.Duration) (failures []error) {
	people := make([]world.Enterprise, clerks)
	for i := range people {
		people[i] = p.take(b, world.Pass)
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := time.Now()
	for i, who := range people {
		planned := begin.Add(time.Duration(i) * interval)
		time.Sleep(time.Until(planned))
		method := by[i%len(by)]
		all.Go(func() {
			v := &visitor{TB: b}
			v.run(func() { method.verify(p.login(v, who)) })
			if v.err != nil {
				mu.Lock()
				defer mu.Unlock()
				failures = append(failures, fmt.Errorf("%s, clerk %d: %w", method.method, i, v.err))
				return
			}
			p.times.add("verification by "+method.method, time.Since(planned))
		})
	}
	all.Wait()
	return failures
}

// visitor is a clerk whose failure ends the clerk, and not the benchmark.
type visitor struct {
	testing.TB
	err error
}

func (v *visitor) run(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// Fatalf keeps the failure and ends the visitor's goroutine.
func (v *visitor) Fatalf(format string, args ...any) {
	v.err = fmt.Errorf(format, args...)
	runtime.Goexit()
}

// Fatal is Fatalf without a format.
func (v *visitor) Fatal(args ...any) { v.Fatalf("%s", fmt.Sprint(args...)) }

// Skipf is a failure: the service lacks something that the method needs.
func (v *visitor) Skipf(format string, args ...any) { v.Fatalf(format, args...) }

// times are durations by what took them. A nil *times measures nothing.
type times struct {
	mu sync.Mutex
	of map[string][]time.Duration
}

func (t *times) add(what string, d time.Duration) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of[what] = append(t.of[what], d)
}

// request adds the duration of a request by its route.
func (t *times) request(method, url string, d time.Duration) {
	if t != nil && strings.HasPrefix(url, "/v1/") {
		t.add(method+" "+route(url), d)
	}
}

// route replaces the session's ID in a path.
func route(url string) string {
	at, _, waits := strings.Cut(url, "?wait")
	parts := strings.Split(at, "/") // "", v1, sessions, ID, …
	if len(parts) > 3 && parts[2] == "sessions" {
		parts[3] = "{id}"
	}
	if waits {
		return path.Join(parts...) + " that waits"
	}
	return path.Join(parts...)
}

func (t *times) names() []string {
	var names []string
	for what := range t.of {
		names = append(names, what)
	}
	slices.Sort(names)
	return names
}

// report prints percentiles by the nearest rank.
func (t *times) report(b *testing.B, what string) {
	all := t.of[what]
	slices.Sort(all)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(all)), "times")
	for _, percent := range []int{50, 90, 99, 100} {
		at := (len(all)*percent + 99) / 100
		b.ReportMetric(float64(all[at-1].Microseconds())/1000, fmt.Sprintf("p%d-ms", percent))
	}
}

func TestRoutesOfALoadAreNamed(t *testing.T) {
	for url, want := range map[string]string{
		"/v1/login": "v1/login", "/v1/sessions": "v1/sessions", "/v1/sessions/0190-x": "v1/sessions/{id}",
		"/v1/sessions/0190-x/enterprise": "v1/sessions/{id}/enterprise",
		"/v1/sessions/0190-x?wait=5":     "v1/sessions/{id} that waits",
	} {
		if got := route(url); got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
}

func TestAVisitorsFailureEndsOnlyTheVisitor(t *testing.T) {
	v, after := &visitor{TB: t}, false
	v.run(func() {
		v.Fatal("no", 1)
		after = true
	})
	if after || v.err == nil || v.err.Error() != "no1" {
		t.Errorf("went on: %v, %v", after, v.err)
	}
}
