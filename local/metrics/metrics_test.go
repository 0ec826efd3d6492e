package metrics_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"realname/local/metrics"
	"realname/shared/table"
	"realname/shared/table/contract"
	"realname/shared/table/memory"
	"realname/shared/telemetry/metric"
)

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFiguresOfLogLinesArePublished(t *testing.T) {
	m := metrics.New()
	log := slog.New(m.Log(slog.NewJSONHandler(io.Discard, nil))).With("version", "dev").WithGroup("g")
	now := time.Now()
	line := func(attrs []slog.Attr) { log.LogAttrs(t.Context(), slog.LevelInfo, "line", attrs...) }
	for range 2 {
		line(metric.Count(now, "SMSSent", 1, metric.By("Purpose", "step")))
		line(metric.Took(now, "ProviderLatency", 300*time.Millisecond, metric.By("Provider", "tencent")))
		line(metric.Days(now, "BankKeyDays", 12, metric.By("Bank", "CCB")))
	}
	line(metric.Count(now, "RepairSignals", 4))
	log.Info("no figure")
	m.Request("POST /v1/login", 401, 20*time.Millisecond)
	m.Invoking("repair")(true, time.Second)
	m.Invoking("notify")
	m.Execution("failed")
	text := scrape(t, m)
	problems, err := promlint.New(strings.NewReader(text)).Lint() // the rules of promtool check metrics
	if err != nil {
		t.Error(err)
	}
	for _, p := range problems {
		if !strings.HasSuffix(p.Metric, "_days") { // the playbooks count days
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	for _, want := range []string{
		`realname_sms_sent_total{purpose="step"} 2`,
		`realname_provider_latency_seconds_bucket{provider="tencent",le="0.25"} 0`,
		`realname_provider_latency_seconds_bucket{provider="tencent",le="0.5"} 2`,
		`realname_bank_key_days{bank="CCB"} 12`,
		`realname_repair_signals_total 4`,
		`realname_request_seconds_count{route="POST /v1/login",status="401"} 1`,
		`realname_invocation_seconds_sum{failed="true",function="repair"} 1`,
		`realname_invocations_running{function="repair"} 0`,
		`realname_invocations_running{function="notify"} 1`,
		`realname_executions_total{status="failed"} 1`,
		`realname_executions_total{status="succeeded"} 0`,
		`realname_notice_tries_total{outcome="dead"} 0`,
		`realname_erasures_announced_total 0`,
		`realname_erasures_overdue_total 0`,
		`go_goroutines `,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("missing: %s", want)
		}
	}
}

// outage is a table that cannot be reached.
type outage struct{}

var errDown = fmt.Errorf("down: %w", table.ErrUnavailable)

func (outage) Get(context.Context, ...table.Key) ([]table.Item, error) { return nil, errDown }

func (outage) Query(context.Context, table.Query) (table.Page, error) { return table.Page{}, errDown }

func (outage) Transact(context.Context, ...table.Write) error { return errDown }

func TestTheTableStaysTheSame(t *testing.T) {
	contract.Run(t, func(_ *testing.T, now func() time.Time) table.Table {
		return metrics.New().Table(memory.New(now))
	})
}

func TestFailuresOfTheTableAreCounted(t *testing.T) {
	m := metrics.New()
	var nothing *metrics.Metrics
	tb := memory.New(time.Now)
	if nothing.Table(tb) != table.Table(tb) {
		t.Error("no metrics wrap a table")
	}
	_, err := m.Table(tb).Query(t.Context(), table.Query{})
	if !errors.Is(err, table.ErrInvalid) {
		t.Fatal(err)
	}
	broken := m.Table(outage{})
	for range 3 {
		_, _ = broken.Get(t.Context())
		_, _ = broken.Query(t.Context(), table.Query{})
		_ = broken.Transact(t.Context())
	}
	taken := table.Put(table.Item{Key: table.Key{PK: "A", SK: "B"}, Version: 1}, table.Absent())
	for range 3 {
		_ = m.Table(tb).Transact(t.Context(), taken) // the first succeeds
	}
	text := scrape(t, m)
	if !strings.Contains(text, "realname_table_conflicts_total 2") {
		t.Error(text)
	}
	if !strings.Contains(text, `realname_table_errors_total{kind="unavailable"} 9`) || strings.Contains(text, "invalid") {
		t.Error(text)
	}
}
