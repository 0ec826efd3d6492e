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
	read, found, err := gather(ctx, s, c.USCC, look)
	if err != nil {
		return err
	}
	former, twice := 0, 0
	for _, f := range found {
		if f.Former {
			former++
		}
		if f.SameAs != "" {
			twice++
		}
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
		return findings(fmt.Sprintf("accounts with the ID document of another account: %d", twice))
	}
	return err
}
