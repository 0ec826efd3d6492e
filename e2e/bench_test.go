package e2e

import (
	"sync/atomic"
	"testing"

	"realname/e2e/world"
)

// BenchmarkVerification drives whole sessions, start to verified, over HTTP,
// from as many clerks as the machine has cores.
func BenchmarkVerification(b *testing.B) {
	clerks := make([]*clerk, b.N)
	for i := range clerks {
		clerks[i] = shared.clerkOf(b, world.Pass)
	}
	consent := clerks[0].consent()
	var next atomic.Int64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := clerks[next.Add(1)-1].drive(consent); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sessions/s")
}
