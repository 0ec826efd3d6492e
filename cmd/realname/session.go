package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"realname/cmd/realname/report"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/verification"
)

type sessionCommands struct {
	List   sessionList   `cmd:"" help:"List sessions, newest first."`
	Show   sessionShow   `cmd:"" help:"Show one session with its attempts."`
	Cancel sessionCancel `cmd:"" help:"Cancel a session, so that its user can start again."`
}

//nolint:lll // kong reads the help from the tags
type sessionList struct {
	connection
	output
	Since   since  `default:"7d" help:"Sessions that started since then: 12h, 7d, 4w, or a day such as 2026-03-02."`
	Status  string `default:"" enum:",requires_input,processing,verified,failed,canceled,expired" placeholder:"STATUS" help:"Only with this status: requires_input, processing, verified, failed, canceled, expired."`
	Method  string `default:"" enum:",legal_representative,bank_ukey,ic_card,account_holder" placeholder:"METHOD" help:"Only by this method: legal_representative, bank_ukey, ic_card, account_holder."`
	Step    string `default:"" enum:",enterprise,legal_representative,account_holder,bank,card" placeholder:"STEP" help:"Only sessions at this step: enterprise, legal_representative, account_holder, bank, card."`
	USCC    string `name:"uscc" placeholder:"CODE" help:"Only of this enterprise."`
	Account string `placeholder:"ID" help:"Only of this account."`
	Limit   int    `default:"100" help:"Show at most this many sessions."`
}

// Validate checks the limit.
func (c *sessionList) Validate() error { return atLeastOne("--limit", c.Limit) }

func atLeastOne(flag string, n int) error {
	if n < 1 {
		return fmt.Errorf("%s: want at least 1, got %d", flag, n)
	}
	return nil
}

// sessionLine is a session as lists show it.
type sessionLine struct {
	ID        string    `json:"id"`
	Method    string    `json:"method"`
	Status    string    `json:"status"`
	Step      string    `json:"step,omitempty"`
	LastError string    `json:"lastError,omitempty"`
	USCC      string    `json:"uscc"`
	Name      string    `json:"name"`
	AccountID string    `json:"accountId"`
	CreatedAt time.Time `json:"createdAt"`
	ClosedAt  time.Time `json:"closedAt,omitzero"`
	ClosedBy  string    `json:"closedBy,omitempty"` // the member of staff who closed it
}

func lineOf(s realname.Session, now time.Time) sessionLine {
	l := sessionLine{
		ID: s.ID, Method: string(s.Method), Status: string(s.Status(now)), USCC: s.Enterprise.USCC, Name: s.Enterprise.Name,
		AccountID: s.AccountID, CreatedAt: s.CreatedAt, ClosedAt: s.ClosedAt, ClosedBy: s.ClosedBy,
	}
	if st, open := s.Current(); open {
		l.Step = string(st.Name)
	}
	if s.LastError != nil {
		l.LastError = string(s.LastError.Code)
	}
	return l
}

// Run lists the matching sessions.
func (c *sessionList) Run(ctx context.Context) error {
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
	lines, more, uscc := []sessionLine{}, 0, idcode.NormalizeCode(c.USCC)
	for _, session := range report.Newest(sessions) {
		l := lineOf(session, now)
		switch {
		case c.Status != "" && l.Status != c.Status, c.Method != "" && l.Method != c.Method, c.Step != "" && l.Step != c.Step,
			uscc != "" && l.USCC != uscc, c.Account != "" && l.AccountID != c.Account:
		case len(lines) == c.Limit:
			more++
		default:
			lines = append(lines, l)
		}
	}
	if more > 0 {
		defer say(os.Stderr, "… and %d more (--limit)", more) // also with --json
	}
	return c.print(os.Stdout, lines, func(w io.Writer) {
		t := grid(w, "started", "session", "method", "status", "step", "last refusal", "enterprise")
		for _, l := range lines {
			t.AppendRow([]any{moment(l.CreatedAt), l.ID, l.Method, mood(l.Status), l.Step, l.LastError, l.USCC + " " + l.Name})
		}
		t.Render()
	})
}

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
		say(w, "\nSteps")
		t := grid(w, "step", "outcome", "by", "decided", "failed attempts")
		for _, st := range session.Steps {
			t.AppendRow([]any{st.Name, mood(string(st.Outcome)), st.By, moment(st.DecidedAt), st.FailedTries})
		}
		t.Render()
		say(w, "\nAttempts")
		t = grid(w, "at", "step", "by", "result", "provider", "its answer")
		for _, a := range attempts {
			result := string(a.Code)
			switch {
			case a.Passed:
				result = "passed"
			case a.CodeSent():
				result = "code sent"
			}
			t.AppendRow([]any{
				moment(a.At), a.Step, a.By, mood(result), a.Evidence.Provider,
				evidenceText(a.Evidence),
			})
		}
		t.Render()
	})
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

type sessionCancel struct {
	connection
	output
	ID string `arg:"" help:"The session's ID."`
}

// Run cancels the session. Repair signals the workflow within a minute.
func (c *sessionCancel) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	v := &verification.Verification{Ports: s.ports()}
	session, err := v.CancelByOperator(ctx, c.ID)
	switch realname.CodeOf(err) {
	case "":
	case realname.CodeNotFound:
		return fmt.Errorf("there is no session %s", c.ID)
	case realname.CodeSessionClosed:
		return fmt.Errorf("session %s is closed, or all its steps have passed", c.ID)
	}
	if err != nil {
		return err
	}
	return c.print(os.Stdout, lineOf(session, s.Now()), func(w io.Writer) {
		say(w, "Session %s is %s. Its user can start again.", session.ID, mood(string(session.Closed)))
	})
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
