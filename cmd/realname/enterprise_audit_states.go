package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"realname/shared/accounts"
)

type enterpriseAuditStates struct {
	connection
	output
	USCC string `name:"uscc" placeholder:"CODE" help:"Only this enterprise; without it, all."`
	Fix  bool   `help:"Withdraw the aspects found. Writes an audit entry and an event for the platform."`
}

// Run compares the aspects that read passed with the sessions that prove them.
func (c *enterpriseAuditStates) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	audit := accounts.StateAudit{Accounts: s.erasure().Accounts, Trails: s.Store}
	look := audit.Find
	if c.Fix {
		look = audit.Fix
	}
	read, found, err := gather(ctx, s, c.USCC, look)
	if err != nil {
		return err
	}
	value := struct {
		Read  int                 `json:"read"`
		Fixed bool                `json:"fixed"`
		Found []accounts.Unproven `json:"found"`
	}{read, c.Fix, found}
	if err := c.print(os.Stdout, value, func(w io.Writer) { printUnproven(w, read, found, c.Fix) }); err != nil {
		return err
	}
	if len(found) > 0 && !c.Fix {
		return findings(fmt.Sprintf("aspects that read passed without proof: %d", len(found)))
	}
	return nil
}

func printUnproven(w io.Writer, read int, found []accounts.Unproven, fixed bool) {
	for _, f := range found {
		of := string(f.Aspect)
		if f.AccountID != "" {
			of += " of account " + f.AccountID
		}
		say(w, "%s  %s: %s", f.USCC, of, f.Why)
	}
	outcome := "passed without proof; --fix withdraws them"
	if fixed {
		outcome = "passed without proof, now withdrawn"
	}
	say(w, "%d enterprises checked, %d aspects %s", read, len(found), outcome)
}
