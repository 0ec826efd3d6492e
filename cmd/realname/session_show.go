package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"realname/shared/realname"
)

type sessionShow struct {
	connection
	output
	ID string `arg:"" help:"The session's ID."`
}

// Run shows the session.
func (c *sessionShow) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	view, err := s.Store.LoadSession(ctx, realname.SessionQuery{SessionID: c.ID})
	if err != nil {
		return err
	}
	if view.Session.ID == "" {
		return fmt.Errorf("there is no session %s", c.ID)
	}
	attempts, err := s.Store.Attempts(ctx, view.Session)
	if err != nil {
		return err
	}
	session, now := view.Session, s.Now()
	holder, err := s.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: session.AccountID})
	if err != nil {
		return err
	}
	value := struct {
		sessionLine
		LoginName string             `json:"loginName,omitempty"` // none after an erasure
		Steps     []realname.Step    `json:"steps"`
		Attempts  []realname.Attempt `json:"attempts"`
		Signal    *realname.Signal   `json:"signal,omitempty"`
		ExpiresAt time.Time          `json:"expiresAt"`
	}{
		lineOf(session, now), holder.Account.LoginName, session.Steps, append([]realname.Attempt{}, attempts...),
		session.Signal, session.ExpiresAt,
	}
	return c.print(os.Stdout, value, func(w io.Writer) {
		say(w, "Session %s of %s %s", session.ID, session.Enterprise.USCC, session.Enterprise.Name)
		account := strings.TrimSpace(value.LoginName + " " + session.AccountID)
		say(w, "  account %s, method %s, %s", account, session.Method, mood(value.Status))
		say(w, "  started %s, %s", moment(session.CreatedAt), ending(session))
		if session.Signal != nil {
			say(w, "  signal to the workflow pending: %s %s since %s (repair resends it)", session.Signal.Kind,
				session.Signal.Step, moment(session.Signal.Since))
		}
		printSteps(w, session.Steps)
		printAttempts(w, attempts)
	})
}

func printSteps(w io.Writer, steps []realname.Step) {
	say(w, "\nSteps")
	t := grid(w, "step", "outcome", "by", "decided", "failed attempts")
	for _, st := range steps {
		t.AppendRow([]any{st.Name, mood(string(st.Outcome)), st.By, moment(st.DecidedAt), st.FailedTries})
	}
	t.Render()
}

func printAttempts(w io.Writer, attempts []realname.Attempt) {
	say(w, "\nAttempts")
	t := grid(w, "at", "step", "by", "result", "provider", "its answer")
	for _, a := range attempts {
		result := string(a.Code)
		switch {
		case a.Passed:
			result = "passed"
		case a.CodeSent():
			result = "code sent"
		}
		t.AppendRow([]any{moment(a.At), a.Step, a.By, mood(result), a.Evidence.Provider, evidenceText(a.Evidence)})
	}
	t.Render()
}

// ending describes when the session closed or will expire.
func ending(s realname.Session) string {
	switch {
	case s.Live():
		return "expires " + moment(s.ExpiresAt)
	case s.ClosedBy != "":
		return "closed " + moment(s.ClosedAt) + " by staff " + s.ClosedBy
	}
	return "closed " + moment(s.ClosedAt)
}

// evidenceText says what a provider answered, and to which spelling of the name.
func evidenceText(e realname.Evidence) string {
	text := strings.TrimSpace(fmt.Sprintf("%s %s %s", e.Outcome, e.Code, e.Reason))
	if e.Spelling != "" {
		text += ", " + e.Spelling + " spelling"
	}
	for _, element := range e.Differs {
		text += ", " + string(element) + " differs"
	}
	for _, o := range e.Others {
		text += "; " + o.Provider + ": " + evidenceText(o)
	}
	return text
}
