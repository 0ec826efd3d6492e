package metric

import "log/slog"

// Figure is what a line adds to a metric.
type Figure struct {
	Name, Unit string
	Value      float64
	By         []Dimension
}

// Of returns the figure of a log record that Count, Took or Days made.
func Of(r slog.Record) (f Figure, ok bool) {
	values := map[string]slog.Value{}
	r.Attrs(func(a slog.Attr) bool {
		values[a.Key] = a.Value
		return true
	})
	m, ok := values["_aws"].Any().(metadata)
	if !ok {
		return Figure{}, false
	}
	d := m.CloudWatchMetrics[0]
	f.Name, f.Unit = d.Metrics[0].Name, d.Metrics[0].Unit
	f.Value = float64(values[f.Name].Int64())
	for _, name := range d.Dimensions[len(d.Dimensions)-1] {
		f.By = append(f.By, By(name, values[name].String()))
	}
	return f, true
}
