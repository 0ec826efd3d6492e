package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"realname/shared/realname"
	"realname/shared/wiring"
)

type unlock struct {
	connection
	output
	LoginName string `arg:"" help:"The account's login name."`
}

// Run resets the wrong passwords and the day's failed attempts of an account.
func (c *unlock) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	passwords, tries, err := s.Store.Unlock(ctx, c.LoginName, realname.Day(now), realname.AuditEntry{
		ID: wiring.NewID(), At: now, Action: realname.AuditUnlocked, Actor: staffName(),
	})
	if realname.CodeOf(err) == realname.CodeNotFound {
		return fmt.Errorf("there is no account with the login name %q", c.LoginName)
	}
	if err != nil {
		return err
	}
	value := map[string]any{"loginName": c.LoginName, "wrongPasswords": passwords, "failedTries": tries}
	return c.print(os.Stdout, value, func(w io.Writer) {
		say(w, "%s can sign in and verify again. Reset: %d wrong passwords, %d failed attempts of today.", c.LoginName,
			passwords, tries)
	})
}
