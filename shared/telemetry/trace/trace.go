// Package trace reports a function's calls to other services to AWS X-Ray, as
// subsegments of the invocation's segment, in the protocol of the daemon (AWS X-Ray
// Developer Guide, "X-Ray segment documents" and "Sending segment documents to the
// X-Ray daemon"). It does nothing outside Lambda and in invocations that are not
// sampled (docs/decisions/0032).
//
// A subsegment holds service, operation, host, status and time. This package reads
// neither the path, the query, the headers nor the body of a request.
package trace

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The environment of a traced function (Lambda Developer Guide, "Defined runtime
// environment variables"). The runtime sets headerVariable for each invocation.
const (
	headerVariable = "_X_AMZN_TRACE_ID"
	daemonVariable = "AWS_XRAY_DAEMON_ADDRESS"
)

// invocation holds the values of the trace header: the trace, and the segment that
// calls belong to.
type invocation struct{ root, parent string }

// sampled parses the trace header; ok is false if the invocation is not sampled.
func sampled(header string) (i invocation, ok bool) {
	for part := range strings.SplitSeq(header, ";") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "Root":
			i.root = value
		case "Parent":
			i.parent = value
		case "Sampled":
			ok = value == "1"
		}
	}
	return i, ok && i.root != "" && i.parent != ""
}

// subsegment is one call.
type subsegment struct {
	TraceID   string   `json:"trace_id"`
	ParentID  string   `json:"parent_id"`
	ID        string   `json:"id"`
	Type      string   `json:"type"`
	Name      string   `json:"name"`
	Namespace string   `json:"namespace"` // "aws" or "remote"
	Start     float64  `json:"start_time"`
	End       float64  `json:"end_time"`
	Error     bool     `json:"error,omitempty"`    // an error of the caller
	Throttle  bool     `json:"throttle,omitempty"` // too many calls
	Fault     bool     `json:"fault,omitempty"`    // an error of the callee, or no answer
	AWS       *awsCall `json:"aws,omitempty"`
	HTTP      *httpDoc `json:"http,omitempty"`
	// Annotations are the search keys of traces in X-Ray.
	Annotations map[string]string `json:"annotations,omitempty"`
}

type awsCall struct {
	Operation string `json:"operation,omitempty"`
	Region    string `json:"region,omitempty"`
	RequestID string `json:"request_id,omitempty"`
}

type httpDoc struct {
	Response struct {
		Status int `json:"status"`
	} `json:"response"`
}

// Tracer reports the calls of one process. A nil one reports nothing.
type Tracer struct {
	getenv func(string) string
	now    func() time.Time

	mu     sync.Mutex
	daemon net.Conn // nil until the first report
}

// New returns a tracer for a process with the given environment and clock.
func New(getenv func(string) string, now func() time.Time) *Tracer {
	return &Tracer{getenv: getenv, now: now}
}

// around does the call, and reports it if the invocation is sampled. The reported time
// ends with the head of the answer.
func (t *Tracer) around(
	r *http.Request, describe func(*subsegment), do func(*http.Request) (*http.Response, error),
) (*http.Response, error) {
	in, ok := sampled(t.getenv(headerVariable))
	address := t.getenv(daemonVariable)
	if !ok || address == "" {
		return do(r)
	}
	s := subsegment{
		TraceID: in.root, ParentID: in.parent, ID: newID(), Type: "subsegment",
		Name: r.URL.Hostname(), Namespace: "remote", Start: seconds(t.now()),
	}
	describe(&s)
	response, err := do(r)
	s.End = seconds(t.now())
	s.ended(response)
	t.report(address, s)
	return response, err
}

func (s *subsegment) ended(response *http.Response) {
	if response == nil {
		s.Fault = true
		return
	}
	s.HTTP = &httpDoc{}
	s.HTTP.Response.Status = response.StatusCode
	switch {
	case response.StatusCode >= http.StatusInternalServerError:
		s.Fault = true
	case response.StatusCode >= http.StatusBadRequest:
		s.Error, s.Throttle = true, response.StatusCode == http.StatusTooManyRequests
	}
	if s.AWS != nil {
		s.AWS.RequestID = response.Header.Get("X-Amzn-Requestid")
	}
}

// Doer is an HTTP client.
type Doer interface {
	Do(r *http.Request) (*http.Response, error)
}

type awsClient struct {
	*Tracer
	next     Doer
	describe func(ctx context.Context) (service, operation, region string)
}

// AWS returns a client that reports each attempt of each call of AWS. describe
// returns the service, operation and region of a request's context.
func (t *Tracer) AWS(next Doer, describe func(ctx context.Context) (service, operation, region string)) Doer {
	if t == nil {
		return next
	}
	return awsClient{t, next, describe}
}

// Do implements Doer.
func (c awsClient) Do(r *http.Request) (*http.Response, error) {
	return c.around(r, func(s *subsegment) {
		service, operation, region := c.describe(r.Context())
		s.Namespace, s.AWS = "aws", &awsCall{Operation: operation, Region: region}
		if service != "" {
			s.Name = service
		}
	}, c.next.Do)
}

type transport struct {
	*Tracer
	next      http.RoundTripper
	operation func(*http.Request) string
}

// Remote returns a transport that reports each request with its host, and with the
// operation that the function returns, unless the function is nil.
func (t *Tracer) Remote(next http.RoundTripper, operation func(*http.Request) string) http.RoundTripper {
	if t == nil {
		return next
	}
	return transport{t, next, operation}
}

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	return t.around(r, func(s *subsegment) {
		if t.operation != nil {
			s.Annotations = map[string]string{"operation": t.operation(r)}
		}
	}, t.next.RoundTrip)
}

// report sends the subsegment to the daemon. If that fails, the subsegment is lost:
// no call waits or fails because of a trace.
func (t *Tracer) report(address string, s subsegment) {
	document, err := json.Marshal(s)
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.daemon == nil {
		daemon, err := net.Dial("udp", address)
		if err != nil {
			return
		}
		t.daemon = daemon
	}
	_, _ = t.daemon.Write(append([]byte("{\"format\": \"json\", \"version\": 1}\n"), document...))
}

func newID() string {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails: crypto/rand ends the process instead
	return hex.EncodeToString(id[:])
}

// seconds returns a time in the unit of X-Ray.
func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }
