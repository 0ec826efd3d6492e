package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-analyze/charts"
)

// works are the functions in the chart of growth.
var works = []string{"start", "enterprise", "legal-representative", "account-holder", "read", "list", "methods"}

// grown is the benchmark in the chart of growth; that of a kept machine is GrowthKept.
const grown = "Growth"

// Sizes returns the numbers of stored sessions of a benchmark in ascending order.
func (f figures) Sizes(benchmark string) ([]float64, error) {
	names, err := f.Under(benchmark + "/sessions=")
	if err != nil {
		return nil, err
	}
	var sizes []float64
	for _, name := range names {
		digits, _, _ := strings.Cut(name, "/")
		size, err := strconv.ParseFloat(digits, 64)
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, size)
	}
	slices.Sort(sizes)
	return slices.Compact(sizes), nil
}

// Growth returns a function's median time in microseconds with the given number of stored sessions.
func (f figures) Growth(benchmark string, size float64, work string) (float64, error) {
	return f.Of("p50-us", fmt.Sprintf("%s/sessions=%.0f/work=%s", benchmark, size, work))
}

// draw draws the chart of growth, docs/images/benchmarks.svg.
func draw(f figures) ([]byte, error) {
	sizes, err := f.Sizes(grown)
	if err != nil {
		return nil, err
	}
	labels := make([]string, len(sizes))
	for i, size := range sizes {
		labels[i] = number(0, size)
	}
	series := make([][]float64, len(works))
	for i, work := range works {
		for _, size := range sizes {
			v, err := f.Growth(grown, size, work)
			if err != nil {
				return nil, err
			}
			series[i] = append(series[i], v)
		}
	}
	o := charts.NewLineChartOptionWithData(series)
	o.Title.Text = "Median time of a function, µs, by stored sessions"
	o.XAxis.Labels = labels
	o.Legend.SeriesNames = works
	o.YAxis[0].Min = charts.Ptr(0.0)
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: 900, Height: 420})
	if err := p.LineChart(o); err != nil {
		return nil, err
	}
	return p.Bytes()
}
