package main

import (
	"context"
	"fmt"
	"io"
	"os"
)

type check struct {
	connection
	output
}

// Run reads from the table and loads the vault's keys. If it succeeds, the other
// commands can reach both.
func (c *check) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	if _, err := s.Store.LoadEnterprise(ctx, "none"); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	if _, err := s.Sealer.Index("check", ""); err != nil { // an index needs the keys
		return fmt.Errorf("vault: %w", err)
	}
	return c.print(os.Stdout, map[string]bool{"table": true, "vault": true}, func(w io.Writer) {
		say(w, "The table is reachable and the vault's keys are loaded.")
	})
}
