package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"realname/cmd/realname/report"
	"realname/shared/httpapi"
	"realname/shared/idcode"
	"realname/shared/realname"
)

type enterpriseCommands struct {
	Show         enterpriseShow         `cmd:"" help:"Show an enterprise's status, accounts, sessions and timeline."`
	AuditStates  enterpriseAuditStates  `cmd:"" help:"Find aspects that read passed without proof."`
	AuditHolders enterpriseAuditHolders `cmd:"" help:"Find accounts of one enterprise with the same ID document."`
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
		say(w, "%s %s (organization code %s)", e.USCC, e.Name, e.OrgCode)
		say(w, "  enterprise: %s", aspectLine(e.Aspect, e.Presumed))
		say(w, "  holder: %s", aspectLine(e.Holder, e.Presumed))
		if len(e.Faults) > 0 {
			say(w, "  audit trail: %s, see realname audit verify", mood("broken"))
		}
		if last := lastRefusal(e); last != nil {
			say(w, "  last refusal: %s at step %s, %s: %s", last.Code, last.Step, moment(last.At),
				httpapi.EnglishTitle(realname.Code(last.Code)))
			if last.Answer != "" {
				say(w, "  %s answered %s%s", last.Provider, last.Answer, differences(*last))
			}
		}
		names := namesOf(e, lines)
		names.printAccounts(w, e.Accounts, e.Presumed)
		names.printSessions(w, lines)
		names.printTimeline(w, e.Timeline)
	})
}

// names are short names of accounts and sessions for the tables of one enterprise,
// because identifiers would fill the columns.
type names struct {
	accounts map[string]string // login names
	sessions map[string]string // numbers of the table of sessions
}

func namesOf(e report.Enterprise, sessions []sessionLine) names {
	n := names{map[string]string{}, map[string]string{}}
	for _, a := range e.Accounts {
		n.accounts[a.ID] = a.LoginName
	}
	for i, l := range sessions {
		n.sessions[l.ID] = fmt.Sprintf("#%d", len(sessions)-i)
	}
	return n
}

func (n names) account(id string) string {
	if name := n.accounts[id]; name != "" {
		return name
	}
	return id
}

func (n names) session(id string) string {
	if name := n.sessions[id]; name != "" {
		return name
	}
	return id
}

// who names the actor: a member of staff, or an account.
func (n names) who(m report.Moment) string {
	if m.Actor != "" {
		return "staff " + m.Actor
	}
	return n.account(m.AccountID)
}

func (n names) printAccounts(w io.Writer, accounts []report.Account, presumed bool) {
	say(w, "\nAccounts")
	t := grid(w, "login name", "account", "role", "origin", "holder", "since", "closed")
	for _, a := range accounts {
		holder := "not verified"
		switch {
		case !a.ErasedAt.IsZero():
			holder = "erased"
		case a.Holder.Passed():
			holder = mood("verified")
		case presumed:
			holder = mood("verified") + " elsewhere"
		}
		t.AppendRow([]any{orNothing(a.LoginName), a.ID, a.Role, a.Origin, holder, moment(a.CreatedAt), moment(a.ClosedAt)})
	}
	t.Render()
}

func (n names) printSessions(w io.Writer, sessions []sessionLine) {
	say(w, "\nSessions")
	t := grid(w, "", "started", "session", "account", "method", "status", "step", "last refusal")
	for _, l := range sessions {
		t.AppendRow([]any{
			n.session(l.ID), moment(l.CreatedAt), l.ID, n.account(l.AccountID), l.Method, mood(l.Status), l.Step, l.LastError,
		})
	}
	t.Render()
}

func (n names) printTimeline(w io.Writer, timeline []report.Moment) {
	say(w, "\nTimeline")
	t := grid(w, "at", "what", "who", "session", "detail")
	for _, m := range timeline {
		t.AppendRow([]any{moment(m.At), mood(m.What), n.who(m), n.session(m.SessionID), n.detail(m)})
	}
	t.Render()
}

func aspectLine(a realname.Aspect, presumed bool) string {
	switch {
	case a.Passed():
		return fmt.Sprintf("%s by %s on %s, session %s", mood("verified"), a.Method, moment(a.At), a.SessionID)
	case presumed:
		return mood("verified") + " elsewhere: every administrator it ever had registered through the Single Window " +
			"or signs in with an E-Port card, and its facts were never changed here"
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

// differences names the public elements that differ according to the provider.
func differences(m report.Moment) string {
	var text strings.Builder
	for _, e := range m.Differs {
		fmt.Fprintf(&text, ", %s differs", e)
	}
	return text.String()
}

func orNothing(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// detail joins the remaining facts of the moment.
func (n names) detail(m report.Moment) string {
	var parts []string
	for _, p := range []string{m.Step, m.By, m.Code} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if m.Provider != "" {
		parts = append(parts, fmt.Sprintf("(%s: %s%s)", m.Provider, orNothing(m.Answer), differences(m)))
	}
	var changes []string
	for _, v := range m.Values {
		changes = append(changes, fmt.Sprintf("%s: %s → %s", v.Field, orNothing(v.Before), orNothing(v.After)))
	}
	if changes != nil {
		parts = append(parts, strings.Join(changes, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(m.Detail)) {
		switch text, plain := m.Detail[name].(string); {
		case name == "fields" && m.Values != nil: // the values name the fields
		case name == "subject" && plain:
			parts = append(parts, "of "+n.account(text))
		case plain:
			parts = append(parts, name+"="+text)
		default:
			raw, err := json.Marshal(m.Detail[name])
			if err != nil {
				raw = []byte("?")
			}
			parts = append(parts, fmt.Sprintf("%s=%s", name, raw))
		}
	}
	return strings.Join(parts, " ")
}
