package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/user"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// output selects the form of a command's output. Commands embed it.
type output struct {
	JSON bool `name:"json" help:"Print JSON for scripts instead of a table for people."`
}

// print writes the value as JSON or, without --json, calls people to write it for people.
func (o output) print(w io.Writer, value any, people func(w io.Writer)) error {
	if !o.JSON {
		people(w)
		return nil
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// findings is the error of a command that did its work and found faults.
type findings string

func (f findings) Error() string { return string(f) }

// ExitCode implements kong.ExitCoder. It is 2, unlike that of a command that stopped.
func (findings) ExitCode() int { return 2 }

// grid returns a table whose columns align even with Chinese text.
func grid(w io.Writer, head ...any) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Format.Header = text.FormatDefault
	if head != nil {
		t.AppendHeader(table.Row(head))
	}
	return t
}

// colors enables colors if the output is a terminal and NO_COLOR is not set
// (no-color.org).
func colors() {
	if _, none := os.LookupEnv("NO_COLOR"); none || !term.IsTerminal(int(os.Stdout.Fd())) {
		text.DisableColors()
		return
	}
	text.EnableColors()
}

// mood colors a word: green for good, red for bad, yellow for pending.
func mood(word string) string {
	switch word {
	case "verified", "passed", "step_passed", "delivered", "in use", "live", "whole":
		return text.FgGreen.Sprint(word)
	case "failed", "expired", "step_refused", "dead", "retired", "ended", "broken", "overdue":
		return text.FgRed.Sprint(word)
	case "requires_input", "processing", "canceled", "pending", "to come":
		return text.FgYellow.Sprint(word)
	}
	return word
}

// moment formats a time in the local time zone, and names its offset: two people who look
// into one incident may have set different ones.
func moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Local().Format("2006-01-02 15:04:05 -07:00")
}

// staffName is the name of the person at the terminal, for the audit trail.
func staffName() string {
	if name := os.Getenv("REALNAME_OPERATOR"); name != "" {
		return name
	}
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "unknown"
}

// say writes a sentence for a person.
func say(w io.Writer, format string, args ...any) {
	fmt.Fprintf(w, format+"\n", args...)
}
