package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"realname/shared/realname"
	"realname/shared/verification"
)

type sessionCommands struct {
	List   sessionList   `cmd:"" help:"List sessions, newest first."`
	Show   sessionShow   `cmd:"" help:"Show one session with its attempts."`
	Cancel sessionCancel `cmd:"" help:"Cancel a session, so that its user can start again."`
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
