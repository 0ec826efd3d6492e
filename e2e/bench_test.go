package e2e

import (
	"fmt"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"realname/e2e/world"
)

// BenchmarkThroughput drives b.N whole sessions over HTTP, from start to
// verified. The benchmark's name gives the number of concurrent clerks. Each
// run has a service of its own.
func BenchmarkThroughput(b *testing.B) {
	for _, clients := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			p, stop, err := start(everyone)
			if err != nil {
				b.Fatal(err)
			}
			defer stop()
			clerks := make([]*clerk, b.N)
			for i := range clerks {
				clerks[i] = p.clerkOf(b, world.Pass)
			}
			consent := clerks[0].consent()
			var next atomic.Int64
			var all sync.WaitGroup
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
		})
	}
}

// BenchmarkImport imports b.N accounts without passwords into a service of its
// own, through the command line.
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
}
