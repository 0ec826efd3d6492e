package metric_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"reflect"
	"testing"
	"time"

	"realname/shared/telemetry/metric"
)

// The line follows the specification's schema: metadata under "_aws", and every name
// in the metadata as a member of the root.
func TestALineIsAnEmbeddedMetric(t *testing.T) {
	t.Setenv("REALNAME_STAGE", "dev")
	var out bytes.Buffer
	now := time.UnixMilli(1700000000123)
	slog.New(slog.NewJSONHandler(&out, nil)).LogAttrs(t.Context(), slog.LevelInfo, "session closed",
		metric.Count(now, "SessionsClosed", 1, metric.By("Status", "verified"), metric.By("Method", "ic_card"))...)
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"Timestamp": 1700000000123.0,
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace": "realname-dev", "Dimensions": []any{[]any{}, []any{"Status", "Method"}},
			"Metrics": []any{map[string]any{"Name": "SessionsClosed", "Unit": "Count"}},
		}},
	}
	if !reflect.DeepEqual(got["_aws"], want) {
		t.Errorf("%v", got["_aws"])
	}
	if got["SessionsClosed"] != 1.0 || got["msg"] != "session closed" {
		t.Errorf("%v", got)
	}
	if got["Status"] != "verified" || got["Method"] != "ic_card" {
		t.Errorf("%v", got)
	}
}
