package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"realname/cmd/realname/report"
	"realname/shared/provider"
	"realname/shared/realname"
	"realname/shared/store"
)

type stats struct {
	connection
	output
	Since since  `default:"7d" help:"Sessions that started since then: 12h, 7d, 4w, or a day such as 2026-03-02."`
	SVG   string `name:"svg" type:"path" placeholder:"FILE" help:"Also draw the funnel in this file."`
	Costs bool   `help:"Count the questions to providers and their costs instead, by day, provider and outcome."`
}

// Run counts the sessions that reached and passed each step, by method.
func (c *stats) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	sessions, from, err := s.started(ctx, c.Since, now)
	if err != nil {
		return err
	}
	if c.Costs {
		return c.costs(ctx, s, sessions, from)
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

// costs prints what the questions of the sessions cost.
func (c *stats) costs(ctx context.Context, s service, sessions []realname.Session, from time.Time) error {
	settings, err := store.LoadSettings[provider.Setting](ctx, s.Store, store.ProviderSettings)
	if err != nil {
		return err
	}
	prices := map[string]provider.Prices{}
	for _, e := range settings {
		prices[e.Name] = e.Value.Prices
	}
	var attempts []realname.Attempt
	for _, session := range sessions {
		some, err := s.Store.Attempts(ctx, session)
		if err != nil {
			return err
		}
		attempts = append(attempts, some...)
	}
	costs, total := report.Costs(attempts, prices, from)
	value := struct {
		Since time.Time     `json:"since"`
		Costs []report.Cost `json:"costs"`
		Yuan  string        `json:"yuan"`
	}{from, append([]report.Cost{}, costs...), total}
	return c.print(os.Stdout, value, func(w io.Writer) {
		say(w, "Questions to providers of the sessions started since %s", moment(from))
		t := grid(w, "day", "provider", "check", "outcome", "questions", "yuan")
		for _, l := range costs {
			t.AppendRow([]any{l.Day, l.Provider, l.Check, l.Outcome, l.Questions, cmp.Or(l.Yuan, "no price")})
		}
		t.Render()
		say(w, "%s yuan, without messages outside sessions. Set prices with realname provider price.", total)
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
