package eventbridge_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
	"realname/shared/notify"
	bus "realname/shared/notify/eventbridge"
)

// service speaks PutEvents of the EventBridge JSON 1.1 protocol.
type service struct {
	entries []map[string]any
	calls   int
	refuse  string // the detail's ID whose entry is refused
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct{ Entries []map[string]any }
	put := r.Header.Get("X-Amz-Target") == "AWSEvents.PutEvents"
	if !put || json.NewDecoder(r.Body).Decode(&in) != nil || len(in.Entries) > 10 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.calls++
	failed, out := 0, []map[string]string{}
	for _, e := range in.Entries {
		if s.refuse != "" && strings.Contains(e["Detail"].(string), s.refuse) {
			failed++
			out = append(out, map[string]string{"ErrorCode": "ThrottlingException"})
			continue
		}
		s.entries = append(s.entries, e)
		out = append(out, map[string]string{"EventId": "1"})
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(map[string]any{"FailedEntryCount": failed, "Entries": out})
}

func newBus(t *testing.T) (*bus.Bus, *service) {
	t.Helper()
	s := &service{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	client := awsapi.New(awsapitest.Config(server.URL), awsapi.EventBridge)
	return bus.New(func() *awsapi.Client { return client }, "realname-dev"), s
}

func TestEventsAreEntriesOfTheBus(t *testing.T) {
	b, s := newBus(t)
	events := make([]notify.Event, 12)
	for i := range events {
		events[i] = notify.Event{
			Version: 1, ID: string(rune('a' + i)), Type: "EnterpriseVerified",
			At: time.Unix(1700000000, 0), USCC: "91130100MA0R01NM09",
		}
	}
	if err := b.Publish(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	if s.calls != 2 || len(s.entries) != 12 {
		t.Fatalf("%d entries in %d calls", len(s.entries), s.calls)
	}
	e := s.entries[0]
	if e["Source"] != "realname" || e["DetailType"] != "EnterpriseVerified" ||
		e["EventBusName"] != "realname-dev" || e["Time"] != 1.7e9 {
		t.Errorf("%v", e)
	}
	var detail map[string]any
	err := json.Unmarshal([]byte(e["Detail"].(string)), &detail)
	if err != nil || detail["version"] != 1.0 || detail["uscc"] != "91130100MA0R01NM09" {
		t.Errorf("%v %v", detail, err)
	}
}

func TestAPartlyRefusedBatchIsAnError(t *testing.T) {
	b, s := newBus(t)
	s.refuse = "second"
	err := b.Publish(t.Context(), []notify.Event{{ID: "first"}, {ID: "second"}})
	if err == nil || !strings.Contains(err.Error(), "ThrottlingException") {
		t.Error(err)
	}
}
