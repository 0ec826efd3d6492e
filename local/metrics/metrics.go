// Package metrics publishes for Prometheus what CloudWatch gets from a stage on AWS:
// the figures in log lines, the requests of the gateway, the invocations of functions,
// and the calls to the table.
package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"realname/shared/telemetry/metric"
)

const namespace = "realname"

// seconds are the buckets of durations, up to the gateway's time limit.
var seconds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// Metrics collects. All methods may be called on nil, which collects nothing.
type Metrics struct {
	registry    *prometheus.Registry
	requests    *prometheus.HistogramVec
	invocations *prometheus.HistogramVec
	running     *prometheus.GaugeVec
	executions  *prometheus.CounterVec
	tableErrors *prometheus.CounterVec
	conflicts   prometheus.Counter

	mu      sync.Mutex
	figures map[string]prometheus.Collector // by metric name
}

// New returns empty metrics.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: "request_seconds", Help: "Requests by route of the contract, and status.",
			Buckets: seconds,
		}, []string{"route", "status"}),
		invocations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: "invocation_seconds", Help: "Invocations by function, and whether they failed.",
			Buckets: seconds,
		}, []string{"function", "failed"}),
		running: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: namespace, Name: "invocations_running", Help: "Invocations that run now, by function.",
		}, []string{"function"}),
		executions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "executions_total", Help: "Executions of the workflow that started or ended, by status.",
		}, []string{"status"}),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Name: "table_conflicts_total", Help: "Writes of the table that another write came before.",
		}),
		tableErrors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "table_errors_total", Help: "Calls that the table could not serve, by kind.",
		}, []string{"kind"}),
		figures: map[string]prometheus.Collector{},
	}
	m.registry.MustRegister(m.requests, m.invocations, m.running, m.executions, m.tableErrors, m.conflicts,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	// An alarm on the increase of a counter misses the first if the counter begins with it.
	for _, status := range []string{"running", "succeeded", "failed", "aborted"} {
		m.executions.WithLabelValues(status)
	}
	for _, outcome := range []string{"delivered", "failed", "dead"} {
		m.add(metric.Figure{Name: "NoticeTries", Unit: "Count", By: []metric.Dimension{metric.By("Outcome", outcome)}})
	}
	for _, name := range []string{"ErasuresAnnounced", "ErasuresOverdue"} {
		m.add(metric.Figure{Name: name, Unit: "Count"})
	}
	return m
}

// Handler serves the metrics in the text format of Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Request adds a request of the gateway.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	if m != nil {
		m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
	}
}

// Invoking adds an invocation of a function that begins. The result ends it.
func (m *Metrics) Invoking(function string) (end func(failed bool, took time.Duration)) {
	if m == nil {
		return func(bool, time.Duration) {}
	}
	m.running.WithLabelValues(function).Inc()
	return func(failed bool, took time.Duration) {
		m.running.WithLabelValues(function).Dec()
		m.invocations.WithLabelValues(function, strconv.FormatBool(failed)).Observe(took.Seconds())
	}
}

// Execution adds an execution of the workflow that started, with the status "running",
// or ended.
func (m *Metrics) Execution(status string) {
	if m != nil {
		m.executions.WithLabelValues(status).Inc()
	}
}

// Log returns a handler that also collects the figures of the lines.
func (m *Metrics) Log(next slog.Handler) slog.Handler { return collecting{next, m} }

type collecting struct {
	slog.Handler
	metrics *Metrics
}

// Handle implements slog.Handler.
func (c collecting) Handle(ctx context.Context, r slog.Record) error {
	if f, ok := metric.Of(r); ok {
		c.metrics.add(f)
	}
	return c.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (c collecting) WithAttrs(attrs []slog.Attr) slog.Handler {
	return collecting{c.Handler.WithAttrs(attrs), c.metrics}
}

// WithGroup implements slog.Handler.
func (c collecting) WithGroup(name string) slog.Handler {
	return collecting{c.Handler.WithGroup(name), c.metrics}
}

// add adds a figure: a count to a counter, a duration to a histogram, any other to a
// gauge.
func (m *Metrics) add(f metric.Figure) {
	labels := prometheus.Labels{}
	names := make([]string, len(f.By))
	for i, d := range f.By {
		names[i] = snake(d.Name)
		labels[names[i]] = d.Value
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.figures[f.Name]
	if c == nil {
		c = collector(f, names)
		m.figures[f.Name] = c
		m.registry.MustRegister(c)
	}
	switch c := c.(type) {
	case *prometheus.CounterVec:
		if v, err := c.GetMetricWith(labels); err == nil { // the code gives a metric always the same dimensions
			v.Add(f.Value)
		}
	case *prometheus.HistogramVec:
		if v, err := c.GetMetricWith(labels); err == nil {
			v.Observe(f.Value / 1000)
		}
	case *prometheus.GaugeVec:
		if v, err := c.GetMetricWith(labels); err == nil {
			v.Set(f.Value)
		}
	}
}

func collector(f metric.Figure, labels []string) prometheus.Collector {
	name, help := snake(f.Name), "CloudWatch metric "+f.Name+"."
	switch f.Unit {
	case "Count":
		return prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: name + "_total", Help: help,
		}, labels)
	case "Milliseconds":
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: name + "_seconds", Help: help, Buckets: seconds,
		}, labels)
	}
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

// snake converts a name such as SMSSent to sms_sent.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		starts := unicode.IsUpper(r) && i > 0 &&
			(unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if starts {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
