package wiring

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"realname/shared/awsapi"
	"realname/shared/telemetry/trace"
)

func TestARequestIsNotRedirected(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("another host got the request")
	}))
	defer elsewhere.Close()
	service := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer service.Close()
	c := awsConfig(env(map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_ENDPOINT_URL": service.URL,
	}))
	err := awsapi.New(c, awsapi.KMS).Call(t.Context(), "Decrypt", struct{}{}, &struct{}{})
	var refused *awsapi.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusTemporaryRedirect {
		t.Errorf("%v", err)
	}
}

// The names of service, operation and region reach the daemon.
func TestACallOfAServiceIsTraced(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Requestid", "q1")
		_, _ = w.Write([]byte(`{"TableNames":[]}`))
	}))
	defer service.Close()
	daemon, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = daemon.Close() }() // a socket only read loses nothing
	env := func(name string) string {
		return map[string]string{
			"AWS_REGION":              "eu-west-1",
			"AWS_ACCESS_KEY_ID":       "id",
			"AWS_SECRET_ACCESS_KEY":   "secret",
			"AWS_ENDPOINT_URL":        service.URL,
			"_X_AMZN_TRACE_ID":        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
			"AWS_XRAY_DAEMON_ADDRESS": daemon.LocalAddr().String(),
		}[name]
	}
	client := awsapi.New(traced(awsConfig(env), trace.New(env, time.Now)), awsapi.DynamoDB)
	if err := client.Call(t.Context(), "ListTables", struct{}{}, &struct{}{}); err != nil {
		t.Fatal(err)
	}
	packet := make([]byte, 64<<10)
	if err := daemon.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	n, _, err := daemon.ReadFrom(packet)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Name, Namespace string
		AWS             struct{ Operation, Region string }
	}
	_, document, _ := strings.Cut(string(packet[:n]), "\n")
	if err := json.Unmarshal([]byte(document), &doc); err != nil {
		t.Fatalf("%s %v", document, err)
	}
	if doc.Name != "DynamoDB" || doc.Namespace != "aws" ||
		doc.AWS.Operation != "ListTables" || doc.AWS.Region != "eu-west-1" {
		t.Errorf("%s", document)
	}
}
