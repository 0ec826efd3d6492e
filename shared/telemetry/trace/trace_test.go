package trace_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"realname/shared/telemetry/trace"
)

const header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0"

// daemon is the socket of an X-Ray daemon.
type daemon struct {
	*testing.T
	net.PacketConn
}

func newDaemon(t *testing.T) daemon {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // a socket only read loses nothing
	return daemon{t, conn}
}

// environment returns the environment of an invocation with the trace header.
func (d daemon) environment(header string) func(string) string {
	return func(name string) string {
		return map[string]string{
			"_X_AMZN_TRACE_ID": header, "AWS_XRAY_DAEMON_ADDRESS": d.LocalAddr().String(),
		}[name]
	}
}

// received returns the next document without the times and the ID, which it checks.
func (d daemon) received() map[string]any {
	d.Helper()
	if err := d.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		d.Fatal(err)
	}
	packet := make([]byte, 64<<10)
	n, _, err := d.ReadFrom(packet)
	if err != nil {
		d.Fatal(err)
	}
	head, document, _ := bytes.Cut(packet[:n], []byte("\n"))
	var doc map[string]any
	if string(head) != `{"format": "json", "version": 1}` || json.Unmarshal(document, &doc) != nil {
		d.Fatalf("%s", packet[:n])
	}
	id, _ := doc["id"].(string)
	if !regexp.MustCompile("^[0-9a-f]{16}$").MatchString(id) {
		d.Errorf("%v", doc)
	}
	if doc["start_time"] != 1780000000.25 || doc["end_time"] != 1780000000.75 {
		d.Errorf("%v", doc)
	}
	for _, member := range []string{"id", "start_time", "end_time"} {
		delete(doc, member)
	}
	return doc
}

// clock returns a clock that advances by half a second at each call.
func clock() func() time.Time {
	at := time.UnixMilli(1779999999750)
	return func() time.Time {
		at = at.Add(500 * time.Millisecond)
		return at
	}
}

func checking(*http.Request) string { return "CheckIdNameDate" }

func dynamo(context.Context) (string, string, string) { return "DynamoDB", "GetItem", "eu-west-1" }

// answering returns the address of a service that responds with the status.
func answering(t *testing.T, status int) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Requestid", "q1")
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func call(t *testing.T, do func(*http.Request) (*http.Response, error), address string) error {
	t.Helper()
	body := strings.NewReader("CANARY")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/CANARY?id=CANARY", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Person", "CANARY")
	response, err := do(r)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func TestEachCallOfASampledInvocationIsASubsegment(t *testing.T) {
	base := map[string]any{
		"trace_id": "1-5759e988-bd862e3fe1be46a994272793", "parent_id": "53995c3f42cd8ad8", "type": "subsegment",
	}
	with := func(more map[string]any) map[string]any {
		doc := map[string]any{}
		for _, m := range []map[string]any{base, more} {
			for k, v := range m {
				doc[k] = v
			}
		}
		return doc
	}
	answered := func(status float64) any { return map[string]any{"response": map[string]any{"status": status}} }
	checked := map[string]any{"operation": "CheckIdNameDate"}
	aws := map[string]any{"operation": "GetItem", "region": "eu-west-1", "request_id": "q1"}
	for name, c := range map[string]struct {
		status int
		remote bool
		want   map[string]any
	}{
		"an answer": {200, false, map[string]any{
			"name": "DynamoDB", "namespace": "aws", "aws": aws, "http": answered(200),
		}},
		"an error of the caller": {400, false, map[string]any{
			"name": "DynamoDB", "namespace": "aws", "aws": aws, "http": answered(400), "error": true,
		}},
		"too many calls": {429, true, map[string]any{
			"name": "127.0.0.1", "namespace": "remote", "annotations": checked,
			"http": answered(429), "error": true, "throttle": true,
		}},
		"an error of the callee": {503, true, map[string]any{
			"name": "127.0.0.1", "namespace": "remote", "annotations": checked,
			"http": answered(503), "fault": true,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDaemon(t)
			tracer := trace.New(d.environment(header), clock())
			do := tracer.AWS(http.DefaultClient, dynamo).Do
			if c.remote {
				do = (&http.Client{Transport: tracer.Remote(http.DefaultTransport, checking)}).Do
			}
			if err := call(t, do, answering(t, c.status)); err != nil {
				t.Fatal(err)
			}
			if got := d.received(); !reflect.DeepEqual(got, with(c.want)) {
				t.Errorf("%v, want %v", got, with(c.want))
			}
		})
	}
}

// broken is a service that does not answer.
type broken struct{}

func (broken) Do(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset") }

func TestACallWithoutAnAnswerIsAFaultAndItsErrorIsTheCallers(t *testing.T) {
	d := newDaemon(t)
	client := trace.New(d.environment(header), clock()).AWS(broken{}, dynamo)
	if err := call(t, client.Do, "http://127.0.0.1"); err == nil || err.Error() != "connection reset" {
		t.Error(err)
	}
	if got := d.received(); got["fault"] != true || got["http"] != nil {
		t.Errorf("%v", got)
	}
}

// Calls that are not sampled, or not in Lambda, are not reported: the last call of the
// test makes the first report.
func TestNothingIsReportedUnlessItIsSampled(t *testing.T) {
	d := newDaemon(t)
	address := answering(t, 200)
	for _, given := range []string{
		"",
		"Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
		"Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
		"Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
		"Sampled=1",
		"nonsense",
	} {
		client := trace.New(d.environment(given), clock()).AWS(http.DefaultClient, dynamo)
		if err := call(t, client.Do, address); err != nil {
			t.Error(err)
		}
	}
	elsewhere := func(name string) string { return map[string]string{"_X_AMZN_TRACE_ID": header}[name] }
	var none *trace.Tracer
	for _, tracer := range []*trace.Tracer{trace.New(elsewhere, clock()), none} {
		if err := call(t, tracer.AWS(http.DefaultClient, dynamo).Do, address); err != nil {
			t.Error(err)
		}
		if err := call(t, tracer.Remote(http.DefaultTransport, nil).RoundTrip, address); err != nil {
			t.Error(err)
		}
	}
	last := trace.New(d.environment(header), clock()).Remote(http.DefaultTransport, nil)
	if err := call(t, last.RoundTrip, address); err != nil {
		t.Error(err)
	}
	if got := d.received(); got["namespace"] != "remote" {
		t.Errorf("%v", got)
	}
}

// Without a daemon, a call neither waits nor fails.
func TestACallDoesNotFailBecauseOfATrace(t *testing.T) {
	d := newDaemon(t)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	tracer := trace.New(d.environment(header), clock())
	for range 3 {
		if err := call(t, tracer.AWS(http.DefaultClient, dynamo).Do, answering(t, 200)); err != nil {
			t.Error(err)
		}
	}
}
