package e2e

import (
	"os"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/meter"
)

// pace is the time between two verifications of a peer. This project's functions spread
// their questions over the rate that a provider accepts (decision 23). At this pace,
// none waits for its turn, so that both peers are measured at work.
const pace = 1300 * time.Millisecond

// BenchmarkPeers compares this project's functions with the same verification as one
// function in Node: init, memory, the time that an instance is busy, and the units of the
// table. Both run in one loop, so that they run under the same load.
func BenchmarkPeers(b *testing.B) {
	if _, err := os.Stat(nodePeer); err != nil {
		b.Skip("the function in Node is not built: make bench builds it")
	}
	times, warm, measured, every := 60, 20, 40, pace
	if testing.Short() {
		times, warm, measured, every = 1, 2, 2, 0
	}
	people := world.Passing(honest + warm + measured)
	peers := map[string]*peer{"own": newOwnPeer(b, people, forLambda...), "node": newNodePeer(b, people)}
	for _, p := range peers {
		p.isHonest()
	}
	starts := map[string][]time.Duration{}
	own := buildFunction(b, b.TempDir(), "../functions/enterprise/bootstrap", forLambda...)
	for range times {
		starts["own"] = append(starts["own"], untilReady(b, own))
		starts["node"] = append(starts["node"], untilNodeReady(b))
	}
	memory, before := map[string]float64{}, map[string]effort{}
	ticker := time.NewTicker(max(every, 1))
	defer ticker.Stop()
	for n := honest; n < len(people); n++ {
		for name, p := range peers {
			if n == honest+warm {
				before[name] = p.effort()
				p.forgets()
			}
			p.verifies(n)
			if memory[name] == 0 && p.events() >= warmEvents || n == len(people)-1 && memory[name] == 0 {
				memory[name] = p.peak(b)
			}
		}
		<-ticker.C
	}
	average := load(b)
	for name, p := range peers {
		was, is := before[name], p.effort()
		each := func(f func(effort) float64) float64 { return (f(is) - f(was)) / float64(measured) }
		b.Run("peer="+name, func(b *testing.B) {
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(milliseconds(percentile(starts[name], 50)), "init-ms")
			b.ReportMetric(milliseconds(percentile(starts[name], 90)), "init-p90-ms")
			b.ReportMetric(memory[name], "peak-MB")
			b.ReportMetric(requestsOfAVerification/p.median().Seconds(), "requests/s")
			b.ReportMetric(each(func(e effort) float64 { return milliseconds(e.processor) }), "cpu-ms")
			b.ReportMetric(each(func(e effort) float64 { return float64(e.units.Calls) }), "calls")
			b.ReportMetric(each(func(e effort) float64 { return e.units.ReadUnits }), "RU")
			b.ReportMetric(each(func(e effort) float64 { return e.units.WriteUnits }), "WU")
			b.ReportMetric(each(func(e effort) float64 { return e.units.IndexWriteUnits }), "index-WU")
			b.ReportMetric(average, "load")
		})
	}
}

// requestsOfAVerification are the start and the three steps.
const requestsOfAVerification = 4

// untilNodeReady is untilReady of the function in Node.
func untilNodeReady(b *testing.B) time.Duration {
	b.Helper()
	a := &runtimeAPI{arguments: []string{nodePeer}}
	_, took, stop := a.runs(b, "node", "PEER_TENCENT_ENDPOINT=https://example.com", nodeQuiet)
	defer stop()
	return took()
}

// effort is what a peer has done so far.
type effort struct {
	processor time.Duration
	units     meter.Use
}

func (p *peer) effort() (e effort) {
	e.units = p.units()
	for _, f := range p.instances() {
		e.processor += processorTime(p, f.pid)
	}
	return e
}

// forgets drops the times so far.
func (p *peer) forgets() {
	for _, f := range p.instances() {
		f.took = map[string][]time.Duration{}
	}
}

// median is the time of a verification: of its requests, and of the function that its
// workflow invokes. It is a sum of medians, because the machine may have other work.
func (p *peer) median() (sum time.Duration) {
	for _, f := range p.instances() {
		for _, took := range f.took {
			sum += percentile(took, 50)
		}
	}
	return sum
}

// instances returns the functions of a verification, each once.
func (p *peer) instances() map[string]*instance {
	all := map[string]*instance{}
	for _, f := range p.functions {
		all[f.name] = f
	}
	return all
}

// events is how many events every function has handled at least.
func (p *peer) events() int {
	least := -1
	for _, f := range p.instances() {
		if least < 0 || f.count < least {
			least = f.count
		}
	}
	return least
}

// peak is the peak memory of the function that needs most.
func (p *peer) peak(b *testing.B) (most float64) {
	for _, f := range p.instances() {
		most = max(most, peakMemory(b, f.pid))
	}
	return most
}
