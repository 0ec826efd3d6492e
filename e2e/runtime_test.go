package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// patient is the longest time that a function may take to start or to answer.
const patient = 20 * time.Second

// runtimeAPI acts as the Lambda Runtime API for one function: it delivers the
// event a number of times and then has no more work.
type runtimeAPI struct {
	arguments []string // of the function's program
	event     []byte
	times     int64
	trace     func(n int64) string // the trace header of the n-th event; nil for no headers
	served    atomic.Int64
	idle      chan time.Time // receives the time at which the function found no more work
}

func (a *runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/invocation/next") { // a function's answer
		w.WriteHeader(http.StatusAccepted)
		return
	}
	n := a.served.Add(1)
	if n > a.times {
		a.idle <- time.Now()
		<-r.Context().Done()
		return
	}
	w.Header().Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprint(n))
	w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(patient).UnixMilli()))
	if a.trace != nil {
		w.Header().Set("Lambda-Runtime-Trace-Id", a.trace(n))
	}
	_, _ = w.Write(a.event) // an error means that the function has ended
}

// runs starts a function at the Runtime API until the caller calls stop. took
// waits until the function is idle and returns the time since exec.
func (a *runtimeAPI) runs(b testing.TB, binary string, env ...string) (pid int,
	took func() time.Duration, stop func(),
) {
	b.Helper()
	a.idle = make(chan time.Time, 1)
	server := httptest.NewServer(a)
	ctx, cancel := context.WithCancel(b.Context())
	cmd := exec.CommandContext(ctx, binary, a.arguments...)
	cmd.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(server.URL, "http://"), "AWS_REGION=eu-central-1",
		"REALNAME_STAGE=bench", "REALNAME_ISSUER=realname", "REALNAME_TABLE=realname",
	}, env...)
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	took = func() time.Duration {
		select {
		case at := <-a.idle:
			return at.Sub(begin)
		case <-time.After(patient):
			b.Fatalf("%s did not ask for work again after %d events", binary, a.served.Load())
			return 0
		}
	}
	return cmd.Process.Pid, took, func() {
		cancel()
		_ = cmd.Wait() // the process was killed
		server.Close()
	}
}

// forLambda are the flags of the Makefile's builds for Lambda. With them, every
// package compiles again, so tests that measure nothing leave them out.
var forLambda = []string{"-trimpath", "-ldflags", "-s -w"}

// buildFunction builds as the Makefile does for Lambda if it gets forLambda.
func buildFunction(b testing.TB, dir, main string, flags ...string) string {
	b.Helper()
	out := dir + "/" + strings.ReplaceAll(main, "/", "_")
	cmd := exec.Command("go",
		append(append([]string{"build", "-tags", "lambda.norpc"}, flags...), "-o", out, "./"+main)...)
	if len(flags) > 0 {
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	}
	if message, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, message)
	}
	return out
}
