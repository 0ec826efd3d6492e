package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"realname/shared/accounts"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/verification"
	"realname/shared/wiring"
)

//nolint:lll // kong reads the help from the tags
type erase struct {
	connection
	output
	Login      string        `xor:"what" required:"" placeholder:"NAME" help:"Erase the holder of the account with this login name, and close the account."`
	Account    string        `xor:"what" required:"" placeholder:"ID" help:"The same, by account ID. Also resumes an interrupted erasure."`
	Enterprise string        `xor:"what" required:"" placeholder:"USCC" help:"Erase the legal representative of this enterprise."`
	Expired    bool          `xor:"what" required:"" help:"Erase the holder of every account that was closed more than --retention ago."`
	Requests   bool          `xor:"what" required:"" help:"List the open requests for erasure of account holders. The exit status is 2 if one is overdue."`
	Refuse     string        `xor:"what" required:"" placeholder:"ID" help:"Refuse the open request of the account with this ID. Needs --reason."`
	Reason     string        `placeholder:"TEXT" help:"With --refuse, the reason, which the account holder sees."`
	Retention  time.Duration `default:"26280h" env:"REALNAME_RETENTION" help:"With --expired, how long to keep a closed account's data (26280h is three years)."`
	Yes        bool          `help:"Do not ask for confirmation."`
}

// Validate checks that the retention is positive: zero would erase every closed account.
// A reason belongs to a refusal.
func (c *erase) Validate() error {
	if c.Retention <= 0 {
		return fmt.Errorf("--retention: want a positive duration, got %v", c.Retention)
	}
	if (c.Refuse == "") != (c.Reason == "") {
		return errors.New("--refuse and --reason: want both or neither")
	}
	return nil
}

// Run erases personal data and reports whose, by account ID or enterprise; or it lists or
// refuses requests for erasure.
func (c *erase) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	e := s.erasure()
	switch {
	case c.Requests:
		return c.list(ctx, s)
	case c.Refuse != "":
		return c.refuse(ctx, e)
	}
	if !c.Yes {
		if err := c.confirm(ctx, s, e); err != nil {
			return err
		}
	}
	switch {
	case c.Expired:
		return c.expired(ctx, s, e)
	case c.Enterprise != "":
		uscc := idcode.NormalizeCode(c.Enterprise)
		if err := e.EraseLegalRepresentative(ctx, uscc); realname.CodeOf(err) == realname.CodeNotFound {
			return fmt.Errorf("there is no enterprise %q", uscc)
		} else if err != nil {
			return err
		}
		return c.report(erased{Enterprises: []string{uscc}})
	}
	id, err := c.accountID(ctx, s)
	if err != nil {
		return err
	}
	if err := e.Erase(ctx, id); realname.CodeOf(err) == realname.CodeNotFound {
		return fmt.Errorf("there is no account %q", id)
	} else if err != nil {
		return err
	}
	return c.report(erased{Accounts: []string{id}})
}

// accountID returns the ID of the account that the flags name.
func (c *erase) accountID(ctx context.Context, s service) (string, error) {
	if c.Account != "" {
		return c.Account, nil
	}
	a, err := s.Store.FindLogin(ctx, c.Login)
	if err == nil && a.ID == "" {
		err = fmt.Errorf("there is no account with the login name %q", c.Login)
	}
	return a.ID, err
}

// erased lists the erased persons: account holders by account ID, legal
// representatives by enterprise.
type erased struct {
	Accounts    []string `json:"accounts"`
	Enterprises []string `json:"enterprises"`
}

func (c *erase) report(done erased) error {
	done.Accounts, done.Enterprises = append([]string{}, done.Accounts...), append([]string{}, done.Enterprises...)
	return c.print(os.Stdout, done, func(w io.Writer) {
		for _, id := range done.Accounts {
			say(w, "the holder of account %s is erased", id)
		}
		for _, uscc := range done.Enterprises {
			say(w, "the legal representative of %s is erased", uscc)
		}
		if c.Expired {
			say(w, "%d accounts erased", len(done.Accounts))
		}
	})
}

func (c *erase) expired(ctx context.Context, s service, e *accounts.Erasure) error {
	var done erased
	err := s.Store.EnterpriseCodes(ctx, func(uscc string) error {
		accounts, err := e.Expired(ctx, uscc, c.Retention)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if err := e.Erase(ctx, a.ID); err != nil {
				return fmt.Errorf("account %s: %w", a.ID, err)
			}
			done.Accounts = append(done.Accounts, a.ID)
		}
		return nil
	})
	return errors.Join(c.report(done), err) // report the erasures before an error, too
}

func (s service) erasure() *accounts.Erasure {
	ports := s.ports()
	return &accounts.Erasure{Values: s.Store, Accounts: &accounts.Accounts{
		Ports: ports, Directory: s.Store, Sessions: &verification.Verification{Ports: ports, Workflow: left{}},
	}}
}

// ports returns the ports of the use cases. Their actor is the person at the terminal.
func (s service) ports() *realname.Ports {
	return &realname.Ports{
		Store: s.Store, Sealer: s.Sealer, Limits: s.Config.Limits, Now: s.Now, NewID: wiring.NewID,
		Log: slog.New(slog.DiscardHandler), Actor: staffName(),
	}
}

// left sends no signals. Repair signals the workflow when a session has ended.
type left struct{}

var errLeft = errors.New("repair signals the workflow")

func (left) Start(context.Context, realname.Execution) error { return errLeft }

func (left) Passed(context.Context, string) error { return errLeft }

func (left) Ended(context.Context, string, realname.Status) error { return errLeft }
