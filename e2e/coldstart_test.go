package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"
)

// BenchmarkColdStart measures a bare handler and every function: the time from
// exec to the first request for work at the Lambda Runtime API, the size of the
// binary, and the memory of a warm function. It starts each of them b.N times.
func BenchmarkColdStart(b *testing.B) {
	dir := b.TempDir()
	mains, err := filepath.Glob("../functions/*/bootstrap")
	if err != nil || len(mains) == 0 {
		b.Fatal(err)
	}
	bare := buildFunction(b, dir, "./baseline/lambda", forLambda...)
	for _, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		binary := buildFunction(b, dir, main, forLambda...)
		b.Run("function="+name, func(b *testing.B) {
			var own, base []time.Duration
			for range b.N { // alternate, so that both run under the same load
				base = append(base, untilReady(b, bare))
				own = append(own, untilReady(b, binary))
			}
			info, err := os.Stat(binary)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(milliseconds(percentile(own, 50)), "ms")
			b.ReportMetric(milliseconds(percentile(base, 50)), "bare-ms")
			b.ReportMetric(float64(percentile(own, 50))/float64(percentile(base, 50)), "ratio")
			b.ReportMetric(float64(percentile(own, 90))/float64(percentile(base, 90)), "p90-ratio")
			b.ReportMetric(float64(info.Size())/1e6, "MB")
			b.ReportMetric(warmMemory(b, binary, name), "warm-MB")
		})
	}
}

// untilReady starts a function without giving it work, and returns the time
// until the function asks for work.
func untilReady(b *testing.B, binary string) time.Duration {
	b.Helper()
	_, took, stop := new(runtimeAPI).runs(b, binary)
	defer stop()
	return took()
}

// warmEvents is the number of events after which a function counts as warm.
const warmEvents = 50

// nowhere is the configuration of the benchmarked functions. Their AWS endpoint
// is a server that answers every call with an empty object.
var nowhere = []string{
	"AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=secret",
	"REALNAME_TOKEN_KEY_ARN=arn:aws:kms:eu-central-1:000000000000:key/1",
	"REALNAME_MACHINE_TOKEN_KEY_ARN=arn:aws:kms:eu-central-1:000000000000:key/2",
	"REALNAME_VAULT_SECRET_ARN=arn:aws:secretsmanager:eu-central-1:000000000000:secret:vault",
	"REALNAME_STATE_MACHINE_ARN=arn:aws:states:eu-central-1:000000000000:stateMachine:verification",
	"REALNAME_EVENT_BUS=bus", "REALNAME_PUBLIC_URL=https://realname.example",
}

// warmMemory sends a function its sample event repeatedly and returns the
// function's peak resident memory, in MB.
func warmMemory(b *testing.B, binary, name string) float64 {
	b.Helper()
	event, err := os.ReadFile("../events/" + name + ".json")
	if err != nil {
		b.Fatal(err)
	}
	aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(w, "{}") // an error means that the function has ended
	}))
	defer aws.Close()
	a := &runtimeAPI{event: event, times: warmEvents}
	pid, took, stop := a.runs(b, binary, append([]string{"AWS_ENDPOINT_URL=" + aws.URL}, nowhere...)...)
	defer stop()
	took()
	return peakMemory(b, pid)
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMemory returns the peak resident memory of a process, in MB.
func peakMemory(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("needs Linux: ", err)
	}
	found := highWater.FindSubmatch(status)
	if found == nil {
		b.Fatalf("no peak in\n%s", status)
	}
	kB, err := strconv.Atoi(string(found[1]))
	if err != nil {
		b.Fatal(err)
	}
	return float64(kB) * 1024 / 1e6
}

// percentile sorts d in place.
func percentile(d []time.Duration, p int) time.Duration {
	slices.Sort(d)
	return d[min(len(d)-1, len(d)*p/100)]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
