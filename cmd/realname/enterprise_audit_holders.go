package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"realname/shared/accounts"
)

type enterpriseAuditHolders struct {
	connection
	output
	USCC string `name:"uscc" placeholder:"CODE" help:"Only this enterprise; without it, all."`
	Fix  bool   `help:"Replace the indexes of former versions. Readers and writers go on."`
}

// heldTwice is the number of accounts whose holder another account of the enterprise
// has too. A run that finds some ends with this error.
type heldTwice int

func (n heldTwice) Error() string {
	return fmt.Sprintf("accounts with the ID document of another account: %d", int(n))
}

// ExitCode implements kong.ExitCoder. It is 2, because the run itself succeeded.
func (heldTwice) ExitCode() int { return 2 }

// Run compares the rosters with the holders of the accounts.
func (c *enterpriseAuditHolders) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	audit := accounts.HolderAudit{Accounts: s.erasure().Accounts}
	look := audit.Find
	if c.Fix {
		look = audit.Fix
	}
	read, former, twice, found := 0, 0, 0, []accounts.HolderFinding{}
	err = s.forEach(ctx, c.USCC, func(uscc string) error {
		some, err := look(ctx, uscc)
		if err != nil {
			return fmt.Errorf("enterprise %s: %w", uscc, err)
		}
		read++
		for _, f := range some {
			if f.Former {
				former++
			}
			if f.SameAs != "" {
				twice++
			}
		}
		found = append(found, some...)
		return nil
	})
	if err != nil {
		return err
	}
	value := struct {
		Read  int                      `json:"read"`
		Fixed bool                     `json:"fixed"`
		Found []accounts.HolderFinding `json:"found"`
	}{read, c.Fix, found}
	err = c.print(os.Stdout, value, func(w io.Writer) {
		for _, f := range found {
			if f.SameAs != "" {
				say(w, "%s  account %s has the ID document of account %s", f.USCC, f.AccountID, f.SameAs)
			}
		}
		outcome := "to replace with --fix"
		if c.Fix {
			outcome = "replaced"
		}
		say(w, "%d enterprises checked, %d indexes of former versions %s, %d accounts with the ID document of another",
			read, former, outcome, twice)
	})
	if err == nil && twice > 0 {
		return heldTwice(twice)
	}
	return err
}
