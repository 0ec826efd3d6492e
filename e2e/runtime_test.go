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

// patient bounds what a function may take to start, or to answer.
const patient = 20 * time.Second

// runtimeAPI is the Lambda Runtime API towards one function: it hands the event
// over a number of times and has no more work then.
type runtimeAPI struct {
	event  []byte
	times  int64
	trace  func(n int64) string // the trace header of the n-th event; nil for none
	served atomic.Int64
	idle   chan time.Time // when the function asked for work and there was none
}

func (a *runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/invocation/next") { // an answer
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
	_, _ = w.Write(a.event) // the function is gone if it fails
}

// runs starts a function at the Runtime API until stop is called. took
// waits for the function to be idle and says how long that was after exec.
func (a *runtimeAPI) runs(b testing.TB, binary string, env ...string) (pid int, took func() time.Duration, stop func()) {
	b.Helper()
	a.idle = make(chan time.Time, 1)
	server := httptest.NewServer(a)
	ctx, cancel := context.WithCancel(b.Context())
	cmd := exec.CommandContext(ctx, binary)
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
		_ = cmd.Wait() // it was killed
		server.Close()
	}
}

// forLambda are the flags by which the Makefile builds for Lambda. With them every
// package is compiled again; a test that measures nothing does without.
var forLambda = []string{"-trimpath", "-ldflags", "-s -w"}

// buildFunction builds as the Makefile does for Lambda, given its flags.
func buildFunction(b testing.TB, dir, main string, flags ...string) string {
	b.Helper()
	out := dir + "/" + strings.ReplaceAll(main, "/", "_")
	cmd := exec.Command("go", append(append([]string{"build", "-tags", "lambda.norpc"}, flags...), "-o", out, "./"+main)...)
	if len(flags) > 0 {
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	}
	if message, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, message)
	}
	return out
}
