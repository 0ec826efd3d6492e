// Package metric makes log lines that CloudWatch also counts, in its Embedded Metric
// Format (CloudWatch User Guide, "Embedded metric format specification"). One line
// both logs an event and adds to a metric.
package metric

import (
	"log/slog"
	"os"
	"time"
)

// Namespace returns the namespace of a stage's metrics. Stages can share an account,
// so each has its own.
func Namespace(stage string) string {
	if stage == "" {
		return "realname"
	}
	return "realname-" + stage
}

// Dimension is one property that splits a metric. It has few values: names and
// outcomes, never identifiers.
type Dimension struct{ Name, Value string }

// By returns a dimension.
func By(name, value string) Dimension { return Dimension{name, value} }

// Count returns the attributes of a line that adds n to the metric: to its total, and
// to its part with these dimensions.
func Count(now time.Time, name string, n int, by ...Dimension) []slog.Attr {
	return line(now, name, "Count", slog.Int(name, n), by)
}

// Took returns the attributes of a line that adds a duration to the metric.
func Took(now time.Time, name string, d time.Duration, by ...Dimension) []slog.Attr {
	return line(now, name, "Milliseconds", slog.Int64(name, d.Milliseconds()), by)
}

// Days returns the attributes of a line that sets the metric to a number of days.
func Days(now time.Time, name string, n int, by ...Dimension) []slog.Attr {
	return line(now, name, "None", slog.Int(name, n), by)
}

type definition struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []unit
}

type unit struct{ Name, Unit string }

type metadata struct {
	Timestamp         int64
	CloudWatchMetrics []definition
}

func line(now time.Time, name, of string, value slog.Attr, by []Dimension) []slog.Attr {
	names := make([]string, len(by))
	attrs := make([]slog.Attr, 0, len(by)+2)
	for i, d := range by {
		names[i] = d.Name
		attrs = append(attrs, slog.String(d.Name, d.Value))
	}
	sets := [][]string{{}}
	if len(names) > 0 {
		sets = append(sets, names)
	}
	return append(attrs, value, slog.Any("_aws", metadata{
		Timestamp:         now.UnixMilli(),
		CloudWatchMetrics: []definition{{Namespace(os.Getenv("REALNAME_STAGE")), sets, []unit{{name, of}}}},
	}))
}
