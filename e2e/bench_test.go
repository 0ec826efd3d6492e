package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"realname/e2e/world"
)

// BenchmarkThroughput drives b.N whole sessions over HTTP, from start to
// verified, in memory and in a state directory. The benchmark's name gives the number
// of concurrent clerks. Each run has a service of its own.
func BenchmarkThroughput(b *testing.B) {
	for _, clients := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			p, stop, err := start(crowdOf(b), "--repair-every", repairEvery)
			if err != nil {
				b.Fatal(err)
			}
			defer stop()
			p.driveAll(b, clients)
		})
		b.Run(fmt.Sprintf("kept/clients=%d", clients), func(b *testing.B) {
			p := keptFor(b, crowdOf(b))
			defer p.process.kill()
			p.driveAll(b, clients)
		})
	}
}

// repairEvery is the default of the service, as other tests have less.
const repairEvery = "5s"

// crowdOf returns one enterprise for each of b.N sessions.
func crowdOf(b *testing.B) crowd {
	b.Helper()
	of := crowdFor(b, world.Passing(b.N))
	return of
}

// keptFor starts a service in a state directory.
func keptFor(b *testing.B, of crowd) *place {
	b.Helper()
	p := &place{embedded: true, log: &safeBuffer{}, people: of.people, taken: map[world.Kind]int{}}
	p.process = &process{log: p.log, args: []string{
		"serve", "--data", of.dir, "--repair-every", repairEvery, "--card", "127.0.0.1:0",
		"--state", filepath.Join(b.TempDir(), "state"),
	}}
	var err error
	if p.URL, err = p.process.start("127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	return p
}

func (p *place) driveAll(b *testing.B, clients int) {
	clerks := make([]*clerk, b.N)
	for i := range clerks {
		clerks[i] = p.clerkOf(b, world.Pass)
	}
	consent := clerks[0].consent("legal_representative")
	p.unchecked = true
	var next atomic.Int64
	var all sync.WaitGroup
	before := p.process.cpu(b)
	b.ResetTimer()
	for range clients {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				if err := clerks[i].drive(consent); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sessions/s")
	b.ReportMetric((p.process.cpu(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/session")
	b.ReportMetric(load(b), "load")
}

// cpu returns the processor time that the service has taken.
func (x *process) cpu(b *testing.B) time.Duration {
	b.Helper()
	return processorTime(b, x.cmd.Process.Pid)
}

// processorTime returns the processor time that a process has taken (proc_pid_stat(5):
// utime and stime, in ticks of 10 ms).
func processorTime(b testing.TB, pid int) time.Duration {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := bytes.Cut(raw, []byte(") "))
	fields := strings.Fields(string(rest))
	var ticks time.Duration
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += time.Duration(n)
	}
	return ticks * 10 * time.Millisecond
}

// load returns the machine's load average of the last minute, which tells whether
// something else was running.
func load(b *testing.B) float64 {
	b.Helper()
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		b.Fatal(err)
	}
	var average float64
	if _, err := fmt.Sscan(string(raw), &average); err != nil {
		b.Fatal(err)
	}
	return average
}

// BenchmarkImport imports b.N accounts without passwords into a service of its
// own, through the command line, and then checks the audit trails of their enterprises.
func BenchmarkImport(b *testing.B) {
	p, stop, err := start(everyone)
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	cmd := exec.Command(binary, "import", accountsFile(b, b.N), "--url", p.URL)
	b.ResetTimer()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s %v", out, err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		b.Fatal("no resource usage of the command")
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(usage.Maxrss)*1024/1e6, "peak-MB")
	b.ReportMetric(load(b), "load")
	begin := time.Now()
	if out, err := exec.Command(binary, "audit", "verify", "--json", "--url", p.URL).CombinedOutput(); err != nil {
		b.Fatalf("%s %v", out, err)
	}
	b.ReportMetric(float64(b.N)/time.Since(begin).Seconds(), "trails/s")
}
