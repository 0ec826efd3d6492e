package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// instance is a function in a process of its own, at a Lambda Runtime API of its own. It
// handles one event at a time.
type instance struct {
	testing.TB
	name string
	pid  int

	one    sync.Mutex // an invocation
	events chan []byte
	said   chan answered
	count  int
	took   map[string][]time.Duration // from the delivery of an event to its answer, by route
}

// answered is a function's answer, or the error that it reported.
type answered struct {
	body   []byte
	failed bool
}

// newInstance starts a function. It ends with the test.
func newInstance(t testing.TB, name string, env []string, command ...string) *instance {
	t.Helper()
	f := &instance{
		TB: t, name: name, events: make(chan []byte), said: make(chan answered, 1), took: map[string][]time.Duration{},
	}
	api := httptest.NewServer(f)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	cmd.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(api.URL, "http://"), "AWS_REGION=eu-central-1",
		"AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=secret",
	}, env...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	f.pid = cmd.Process.Pid
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // the process was killed
		api.CloseClientConnections()
		api.Close()
	})
	return f
}

// ServeHTTP is the Runtime API.
func (f *instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/invocation/next") {
		body, err := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		f.said <- answered{body, err != nil || strings.HasSuffix(r.URL.Path, "/error")}
		return
	}
	select {
	case event := <-f.events:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprint(f.count))
		w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(patient).UnixMilli()))
		_, _ = w.Write(event) // an error means that the function has ended
	case <-r.Context().Done():
	}
}

// invoke waits until the function is idle, delivers the event and returns the answer. The
// time counts for the route.
func (f *instance) invoke(route string, event []byte) ([]byte, error) {
	f.one.Lock()
	defer f.one.Unlock()
	f.count++
	select {
	case f.events <- event:
	case <-time.After(patient):
		return nil, fmt.Errorf("%s does not ask for work", f.name)
	}
	begin := time.Now()
	select {
	case a := <-f.said:
		f.took[route] = append(f.took[route], time.Since(begin))
		if a.failed {
			return nil, fmt.Errorf("%s: %s", f.name, a.body)
		}
		return a.body, nil
	case <-time.After(patient):
		return nil, fmt.Errorf("%s does not answer", f.name)
	}
}

// request invokes the function with a request of the account, as API Gateway does.
func (f *instance) request(account, method, route, session string, body any) answer {
	f.Helper()
	path := strings.Replace(route, "{id}", session, 1)
	raw, err := json.Marshal(body)
	if err != nil {
		f.Fatal(err)
	}
	event, err := json.Marshal(map[string]any{
		"version": "2.0", "routeKey": method + " " + route, "rawPath": path, "rawQueryString": "",
		"headers": map[string]string{"content-type": "application/json"}, "body": string(raw),
		"pathParameters": map[string]string{"id": session},
		"requestContext": map[string]any{
			"requestId": "r1", "routeKey": method + " " + route,
			"http":       map[string]string{"method": method, "path": path, "sourceIp": "127.0.0.1"},
			"authorizer": map[string]any{"lambda": map[string]string{"accountId": account, "issuedAtMs": "4102444800000"}},
		},
	})
	if err != nil {
		f.Fatal(err)
	}
	out, err := f.invoke(route, event)
	if err != nil {
		f.Fatal(err)
	}
	var got struct {
		StatusCode int
		Body       string
	}
	if err := json.Unmarshal(out, &got); err != nil {
		f.Fatalf("%s: %s: %v", f.name, out, err)
	}
	return answer{Status: got.StatusCode, Body: []byte(got.Body)}
}
