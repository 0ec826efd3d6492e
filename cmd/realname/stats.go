package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"realname/cmd/realname/report"
)

type stats struct {
	connection
	output
	Since since  `default:"7d" help:"Sessions that started since then: 12h, 7d, 4w, or a day such as 2026-03-02."`
	SVG   string `name:"svg" type:"path" placeholder:"FILE" help:"Also draw the funnel in this file."`
}

// Run counts the sessions that reached and passed each step, by method.
func (c *stats) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	from, err := c.Since.at(now)
	if err != nil {
		return err
	}
	sessions, err := s.Store.SessionsSince(ctx, from, now)
	if err != nil {
		return err
	}
	funnels := report.Funnels(sessions, now)
	if c.SVG != "" {
		if err := drawFile(c.SVG, funnels); err != nil {
			return err
		}
	}
	value := struct {
		Since   time.Time       `json:"since"`
		Funnels []report.Funnel `json:"funnels"`
	}{from, append([]report.Funnel{}, funnels...)}
	return c.print(os.Stdout, value, func(w io.Writer) {
		say(w, "Sessions started since %s: %d", moment(from), len(sessions))
		for _, f := range funnels {
			c.funnel(w, f)
		}
	})
}

func drawFile(name string, funnels []report.Funnel) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	return report.Draw(file, funnels)
}

// barWidth is the length of the bar for all started sessions.
const barWidth = 30

func (c *stats) funnel(w io.Writer, f report.Funnel) {
	say(w, "\n%s: %d started, %d verified (%s)", f.Method, f.Started, f.Verified, percent(f.Verified, f.Started))
	t := grid(w, "step", "reached", "passed", "stuck", "drop-off",
		"failed", "expired", "canceled", "open", "failed attempts", "")
	for _, st := range f.Steps {
		t.AppendRow([]any{
			st.Step, st.Reached, st.Passed, st.Stuck(), percent(st.Stuck(), st.Reached), st.Failed, st.Expired, st.Canceled,
			st.Open, st.Tries, bar(st, f.Started),
		})
	}
	t.Render()
}

// bar draws the sessions that passed a step, then those that reached it and did not pass.
func bar(st report.StepCount, started int) string {
	passed := barWidth * st.Passed / max(1, started)
	reached := barWidth * st.Reached / max(1, started)
	return text.FgGreen.Sprint(strings.Repeat("█", passed)) + text.FgRed.Sprint(strings.Repeat("░", reached-passed))
}

func percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%d %%", (100*part+whole/2)/whole)
}
