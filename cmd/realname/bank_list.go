package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"realname/shared/bank"
	"realname/shared/store"
)

type bankList struct {
	connection
}

// Run prints each bank with its keys; private keys are never shown.
func (c *bankList) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	banks, err := store.LoadSettings[bank.Bank](ctx, s.Store, store.BankSettings)
	if err != nil {
		return err
	}
	if len(banks) == 0 {
		_, err := fmt.Println("There is no bank yet: realname bank add CCB --entry-url … --key … --serial …")
		return err
	}
	for _, e := range banks {
		if err := printBank(os.Stdout, e.Value, s.Now()); err != nil {
			return err
		}
	}
	return nil
}

func printBank(w io.Writer, b bank.Bank, now time.Time) error {
	state := "open"
	if !b.Open(now) {
		state = "retired " + b.RetiredAt.UTC().Format(time.RFC3339)
	}
	fmt.Fprintf(w, "%s  %s (%s)  %s\n  %s\n", b.Code, b.Name.Chinese, b.Name.English, state, b.EntryURL)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(whose string, k bank.Key) {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s – %s\t%s\n", whose, k.Serial, k.Algorithm, keyState(k, now),
			k.NotBefore.UTC().Format(time.DateOnly), k.NotAfter.UTC().Format(time.DateOnly), fingerprint(k.PublicKey))
	}
	for _, k := range b.Keys {
		row("bank's key", k)
	}
	for _, k := range b.OwnKeys {
		row("our key", k.Key)
	}
	return t.Flush()
}

func keyState(k bank.Key, now time.Time) string {
	switch {
	case now.Before(k.NotBefore):
		return "to come"
	case k.Live(now):
		return "live"
	}
	return "ended"
}

type bankRefusals struct {
	connection
	Code  string `arg:"" help:"The bank's code."`
	Limit int    `default:"50" help:"How many of the latest counts."`
}

// Run prints the counts of refused callbacks that concern no session of ours or
// whose sender was not proven; the others are in the enterprises' audit trails.
func (c *bankRefusals) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	list, err := s.Store.LoadRefusals(ctx, c.Code, c.Limit)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "minute\tcode\tat least")
	for _, r := range list {
		fmt.Fprintf(t, "%s\t%s\t%d\n", r.Minute.UTC().Format("2006-01-02 15:04"), r.Code, r.Count)
	}
	return t.Flush()
}
