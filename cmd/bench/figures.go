package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// figures are the results of benchmarks, by the name of the benchmark, such as
// Cost/method=bank-ukey/all, and unit.
type figures struct {
	config map[string]string
	values map[string]map[string]float64
}

// cores ends a benchmark's name where GOMAXPROCS is not 1.
var cores = regexp.MustCompile(`-\d+$`)

// readFigures reads the output of go test -bench. A failed benchmark prints no
// result; Of reports the missing figure.
func readFigures(r io.Reader) (figures, error) {
	f := figures{config: map[string]string{}, values: map[string]map[string]float64{}}
	for in := benchfmt.NewReader(r, "benchmarks.txt"); in.Scan(); {
		result, ok := in.Result().(*benchfmt.Result)
		if !ok {
			continue // PASS, ok and the like
		}
		for _, c := range result.Config {
			f.config[c.Key] = string(c.Value)
		}
		units := map[string]float64{}
		for _, v := range result.Values {
			name, value := v.Unit, v.Value
			if v.OrigUnit != "" { // benchfmt tidies ns to s and MB to B
				name, value = v.OrigUnit, v.OrigValue
			}
			units[name] = value
		}
		f.values[cores.ReplaceAllString(result.Name.String(), "")] = units
	}
	if len(f.values) == 0 {
		return f, errors.New("no results")
	}
	return f, nil
}

// Config returns a value from the head of the output, such as the date.
func (f figures) Config(key string) (string, error) {
	if v, ok := f.config[key]; ok {
		return v, nil
	}
	return "", fmt.Errorf("the output has no %s", key)
}

// Of returns a figure. A missing figure is an error, so that the page is always
// complete.
func (f figures) Of(unit string, name ...string) (float64, error) {
	full := strings.Join(name, "")
	v, ok := f.values[full][unit]
	if !ok {
		return 0, fmt.Errorf("no %s of %s", unit, full)
	}
	return v, nil
}

// difference returns one figure of a benchmark minus another.
func (f figures) difference(name, unit, from string) (float64, error) {
	a, err := f.Of(unit, name)
	if err != nil {
		return 0, err
	}
	b, err := f.Of(from, name)
	return a - b, err
}

// most returns the largest of the figures whose names begin with the prefix.
func (f figures) most(unit, prefix string) (most float64, err error) {
	names, err := f.Under(prefix)
	for _, name := range names {
		v, err := f.Of(unit, prefix, name)
		if err != nil {
			return 0, err
		}
		most = max(most, v)
	}
	return most, err
}

// Under returns the rest of each name that begins with the prefix, sorted.
func (f figures) Under(prefix string) ([]string, error) {
	var rest []string
	for name := range f.values {
		if after, ok := strings.CutPrefix(name, prefix); ok {
			rest = append(rest, after)
		}
	}
	if rest == nil {
		return nil, fmt.Errorf("nothing under %s", prefix)
	}
	slices.Sort(rest)
	return rest, nil
}
