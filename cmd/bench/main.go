// Bench runs the project's benchmarks and writes docs/benchmarks.md from their
// output, so that no figure is copied by hand. The raw output stays in
// docs/benchmarks.txt, for benchstat and for rendering the page again.
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/alecthomas/kong"
)

type command struct {
	Measure measureAll `cmd:"" default:"withargs" help:"Run the benchmarks and write the page (the default)."`
	Load    load       `cmd:"" help:"Drive a service with clerks of all methods at a fixed rate, and print its latencies."`
}

type measureAll struct {
	Short  bool   `help:"Run each benchmark once as a test. The figures mean nothing."`
	Render bool   `help:"Render the page from the existing raw output, without measuring."`
	Out    string `default:"docs" type:"path" help:"Directory for benchmarks.txt and benchmarks.md."`
}

func main() {
	log.SetFlags(0)
	var c command
	chosen := kong.Parse(&c, kong.Name("bench"), kong.Description("Measures realname."))
	if err := chosen.Run(); err != nil {
		log.Fatal(err)
	}
}

// Run measures and writes the page.
func (c *measureAll) Run() error {
	images := filepath.Join(c.Out, "images")
	if err := os.MkdirAll(images, 0o755); err != nil {
		return err
	}
	raw, page := filepath.Join(c.Out, "benchmarks.txt"), filepath.Join(c.Out, "benchmarks.md")
	if !c.Render {
		output, err := measure(c.Short)
		if err != nil {
			return err
		}
		if err := os.WriteFile(raw, output, 0o644); err != nil {
			return err
		}
	}
	file, err := os.Open(raw)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // only read
	f, err := readFigures(file)
	if err != nil {
		return fmt.Errorf("%s: %w", raw, err)
	}
	text, err := render(f)
	if err != nil {
		return err
	}
	chart, err := draw(f)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(images, "benchmarks.svg"), chart, 0o644); err != nil {
		return err
	}
	return os.WriteFile(page, text, 0o644)
}

// run is one run of `go test -bench`.
type run struct {
	pkg, bench string
	time       string // for -benchtime; "" to run only with --short
	short      string // for -benchtime with --short, which also sets testing.Short
}

// runs lists the benchmarks of docs/benchmarks.md in the order of measurement.
var runs = []run{
	{"./e2e", "^BenchmarkColdStart$", "60x", "1x"},
	{"./e2e", "^BenchmarkCost$", "1x", "1x"},
	{"./e2e", "^BenchmarkPeers$", "1x", "1x"},
	{"./e2e", "^BenchmarkLatency$", "1x", "1x"},
	{"./e2e", "^BenchmarkThroughput$", "2000x", "4x"},
	{"./e2e", "^BenchmarkKept$", "1x", "1x"},
	{"./e2e", "^BenchmarkPages$", "1x", "1x"},
	{"./shared/idcode", "^BenchmarkValidators$", "200ms", "1x"},
	{"./local/server", "^BenchmarkCallbacks$", "1x", "1x"},
	{"./e2e", "^BenchmarkImport$", "20000x", "100x"},
	{"./e2e", "^BenchmarkProvider", "1x", "1x"},
	{"./e2e", "^BenchmarkOneProviderDown$", "1x", "1x"},
	{"./local/server", "^BenchmarkGrowth$", "1x", "1x"},
	{"./local/server", "^BenchmarkGrowthKept$", "1x", "1x"},
	// For docs/security.md. The rate limit for strangers makes it two minutes longer,
	// so it is measured by hand.
	{"./e2e", "^BenchmarkEnumeration$", "", "1x"},
}

// measure runs every benchmark and returns their output, after a head with the
// date, the version of Go and the number of cores.
func measure(short bool) ([]byte, error) {
	var output bytes.Buffer
	fmt.Fprintf(&output, "date: %s\ngo: %s\ncores: %d\n", time.Now().UTC().Format(time.DateOnly), runtime.Version(),
		runtime.NumCPU())
	for _, r := range runs {
		benchtime := r.time
		if short {
			benchtime = r.short
		}
		if benchtime == "" {
			continue
		}
		args := []string{
			"test", "-run", "^$", "-timeout", "30m", "-bench", r.bench, "-benchtime", benchtime,
			"-short=" + strconv.FormatBool(short), r.pkg,
		}
		cmd := exec.Command("go", args...)
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&output, os.Stderr), os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("go %v: %w", args, err)
		}
	}
	return output.Bytes(), nil
}
