package main

import (
	"bytes"
	_ "embed" // the page's template
	"fmt"
	"strconv"
	"strings"
	"text/template"
)

//go:embed benchmarks.md.tmpl
var page string

// render renders docs/benchmarks.md. A figure that the output does not have is an
// error.
func render(f figures) ([]byte, error) {
	prices, err := readPrices()
	if err != nil {
		return nil, err
	}
	t, err := template.New("benchmarks.md").Funcs(template.FuncMap{
		"config": f.Config, "of": f.Of, "under": f.Under,
		"most": f.most, "num": number, "goal": goal, "least": least, "quotient": quotient,
		"route": route, "verb": verb, "difference": f.difference,
		"sizes": f.Sizes, "works": func() []string { return works }, "growth": f.Growth,
		"methods": func() []method { return methods },
		"bill": func() ([]line, error) {
			keys := make([]string, len(methods))
			for i, m := range methods {
				keys[i] = m.Key
			}
			return prices.Bill(f, keys)
		},
		"prices": func() priceList { return prices },
		"price":  func(method string) (float64, error) { return prices.sum(f, method) },
	}).Parse(page)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, nil); err != nil {
		return nil, fmt.Errorf("docs/benchmarks.md: %w", err)
	}
	return out.Bytes(), nil
}

// method is a column of the cost tables.
type method struct {
	Key, Name               string
	Transitions, WriteUnits float64 // the goals
}

var methods = []method{
	{"legal-representative-by-id-card", "legal representative, ID cards", 4, 32},
	{"legal-representative-by-bank-card", "legal representative, bank cards", 4, 46},
	{"bank-ukey", "bank UKey", 2, 24},
	{"e-port-card", "E-Port card", 2, 30},
}

// number formats a figure with the given number of decimals and commas between thousands.
func number(digits int, v float64) string {
	text := strconv.FormatFloat(v, 'f', digits, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// goal formats like number, in bold if the figure exceeds its goal.
func goal(most float64, digits int, v float64) string {
	text := number(digits, v)
	if v > most {
		return "**" + text + "**"
	}
	return text
}

// least formats like number, in bold if the figure is below its goal.
func least(atLeast float64, digits int, v float64) string {
	text := number(digits, v)
	if v < atLeast {
		return "**" + text + "**"
	}
	return text
}

func quotient(a, b float64) float64 { return a / b }

// route formats work, such as enterprise:POST:sessions.{id}.enterprise, in the form of the API.
func route(work string) string {
	function, rest, found := strings.Cut(work, ":")
	if !found {
		return "`" + function + "`"
	}
	return "`" + function + "` " + verb(rest)
}

// verb formats a route, such as POST:sessions.{id}.enterprise, in the form of the API.
func verb(route string) string {
	method, path, _ := strings.Cut(route, ":")
	return method + " /v1/" + strings.ReplaceAll(path, ".", "/")
}
