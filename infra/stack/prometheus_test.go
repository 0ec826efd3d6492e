package stack

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/local/metrics"
	"realname/shared/table"
	"realname/shared/table/memory"
	figures "realname/shared/telemetry/metric"
)

// counterparts maps each metric that a stage's alarms and dashboard show to that of one
// machine, or to the reason why it has none. Metrics of the functions' own namespace have
// the same name there.
var counterparts = map[string]string{
	"AWS/ApiGateway Count":                "realname_request_seconds_count",
	"AWS/ApiGateway 4xx":                  "realname_request_seconds_count", // by status
	"AWS/ApiGateway 5xx":                  "realname_request_seconds_count",
	"AWS/ApiGateway Latency":              "realname_request_seconds_bucket",
	"AWS/ApiGateway IntegrationLatency":   "realname_invocation_seconds_bucket",
	"realname-prod-gateway SignInLimited": "realname_request_seconds_count", // by route and status
	"AWS/CloudFront 5xxErrorRate":         "none: a machine has no CloudFront",
	"AWS/WAFV2 BlockedRequests":           "none: a machine has no web ACL",
	"AWS/CertificateManager DaysToExpiry": "none: the service follows its certificate's file, whose end its issuer knows",
	"AWS/Lambda Invocations":              "realname_invocation_seconds_count",
	"AWS/Lambda Errors":                   "realname_invocation_seconds_count", // by failed
	"AWS/Lambda Duration":                 "realname_invocation_seconds_bucket",
	"AWS/Lambda ConcurrentExecutions":     "realname_invocations_running",
	"AWS/Lambda Throttles":                "none: a machine reserves no concurrency",
	"AWS/States ExecutionsStarted":        "realname_executions_total",
	"AWS/States ExecutionsSucceeded":      "realname_executions_total",
	"AWS/States ExecutionsFailed":         "realname_executions_total",
	"AWS/DynamoDB TransactionConflict":    "realname_table_conflicts_total",
	"AWS/DynamoDB SystemErrors":           "realname_table_errors_total",
	"AWS/DynamoDB ReadThrottleEvents":     "realname_table_errors_total",
	"AWS/DynamoDB WriteThrottleEvents":    "realname_table_errors_total",

	"AWS/DynamoDB ConsumedReadCapacityUnits":     "none: SQLite bills no units",
	"AWS/DynamoDB ConsumedWriteCapacityUnits":    "none: SQLite bills no units",
	"AWS/SQS ApproximateNumberOfMessagesVisible": "none: a machine has no queues, its schedules find what failed",
}

// searched matches the name of a metric that a graph searches.
var searched = regexp.MustCompile(`MetricName=\\*"+(\w+)`)

// graphed matches a metric of a graph.
var graphed = regexp.MustCompile(`\["(AWS/\w+|realname-\w+)","(\w+)"`)

// shown returns the metrics of the alarms and the dashboard, each as "namespace name".
func shown(t *testing.T, v *variant) []string {
	t.Helper()
	names := map[string]bool{}
	for _, a := range v.of("AWS::CloudWatch::Alarm") {
		names[a.at("Namespace").(string)+" "+a.at("MetricName").(string)] = true
	}
	board := strings.ReplaceAll(flat(v.only(t, "AWS::CloudWatch::Dashboard").at("DashboardBody")), `\"`, `"`)
	for _, found := range graphed.FindAllStringSubmatch(board, -1) {
		names[found[1]+" "+found[2]] = true
	}
	for _, found := range searched.FindAllStringSubmatch(board, -1) {
		names[figures.Namespace(v.settings.Stage)+" "+found[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// exposed returns what Prometheus reads from a machine that has done one of everything.
func exposed(t *testing.T) string {
	t.Helper()
	m := metrics.New()
	m.Request("GET /v1/account", 200, time.Second)
	m.Invoking("account")(false, time.Second)
	log := slog.New(m.Log(slog.NewJSONHandler(io.Discard, nil)))
	now := time.Now()
	for _, g := range decisionGraphs() {
		var by []figures.Dimension
		for _, name := range g.By {
			by = append(by, figures.By(name, "x"))
		}
		line := figures.Count(now, g.Metric, 1, by...)
		switch g.Metric {
		case "ProviderLatency":
			line = figures.Took(now, g.Metric, time.Second, by...)
		case "BankKeyDays":
			line = figures.Days(now, g.Metric, 1, by...)
		}
		log.LogAttrs(t.Context(), slog.LevelInfo, "line", line...)
	}
	_, _ = m.Table(broken{memory.New(time.Now)}).Get(t.Context()) // fails
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

type broken struct{ table.Table }

func (broken) Get(context.Context, ...table.Key) ([]table.Item, error) {
	return nil, table.ErrThrottled
}

// One machine has a metric for each that a stage's alarms and dashboard show, and an
// alarm in its document for each alarm.
func TestOneMachineHasTheMetricsOfAStage(t *testing.T) {
	v := prod.synth(t)
	text, names := exposed(t), shown(t, v)
	if len(names) < 20 {
		t.Fatalf("only %q", names)
	}
	for _, name := range names {
		namespace, figure, _ := strings.Cut(name, " ")
		is, known := counterparts[name]
		if namespace == figures.Namespace(v.settings.Stage) {
			is, known = "# HELP realname_", strings.Contains(text, "CloudWatch metric "+figure+".\n")
		}
		if why := strings.HasPrefix(is, "none: "); !known || !why && !strings.Contains(text, is) {
			t.Errorf("%s has no counterpart (%q)", name, is)
		}
	}
	for name := range counterparts {
		if !slices.Contains(names, name) {
			t.Errorf("no alarm or graph shows %s", name)
		}
	}
	guide, err := os.ReadFile("../../docs/one-machine.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range v.of("AWS::CloudWatch::Alarm") {
		_, playbook, _ := strings.Cut(a.at("AlarmDescription").(string), "docs/playbooks.md#")
		name := a.at("Namespace").(string) + " " + a.at("MetricName").(string)
		if strings.HasPrefix(counterparts[name], "none: ") || playbook == "table-throttles" { // the same counter
			continue
		}
		if !strings.Contains(string(guide), "\n| "+playbook+" | `") {
			t.Errorf("docs/one-machine.md has no alarm %q", playbook)
		}
	}
	for _, used := range regexp.MustCompile(`realname_[a-z_]+`).FindAllString(string(guide), -1) {
		if used != "realname_" && !strings.Contains(text, used) {
			t.Errorf("docs/one-machine.md names %s, which is not there", used)
		}
	}
}
