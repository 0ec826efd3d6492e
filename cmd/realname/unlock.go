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
	login, err := s.Store.LoadLogin(ctx, c.LoginName)
	if err != nil {
		return err
	}
	passwords, tries, err := s.Store.Unlock(ctx, c.LoginName, realname.Day(now), realname.AuditEntry{
		ID: wiring.NewID(), At: now, Action: realname.AuditUnlocked, Actor: staffName(),
	})
	if realname.CodeOf(err) == realname.CodeNotFound {
		return fmt.Errorf("there is no account with the login name %q", c.LoginName)
	}
	if err != nil {
		return err
	}
	activated := login.Account.PasswordHash != ""
	value := map[string]any{
		"loginName": c.LoginName, "wrongPasswords": passwords, "failedTries": tries, "activated": activated,
	}
	return c.print(os.Stdout, value, func(w io.Writer) {
		if !activated {
			say(w, "%s has no password, so it cannot sign in: it was never activated with its code. realname account show %s "+
				"says until when the code is valid. Reset: %d wrong passwords, %d failed attempts of today.", c.LoginName,
				c.LoginName, passwords, tries)
			return
		}
		say(w, "%s can sign in and verify again. Reset: %d wrong passwords, %d failed attempts of today.", c.LoginName,
			passwords, tries)
	})
}
