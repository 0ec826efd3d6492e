package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkColdStart measures, for a bare handler and for every function side
// by side, the time from exec to the first request for work at the Lambda
// Runtime API, and the size of the binary. The median of b.N starts counts.
func BenchmarkColdStart(b *testing.B) {
	dir := b.TempDir()
	mains, err := filepath.Glob("../functions/*/bootstrap")
	if err != nil || len(mains) == 0 {
		b.Fatal(err)
	}
	bare := buildFunction(b, dir, "./bare")
	for _, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		binary := buildFunction(b, dir, main)
		b.Run(name, func(b *testing.B) {
			var own, base []time.Duration
			for range b.N { // one of each in turn, so that both meet the same machine
				base = append(base, untilReady(b, bare))
				own = append(own, untilReady(b, binary))
			}
			info, err := os.Stat(binary)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(milliseconds(median(own)), "ms")
			b.ReportMetric(milliseconds(median(base)), "bare-ms")
			b.ReportMetric(float64(median(own))/float64(median(base)), "ratio")
			b.ReportMetric(float64(info.Size())/1e6, "MB")
		})
	}
}

func buildFunction(b *testing.B, dir, main string) string {
	b.Helper()
	out := filepath.Join(dir, strings.ReplaceAll(main, "/", "_"))
	cmd := exec.Command("go", "build", "-tags", "lambda.norpc", "-trimpath", "-ldflags", "-s -w", "-o", out, "./"+main)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if message, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, message)
	}
	return out
}

// untilReady starts a function against a Runtime API that never has work.
func untilReady(b *testing.B, binary string) time.Duration {
	b.Helper()
	asked := make(chan time.Time, 1)
	ctx, cancel := context.WithTimeout(b.Context(), 10*time.Second)
	defer cancel()
	runtime := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/runtime/invocation/next") {
			asked <- time.Now()
		}
		<-ctx.Done()
	}))
	defer runtime.Close()
	cmd := exec.CommandContext(ctx, binary)
	cmd.Env = []string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(runtime.URL, "http://"), "AWS_REGION=eu-central-1",
		"REALNAME_STAGE=bench", "REALNAME_ISSUER=realname", "REALNAME_TABLE=realname",
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	var took time.Duration
	select {
	case at := <-asked:
		took = at.Sub(begin)
	case <-ctx.Done():
		b.Fatal("the function did not ask for work")
	}
	cancel()
	_ = cmd.Wait() // it was killed
	return took
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
