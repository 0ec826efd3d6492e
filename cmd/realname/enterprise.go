package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	"realname/shared/httpapi"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/report"
)

type enterpriseCommands struct {
	Show enterpriseShow `cmd:"" help:"Show an enterprise: its status, sessions, and all that happened, as a timeline."`
}

type enterpriseShow struct {
	connection
	output
	USCC string `arg:"" name:"uscc" help:"Unified Social Credit Code."`
}

// Run shows the enterprise.
func (c *enterpriseShow) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	e, err := report.Show(ctx, s.Store, idcode.NormalizeCode(c.USCC))
	if err != nil {
		return err
	}
	now := s.Now()
	lines := []sessionLine{}
	for _, session := range report.Newest(e.Sessions) {
		lines = append(lines, lineOf(session, now))
	}
	value := struct {
		report.Enterprise
		Sessions []sessionLine `json:"sessions"`
	}{e, lines}
	return c.print(os.Stdout, value, func(w io.Writer) {
		say(w, "%s %s (organisation code %s)", e.USCC, e.Name, e.OrgCode)
		say(w, "  enterprise: %s", aspectLine(e.Aspect, e.Presumed))
		say(w, "  holder: %s", aspectLine(e.Holder, e.Presumed))
		if len(e.Faults) > 0 {
			say(w, "  audit trail: %s, see realname audit verify", mood("broken"))
		}
		if last := lastRefusal(e); last != nil {
			say(w, "  last refusal: %s at step %s, %s: %s", last.Code, last.Step, moment(last.At), httpapi.EnglishTitle(realname.Code(last.Code)))
		}
		say(w, "\nSessions")
		t := grid(w, "started", "session", "method", "status", "step", "last refusal")
		for _, l := range lines {
			t.AppendRow([]any{moment(l.CreatedAt), l.ID, l.Method, mood(l.Status), l.Step, l.LastError})
		}
		t.Render()
		say(w, "\nTimeline")
		t = grid(w, "at", "what", "who", "session", "detail")
		for _, m := range e.Timeline {
			t.AppendRow([]any{moment(m.At), mood(m.What), who(m), m.SessionID, momentDetail(m)})
		}
		t.Render()
	})
}

func aspectLine(a realname.Aspect, presumed bool) string {
	switch {
	case a.Passed():
		return fmt.Sprintf("%s by %s on %s, session %s", mood("verified"), a.Method, moment(a.At), a.SessionID)
	case presumed:
		return mood("authenticated") + " elsewhere: every administrator registered through the Single Window or logs in with an E-Port card"
	}
	return "not verified"
}

func lastRefusal(e report.Enterprise) *report.Moment {
	for i := len(e.Timeline) - 1; i >= 0; i-- {
		if e.Timeline[i].Code != "" {
			return &e.Timeline[i]
		}
	}
	return nil
}

func who(m report.Moment) string {
	if m.Actor != "" {
		return "operator " + m.Actor
	}
	return m.AccountID
}

func orNothing(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

func momentDetail(m report.Moment) string {
	var parts []string
	for _, p := range []string{m.Step, m.By, m.Code, m.Provider} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	for _, v := range m.Values {
		parts = append(parts, fmt.Sprintf("%s: %s → %s", v.Field, orNothing(v.Before), orNothing(v.After)))
	}
	names := make([]string, 0, len(m.Detail))
	for name := range m.Detail {
		if name != "fields" || m.Values == nil { // the values name the fields
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		if text, ok := m.Detail[name].(string); ok {
			parts = append(parts, name+"="+text)
			continue
		}
		raw, err := json.Marshal(m.Detail[name])
		if err != nil {
			raw = []byte("?")
		}
		parts = append(parts, fmt.Sprintf("%s=%s", name, raw))
	}
	return strings.Join(parts, " ")
}
