package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"realname/cmd/realname/report"
	"realname/shared/idcode"
)

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

// Run lists the matching sessions.
func (c *sessionList) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	sessions, _, err := s.started(ctx, c.Since, now)
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
