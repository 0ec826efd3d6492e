package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
)

// request is an open request for erasure. It names the account, not the person.
type request struct {
	AccountID string        `json:"accountId"`
	LoginName string        `json:"loginName"`
	USCC      string        `json:"uscc"`
	Role      realname.Role `json:"role"`
	AskedAt   time.Time     `json:"askedAt"`
	DueAt     time.Time     `json:"dueAt"`
	Overdue   bool          `json:"overdue"`
}

// list prints the open requests for erasure, the one due first at the beginning.
func (c *erase) list(ctx context.Context, s service) error {
	open, err := s.Store.ErasureRequests(ctx)
	if err != nil {
		return err
	}
	late, requests := 0, []request{}
	for _, a := range open {
		r := request{
			AccountID: a.ID, LoginName: a.LoginName, USCC: a.USCC, Role: realname.RoleAdministrator,
			AskedAt: a.Erasure.AskedAt.UTC(), DueAt: a.Erasure.DueAt.UTC(), Overdue: a.Erasure.Overdue(s.Now()),
		}
		if a.Role == realname.RoleOperator {
			r.Role = a.Role
		}
		if r.Overdue {
			late++
		}
		requests = append(requests, r)
	}
	value := struct {
		Requests []request `json:"requests"`
	}{requests}
	err = c.print(os.Stdout, value, func(w io.Writer) {
		t := grid(w, "due", "", "asked", "account", "login name", "role", "enterprise")
		for _, r := range requests {
			state := ""
			if r.Overdue {
				state = mood("overdue")
			}
			t.AppendRow([]any{moment(r.DueAt), state, moment(r.AskedAt), r.AccountID, r.LoginName, r.Role, r.USCC})
		}
		t.Render()
		say(w, "%d open requests for erasure. Erase with --account ID, or refuse with --refuse ID --reason TEXT", len(open))
	})
	if err == nil && late > 0 {
		return findings(fmt.Sprintf("%d requests for erasure are overdue", late))
	}
	return err
}

// refuse refuses the open request of an account.
func (c *erase) refuse(ctx context.Context, e *accounts.Erasure) error {
	err := e.Refuse(ctx, c.Refuse, c.Reason)
	switch {
	case errors.Is(err, accounts.ErrReason):
		return fmt.Errorf("--reason: %w", err)
	case realname.CodeOf(err) == realname.CodeNotFound:
		return fmt.Errorf("account %q has no open request for erasure", c.Refuse)
	case err != nil:
		return err
	}
	value := struct {
		Refused string `json:"refused"`
	}{c.Refuse}
	return c.print(os.Stdout, value, func(w io.Writer) {
		say(w, "the request of account %s is refused; its holder sees the reason", c.Refuse)
	})
}
