package metric_test

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"realname/shared/telemetry/metric"
)

func TestALineGivesItsFigureBack(t *testing.T) {
	now := time.Now()
	for _, tt := range []struct {
		attrs []slog.Attr
		want  metric.Figure
	}{
		{metric.Count(now, "Total", 3), metric.Figure{Name: "Total", Unit: "Count", Value: 3}},
		{
			metric.Took(now, "Latency", 1500*time.Millisecond, metric.By("A", "x"), metric.By("B", "y")),
			metric.Figure{
				Name: "Latency", Unit: "Milliseconds", Value: 1500,
				By: []metric.Dimension{{Name: "A", Value: "x"}, {Name: "B", Value: "y"}},
			},
		},
		{
			metric.Days(now, "Left", 7, metric.By("Bank", "CCB")),
			metric.Figure{Name: "Left", Unit: "None", Value: 7, By: []metric.Dimension{{Name: "Bank", Value: "CCB"}}},
		},
	} {
		r := slog.NewRecord(now, slog.LevelInfo, "line", 0)
		r.AddAttrs(append(tt.attrs, slog.String("other", "value"))...)
		got, ok := metric.Of(r)
		if !ok || got.Name != tt.want.Name || got.Unit != tt.want.Unit || got.Value != tt.want.Value ||
			!slices.Equal(got.By, tt.want.By) {
			t.Errorf("got %+v %v, want %+v", got, ok, tt.want)
		}
	}
	if f, ok := metric.Of(slog.NewRecord(now, slog.LevelInfo, "line", 0)); ok {
		t.Errorf("a line without a figure gave %+v", f)
	}
}
