package edge

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// gate returns a gate whose secret, clock and failure the test changes.
func gate() (g *Gate, secret *string, now *time.Time, fails *error) {
	secret, now, fails = new(string), new(time.Time), new(error)
	*secret, *now = `{"a":"first","b":""}`, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	load := func(context.Context) ([]byte, error) { return []byte(*secret), *fails }
	return NewGate(load, func() time.Time { return *now }, slog.New(slog.DiscardHandler)), secret, now, fails
}

// passes asks the gate for each value.
func passes(t *testing.T, g *Gate, want map[string]bool) {
	t.Helper()
	for value, ok := range want {
		if got, err := g.Passes(context.Background(), value); got != ok || err != nil {
			t.Errorf("%q passes: %v %v, want %v", value, got, err, ok)
		}
	}
}

func TestARotationNeverLocksCloudFrontOut(t *testing.T) {
	g, secret, now, _ := gate()
	const padded = "first "
	passes(t, g, map[string]bool{"first": true, "": false, "firs": false, padded: false, "second": false})
	renewed, slot, err := Replace([]byte(*secret), "a", "second")
	if err != nil || slot != "b" {
		t.Fatal(slot, err)
	}
	*secret, *now = string(renewed), now.Add(secretLife)
	passes(t, g, map[string]bool{"first": true, "second": true, "": false})
	renewed, slot, err = Replace(renewed, "b", "third")
	if err != nil || slot != "a" {
		t.Fatal(slot, err)
	}
	*secret, *now = string(renewed), now.Add(secretLife)
	passes(t, g, map[string]bool{"first": false, "second": true, "third": true})
}

func TestTheSlotInUseIsNotReplaced(t *testing.T) {
	for secret, sent := range map[string]string{
		`{"a":"first","b":""}`: "b", `{"a":"","b":""}`: "a", `[]`: "a", `first`: "a", `{"a":"first"}`: "c",
	} {
		if renewed, _, err := Replace([]byte(secret), sent, "second"); err == nil || strings.Contains(err.Error(), "first") {
			t.Errorf("%s, sent %s: %s %v", secret, sent, renewed, err)
		}
	}
}

func TestASecretThatCannotBeReadLetsNothingInButWhatWasKnown(t *testing.T) {
	g, secret, now, fails := gate()
	*fails = errors.New("throttled")
	if ok, err := g.Passes(context.Background(), "first"); ok || err == nil {
		t.Errorf("%v %v", ok, err)
	}
	*fails, *secret = nil, `{"a":"","b":""}`
	if ok, err := g.Passes(context.Background(), ""); ok || err == nil {
		t.Errorf("an empty secret: %v %v", ok, err)
	}
	*secret = `{"a":"first"}`
	passes(t, g, map[string]bool{"first": true})
	*fails, *now = errors.New("throttled"), now.Add(time.Hour)
	passes(t, g, map[string]bool{"first": true, "other": false})
}

// answer is what the guarded function saw, or the gate's own refusal.
func answer(t *testing.T, g *Gate, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, string) {
	t.Helper()
	seen := ""
	out, err := g.Guard(func(
		_ context.Context, e events.APIGatewayV2HTTPRequest,
	) (events.APIGatewayV2HTTPResponse, error) {
		raw, err := json.Marshal(e)
		seen = string(raw)
		return events.APIGatewayV2HTTPResponse{StatusCode: 200}, err
	})(context.Background(), e)
	if err != nil {
		t.Fatal(err)
	}
	return out, seen
}

// request is a request with the header and X-Forwarded-For, from CloudFront's address.
func request(value, forwarded string) events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{Headers: map[string]string{Header: value, "x-forwarded-for": forwarded}}
	e.RequestContext.HTTP.SourceIP = "130.176.0.1"
	return e
}

func TestWhatDidNotComeThroughCloudFrontIsRefused(t *testing.T) {
	g, _, _, _ := gate()
	if out, seen := answer(t, g, request("wrong", "")); out.StatusCode != 403 || seen != "" {
		t.Errorf("%+v %s", out, seen)
	}
	out, seen := answer(t, g, request("first", "203.0.113.7"))
	if out.StatusCode != 200 || strings.Contains(seen, "first") {
		t.Errorf("%+v, the function saw %s", out, seen)
	}
	if out, _ := answer(t, nil, request("", "")); out.StatusCode != 200 {
		t.Errorf("without a gate: %+v", out)
	}
}

// The viewer writes the beginning of X-Forwarded-For.
func TestTheViewersAddressIsTheOneThatCloudFrontAdded(t *testing.T) {
	g, _, _, _ := gate()
	for forwarded, want := range map[string]string{
		"203.0.113.7":                              "203.0.113.7",
		"203.0.113.7, 130.176.0.1":                 "203.0.113.7", // with the gateway's own entry
		"10.0.0.1, 203.0.113.7":                    "203.0.113.7",
		"10.0.0.1,130.176.0.1,203.0.113.7":         "203.0.113.7",
		"10.0.0.1, 203.0.113.7, 130.176.0.1":       "203.0.113.7",
		"2001:db8::7":                              "2001:db8::7",
		"130.176.0.1":                              "130.176.0.1",
		"":                                         "130.176.0.1",
		"nonsense, 130.176.0.1, 2001:db8::7 ":      "2001:db8::7",
		"127.0.0.1, 127.0.0.1, 203.0.113.7":        "203.0.113.7",
		"130.176.0.1, 198.51.100.9 , 203.0.113.7 ": "203.0.113.7",
	} {
		_, seen := answer(t, g, request("first", forwarded))
		var e events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal([]byte(seen), &e); err != nil || e.RequestContext.HTTP.SourceIP != want {
			t.Errorf("%q: %s %v, want %s", forwarded, e.RequestContext.HTTP.SourceIP, err, want)
		}
	}
}
