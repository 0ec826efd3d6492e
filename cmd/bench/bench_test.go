package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const rawOutput = "../../docs/benchmarks.txt"

func TestThePageIsMadeFromTheOutput(t *testing.T) {
	f := output(t, func(string) bool { return true })
	made, err := render(f)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../../docs/benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made, kept) {
		t.Error("docs/benchmarks.md does not match docs/benchmarks.txt: go run ./cmd/bench --render")
	}
}

// output reads the wanted lines of the raw output.
func output(t *testing.T, want func(line string) bool) figures {
	t.Helper()
	raw, err := os.ReadFile(rawOutput)
	if err != nil {
		t.Fatal(err)
	}
	var kept strings.Builder
	for line := range strings.Lines(string(raw)) {
		if want(line) {
			kept.WriteString(line)
		}
	}
	f, err := readFigures(strings.NewReader(kept.String()))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAPageWithoutAFigureIsNotMade(t *testing.T) {
	for _, missing := range []string{
		"BenchmarkColdStart", "BenchmarkCost/method=bank-ukey/all", "BenchmarkPeers/peer=node", "BenchmarkThroughput",
		"BenchmarkKept", "BenchmarkValidators", "BenchmarkCallbacks", "BenchmarkImport", "BenchmarkProviderRate", "date:",
	} {
		t.Run(missing, func(t *testing.T) {
			f := output(t, func(line string) bool { return !strings.HasPrefix(line, missing) })
			if _, err := render(f); err == nil {
				t.Error("the page was made")
			}
		})
	}
}

func TestEveryFigureOfThePageIsMeasured(t *testing.T) {
	raw, err := os.ReadFile("benchmarks.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?:of "[^"]*"|under|print) "([A-Z][A-Za-z]+)/`).FindAllSubmatch(raw, -1)
	if len(named) < 20 {
		t.Fatalf("the page names %d figures", len(named))
	}
	for _, name := range named {
		measured := slices.ContainsFunc(runs, func(r run) bool {
			return r.time != "" && regexp.MustCompile(r.bench).MatchString("Benchmark"+string(name[1]))
		})
		if !measured {
			t.Errorf("make bench does not run Benchmark%s", name[1])
		}
	}
}

func TestEveryFunctionIsMeasured(t *testing.T) {
	f := output(t, func(string) bool { return true })
	mains, err := filepath.Glob("../../functions/*/bootstrap")
	if err != nil || len(mains) == 0 {
		t.Fatal(err)
	}
	for _, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		if _, err := f.Of("ratio", "ColdStart/function=", name); err != nil {
			t.Errorf("%v: run make bench", err)
		}
	}
}

func TestEveryRunNamesABenchmark(t *testing.T) {
	for _, r := range runs {
		prefix := strings.Trim(r.bench, "^$")
		declared := regexp.MustCompile(`(?m)^func ` + prefix)
		tests, err := filepath.Glob(filepath.Join("../..", r.pkg, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, name := range tests {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found = found || declared.Match(source)
		}
		if !found {
			t.Errorf("%s has no %s", r.pkg, prefix)
		}
	}
}

// The expected prices are calculated by hand: 10 requests at 1 USD per million, 5
// transitions at 0.025 USD per thousand, 40 write units, including those of the
// index, at 0.625 USD per million.
func TestAThousandVisitsArePriced(t *testing.T) {
	const output = "BenchmarkCost/method=m/all-2 1 10 requests 5 transitions 0 signatures 0 events 0 log-B\n" +
		"BenchmarkCost/method=m/work=finish-2 1 1 invocations 8 RU 30 WU 10 index-WU\n"
	f, err := readFigures(strings.NewReader(output))
	if err != nil {
		t.Fatal(err)
	}
	prices, err := readPrices()
	if err != nil {
		t.Fatal(err)
	}
	bill, err := prices.Bill(f, []string{"m"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		"request": 0.01, "transition": 0.125, "writeUnit": 0.025, "readUnit": 0.001, "invocation": 0.0002,
		"gigabyteSecond": 1000 * 0.25 * 0.01 * 0.0000133334,
	}
	var sum float64
	for i, item := range billed {
		if got := bill[i].Dollars[0]; math.Abs(got-want[item]) > 1e-9 {
			t.Errorf("%s: %v, want %v", item, got, want[item])
		}
		sum += want[item]
	}
	if got := bill[len(billed)].Dollars[0]; math.Abs(got-sum) > 1e-9 {
		t.Errorf("sum %v, want %v", got, sum)
	}
}

// The memory assumed for a function equals the memory it is deployed with.
func TestMemoryIsPricedAsDeployed(t *testing.T) {
	source, err := os.ReadFile("../../infra/stack/functions.go")
	if err != nil {
		t.Fatal(err)
	}
	deployed := map[string]string{}
	memory := regexp.MustCompile(`(?m)^\t"([a-z-]+)":\s+\{\s*MemoryMB: (\d+)`)
	for _, found := range memory.FindAllStringSubmatch(string(source), -1) {
		deployed[found[1]] = found[2]
	}
	prices, err := readPrices()
	if err != nil {
		t.Fatal(err)
	}
	f := output(t, func(string) bool { return true })
	for _, m := range methods {
		works, err := f.Under("Cost/method=" + m.Key + "/work=")
		if err != nil {
			t.Fatal(err)
		}
		for _, work := range works {
			function, _, _ := strings.Cut(work, ":")
			if assumed := fmt.Sprint(prices.of(work).MemoryMB); function != "workflow" && assumed != deployed[function] {
				t.Errorf("%s: %s MB assumed, %q deployed", work, assumed, deployed[function])
			}
		}
	}
}
