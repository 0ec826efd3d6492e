package stack

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	figures "realname/shared/telemetry/metric"
)

// decisionGraph is a graph of one metric of the functions, with a line for each
// combination of values of its dimensions.
type decisionGraph struct {
	Title, Metric, Statistic string
	By                       []string // dimensions, in the order of the functions
}

// decisionGraphs returns the graphs of decisions, providers and banks.
func decisionGraphs() []decisionGraph {
	return []decisionGraph{
		{"Sessions by end", "SessionsClosed", "Sum", []string{"Status", "Method"}},
		{"Steps by outcome (bank and card too)", "StepsDecided", "Sum", []string{"Step", "Outcome"}},
		{"Bank callbacks refused", "CallbacksRefused", "Sum", []string{"Reason"}},
		{"Providers: requests by result", "ProviderLatency", "SampleCount", []string{"Provider", "Check", "Result"}},
		{"Providers: latency, p99 (ms)", "ProviderLatency", "p99", []string{"Provider", "Check", "Result"}},
		{"Providers: cost (yuan/1000)", "ProviderCost", "Sum", []string{"Provider", "Check", "Result"}},
		{"Banks: days until keys expire", "BankKeyDays", "Minimum", []string{"Bank"}},
		{"Pages: days until the certificate ends", "CertificateDays", "Minimum", nil},
		{"SMS codes sent", "SMSSent", "Sum", []string{"Purpose"}},
		{"Events: tries by outcome", "NoticeTries", "Sum", []string{"Outcome"}},
		{"Signals sent again by repair", "RepairSignals", "Sum", nil},
		{"Erasures: announced", "ErasuresAnnounced", "Sum", nil},
		{"Erasures: done", "ErasuresDone", "Sum", nil},
		{"Requests for erasure: overdue", "ErasuresOverdue", "Maximum", nil},
	}
}

// addDecisions adds the graphs, three in a row.
func addDecisions(d awscloudwatch.Dashboard, s Settings) {
	var row []awscloudwatch.IWidget
	for _, g := range decisionGraphs() {
		row = append(row, awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{
			Title: jsii.String(g.Title), Width: jsii.Number(8), Height: jsii.Number(6),
			Left: &[]awscloudwatch.IMetric{g.lines(figures.Namespace(s.Stage))},
		}))
		if len(row) == 3 {
			d.AddWidgets(row...)
			row = nil
		}
	}
	d.AddWidgets(row...)
}

// lines searches for the metric, because the values of its dimensions are known
// only after they occur (CloudWatch User Guide, "Search expression syntax").
func (g decisionGraph) lines(namespace string) awscloudwatch.IMetric {
	if len(g.By) == 0 {
		return metric(namespace, g.Metric, g.Statistic, 5, nil)
	}
	schema := strings.Join(append([]string{`"` + namespace + `"`}, g.By...), ",")
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: jsii.String(fmt.Sprintf(`SEARCH('{%s} MetricName="%s"', '%s', 300)`, schema, g.Metric, g.Statistic)),
		Label:      jsii.String(""), Period: awscdk.Duration_Minutes(jsii.Number(5)),
		UsingMetrics: &map[string]awscloudwatch.IMetric{},
	})
}
