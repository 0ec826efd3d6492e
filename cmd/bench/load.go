package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

//nolint:lll // kong reads the help from the tags
type load struct {
	URL    string        `placeholder:"URL" help:"The service; without it, an embedded default of its own. It needs the accounts of the test world, of which each clerk takes one, and the sandbox of banks, cards and SMS messages."`
	Rate   float64       `default:"20" help:"Clerks who arrive in a second, whether or not the service keeps up."`
	For    time.Duration `default:"30s" help:"How long clerks arrive."`
	Method []string      `placeholder:"METHOD" help:"Only clerks of this method: legal-representative-by-id-card, which needs no sandbox, legal-representative-by-bank-card, bank-ukey, e-port-card. Can be repeated."`
	World  string        `placeholder:"DIR" help:"Write the data files of the test world to this directory, and drive nothing: accounts.csv for realname import, the others for providersim."`
}

// Run runs the benchmark in e2e and prints its figures. It fails if a clerk did.
func (c *load) Run() error {
	if !(c.Rate > 0) || c.For <= 0 {
		return fmt.Errorf("--rate and --for: want more than 0, got %v and %v", c.Rate, c.For)
	}
	if c.World != "" {
		dir, err := filepath.Abs(c.World)
		if err != nil {
			return err
		}
		cmd := exec.Command("go", "test", "-count", "1", "-run", "^TestTheWorldIsWritten$", "./e2e")
		cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), "REALNAME_WORLD="+dir), os.Stderr, os.Stderr
		return cmd.Run()
	}
	cmd := exec.Command("go", "test", "-run", "^$", "-timeout", (c.For + 10*time.Minute).String(),
		"-bench", "^BenchmarkLoad$", "-benchtime", "1x", "./e2e")
	cmd.Env = append(os.Environ(), fmt.Sprintf("REALNAME_LOAD_RATE=%v", c.Rate),
		fmt.Sprintf("REALNAME_LOAD_SECONDS=%v", c.For.Seconds()), "REALNAME_URL="+c.URL,
		"REALNAME_LOAD_METHODS="+strings.Join(c.Method, ","))
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, os.Stderr
	failed := cmd.Run()
	f, err := readFigures(bytes.NewReader(output.Bytes()))
	if err == nil {
		err = printLoad(os.Stdout, f)
	}
	if failed != nil || err != nil {
		_, _ = os.Stderr.Write(output.Bytes()) // what the clerks say
	}
	if failed != nil {
		return fmt.Errorf("%v: %w", cmd.Args, failed)
	}
	return err
}

// printLoad prints the percentiles of each route and of each method's whole
// verification.
func printLoad(w io.Writer, f figures) error {
	all := map[string]float64{}
	for _, unit := range []string{"clerks", "clerks/s", "failed", "load"} {
		var err error
		if all[unit], err = f.Of(unit, "Load/all"); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "%.0f clerks, %.1f a second, %.0f failed; load average of this machine %.1f\n\n",
		all["clerks"], all["clerks/s"], all["failed"], all["load"])
	names, err := f.Under("Load/of=")
	if err != nil {
		return err
	}
	slices.Sort(names)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "times\t50 %\t90 %\t99 %\tslowest, ms\t  \n")
	for _, name := range names {
		for _, unit := range []string{"times", "p50-ms", "p90-ms", "p99-ms", "p100-ms"} {
			v, err := f.Of(unit, "Load/of=", name)
			if err != nil {
				return err
			}
			digits := 1
			if unit == "times" {
				digits = 0
			}
			fmt.Fprintf(t, "%.*f\t", digits, v)
		}
		fmt.Fprintf(t, "  %s\n", strings.ReplaceAll(name, "_", " "))
	}
	return t.Flush()
}
