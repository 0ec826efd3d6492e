package main

import (
	"strings"
	"testing"
)

func TestALoadIsPrintedByRoute(t *testing.T) {
	f, err := readFigures(strings.NewReader(`
BenchmarkLoad/all-2 1 4.5 load 40 clerks 19.5 clerks/s 1 failed
BenchmarkLoad/of=POST_v1/login-2 1 40 times 1.5 p50-ms 2.25 p90-ms 9 p99-ms 82.06 p100-ms
`))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := printLoad(&out, f); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"40 clerks, 19.5 a second, 1 failed", "POST v1/login", "82.1"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	delete(f.values["Load/of=POST_v1/login"], "p99-ms")
	if err := printLoad(&out, f); err == nil {
		t.Error("a missing percentile is not an error")
	}
}
