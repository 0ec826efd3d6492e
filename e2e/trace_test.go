package e2e

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// A deployed function reports its calls to the daemon that Lambda names. It
// reports them for the sampled invocation and not for the one before it.
func TestADeployedFunctionTellsXRayWhatItWaitsFor(t *testing.T) {
	if !shared.embedded {
		t.Skip("builds a function of its own")
	}
	t.Parallel()
	event, err := os.ReadFile("../events/repair.json")
	if err != nil {
		t.Fatal(err)
	}
	daemon, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = daemon.Close() }() // the test only reads it
	aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(w, "{}") // an error means that the function has ended
	}))
	defer aws.Close()
	a := &runtimeAPI{event: event, times: 2, trace: func(n int64) string {
		return [...]string{
			"", "Root=1-00000001-000000000000000000000001;Parent=0000000000000001;Sampled=0",
			"Root=1-00000002-000000000000000000000002;Parent=0000000000000002;Sampled=1",
		}[n]
	}}
	_, took, stop := a.runs(t, buildFunction(t, t.TempDir(), "../functions/repair/bootstrap"),
		append([]string{"AWS_ENDPOINT_URL=" + aws.URL, "AWS_XRAY_DAEMON_ADDRESS=" + daemon.LocalAddr().String()},
			nowhere...)...)
	defer stop()
	took()
	if err := daemon.SetReadDeadline(time.Now().Add(patient)); err != nil {
		t.Fatal(err)
	}
	packet := make([]byte, 64<<10)
	n, _, err := daemon.ReadFrom(packet)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		TraceID  string `json:"trace_id"`
		ParentID string `json:"parent_id"`
		Name     string
		AWS      struct{ Operation string }
	}
	_, document, _ := strings.Cut(string(packet[:n]), "\n")
	if err := json.Unmarshal([]byte(document), &doc); err != nil || doc.TraceID != "1-00000002-000000000000000000000002" ||
		doc.ParentID != "0000000000000002" ||
		doc.Name != "DynamoDB" || doc.AWS.Operation != "Query" {
		t.Errorf("%s %v", document, err)
	}
}
