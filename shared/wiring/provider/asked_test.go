package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"realname/shared/provider"
	"realname/shared/realname"
)

// A log line counts and times each request to a provider by its result, and holds no
// personal data.
func TestEveryRequestToAProviderIsCounted(t *testing.T) {
	c := newProviders(t)
	var out bytes.Buffer
	c.ports.Log = slog.New(slog.NewJSONHandler(&out, nil))
	if _, err := c.send(t, "sns"); err != nil {
		t.Fatal(err)
	}
	c.snsDown = true
	if r, err := c.send(t, "sns"); err == nil {
		t.Fatalf("%+v", r)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		if _, timed := m["ProviderLatency"].(float64); timed {
			got = append(got, fmt.Sprint(m["Provider"], " ", m["Check"], " ", m["Result"]))
		}
	}
	if !slices.Equal(got, []string{"sns sms match", "sns sms unavailable"}) {
		t.Errorf("%q in %s", got, out.String())
	}
	if strings.Contains(out.String(), "13900001001") || strings.Contains(out.String(), "482913") {
		t.Error("a line holds the number or the code")
	}
}

// A question to a provider with a price adds what it costs, if the contract charges for its
// outcome. The amount is in thousandths of a yuan.
func TestAChargedQuestionAddsItsCost(t *testing.T) {
	c := newProviders(t)
	var out bytes.Buffer
	c.ports.Log = slog.New(slog.NewJSONHandler(&out, nil))
	c.ports.Settings = func(context.Context) (map[string]provider.Setting, error) {
		return map[string]provider.Setting{"sns": {Prices: provider.Prices{
			realname.SMSCheck: {Amount: 45, Charged: []realname.Outcome{realname.Match, realname.Mismatch}},
		}}}, nil
	}
	for _, down := range []bool{false, true, false} {
		c.snsDown = down
		_, _ = c.send(t, "sns")
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		if cost, charged := m["ProviderCost"]; charged {
			got = append(got, fmt.Sprint(m["Provider"], " ", m["Check"], " ", m["Result"], " ", cost))
		}
	}
	if !slices.Equal(got, []string{"sns sms match 45", "sns sms match 45"}) {
		t.Errorf("%q in %s", got, out.String())
	}
}
