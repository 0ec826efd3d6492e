package e2e

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// weighed is the line of web/budget.mjs, which is the one measure of the pages' weight.
var weighed = regexp.MustCompile(`from sign-in to step 1: ([\d.]+) KiB gzip of ([\d.]+) KiB`)

// BenchmarkPages reports the pages' weight and their scores in Lighthouse, signed in and
// with a warm cache.
func BenchmarkPages(b *testing.B) {
	b.Run("weight", func(b *testing.B) {
		measure := exec.Command("node", "budget.mjs")
		measure.Dir = "../web"
		out, err := measure.CombinedOutput()
		found := weighed.FindStringSubmatch(string(out))
		if err != nil || found == nil {
			b.Fatalf("%v: %s", err, out)
		}
		reportFigure(b, found[1], "KiB")
		reportFigure(b, found[2], "budget-KiB")
	})
	p := &place{embedded: true, log: &safeBuffer{}}
	p.process = &process{log: p.log, args: []string{"serve", "--card", "127.0.0.1:0"}}
	var err error
	if p.URL, err = p.process.start("127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	defer p.process.kill()
	times := "5"
	if testing.Short() {
		times = "1"
	}
	visit := exec.Command("node", "lighthouse.mjs", p.URL, times)
	visit.Dir = "../cmd/bench/pages"
	out, err := visit.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	scores := map[string]map[string]string{}
	var pages []string
	for line := range strings.Lines(string(out)) {
		var page, form, score string
		if _, err := fmt.Sscan(line, &page, &form, &score); err != nil {
			b.Fatalf("%q: %v", line, err)
		}
		if scores[page] == nil {
			scores[page] = map[string]string{}
			pages = append(pages, page)
		}
		scores[page][form] = score
	}
	b.Run("machine", func(b *testing.B) {
		b.ReportMetric(load(b), "load")
		b.ReportMetric(0, "ns/op")
	})
	for _, page := range pages {
		b.Run("page="+page, func(b *testing.B) {
			for form, score := range scores[page] {
				reportFigure(b, score, form)
			}
		})
	}
}

func reportFigure(b *testing.B, figure, unit string) {
	b.Helper()
	v, err := strconv.ParseFloat(figure, 64)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(v, unit)
	b.ReportMetric(0, "ns/op") // the time says nothing
}
