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

// unproven is the number of aspects that read passed without proof. A run that
// finds some and does not fix them ends with this error.
type unproven int

func (n unproven) Error() string {
	return fmt.Sprintf("aspects that read passed without proof: %d", int(n))
}

// ExitCode implements kong.ExitCoder. It is 2, because the run itself succeeded.
func (unproven) ExitCode() int { return 2 }

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
	read, found := 0, []accounts.Unproven{}
	err = s.forEach(ctx, c.USCC, func(uscc string) error {
		some, err := look(ctx, uscc)
		if err != nil {
			return fmt.Errorf("enterprise %s: %w", uscc, err)
		}
		read++
		found = append(found, some...)
		return nil
	})
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
		return unproven(len(found))
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
