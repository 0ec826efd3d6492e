package stack

import (
	"os"
	"strings"
	"testing"
)

// A function writes every metric that a graph searches, with these dimensions
// in this order, and the dashboard contains the search.
func TestTheDashboardShowsWhatTheFunctionsCount(t *testing.T) {
	var code strings.Builder
	for _, file := range []string{
		"verification/telemetry.go", "verification/codes.go", "wiring/provider/over.go", "notify/deliver.go",
	} {
		text, err := os.ReadFile("../../shared/" + file)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	for _, file := range []string{
		"repair/repair.go", "retention/retention.go", "bank-callback/bankcallback.go", "bank-redirect/bankredirect.go",
	} {
		text, err := os.ReadFile("../../functions/" + file)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	board := flat(prod.synth(t).only(t, "AWS::CloudWatch::Dashboard").at("DashboardBody"))
	for _, g := range decisionGraphs() {
		_, line, written := strings.Cut(code.String(), `"`+g.Metric+`"`)
		line = firstCall(line)
		for _, dimension := range g.By {
			var found bool
			if _, line, found = strings.Cut(line, `metric.By("`+dimension+`"`); !found {
				t.Errorf("%s is not split by %s", g.Metric, dimension)
			}
		}
		if !written || !strings.Contains(board, g.Metric) || !strings.Contains(board, g.Title) {
			t.Errorf("%s: written %v, or the dashboard does not show it", g.Metric, written)
		}
		if strings.Contains(line, "metric.By(") {
			t.Errorf("%s has more dimensions than its graph searches: %s", g.Metric, line)
		}
	}
	if !strings.Contains(board, "SEARCH(") || !strings.Contains(board, "realname-prod") {
		t.Errorf("no search in the stage's namespace: %s", board)
	}
}

// firstCall returns the text up to the end of the call that it begins in.
func firstCall(text string) string {
	open := 1
	for i, r := range text {
		switch r {
		case '(':
			open++
		case ')':
			open--
		}
		if open == 0 {
			return text[:i]
		}
	}
	return text
}
