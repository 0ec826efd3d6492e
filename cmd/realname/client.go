package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"realname/shared/auth/client"
	"realname/shared/store"
)

type clientCommands struct {
	Add    clientAdd    `cmd:"" help:"Add a machine client and print its secret."`
	List   clientList   `cmd:"" help:"List machine clients."`
	Rotate clientRotate `cmd:"" help:"Give a machine client a new secret. The old one stays valid during --overlap."`
	Retire clientRetire `cmd:"" help:"Retire a machine client: issue no more tokens and revoke the existing ones."`
}

type clientAdd struct {
	connection
	output
	ID          string   `arg:"" help:"Client ID: 2 to 40 lower-case letters, digits and hyphens."`
	Description string   `placeholder:"TEXT" help:"The client's owner and purpose."`
	Scope       []string `default:"status:read" help:"Scope to grant. Can be repeated."`
	PerMinute   int      `default:"600" help:"Requests per minute."`
}

// Run adds the client.
func (c *clientAdd) Run(ctx context.Context) error {
	if !client.ValidID(c.ID) {
		return fmt.Errorf("client ID %q: want 2 to 40 lower-case letters, digits and hyphens", c.ID)
	}
	for _, scope := range c.Scope {
		if !slices.Contains(client.Scopes(), scope) {
			return fmt.Errorf("--scope: want one of %s, got %q", strings.Join(client.Scopes(), ", "), scope)
		}
	}
	if c.PerMinute < 1 {
		return fmt.Errorf("--per-minute: want at least 1, got %d", c.PerMinute)
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	secret := client.NewSecret()
	err = store.ChangeSetting(ctx, s.Store, store.ClientSettings, c.ID, func(e *store.Setting[client.Client]) error {
		if e.Version > 0 {
			return fmt.Errorf("client %s exists: use client rotate for a new secret", c.ID)
		}
		e.Value = client.Client{Description: c.Description, Scopes: c.Scope, PerMinute: c.PerMinute, CreatedAt: s.Now()}
		e.Value.Rotate(secret, s.Now(), 0)
		return nil
	})
	if err != nil {
		return err
	}
	return c.printSecret(c.ID, secret)
}

func (o output) printSecret(id, secret string) error {
	return o.print(os.Stdout, map[string]string{"clientId": id, "clientSecret": secret}, func(w io.Writer) {
		say(w, "Secret of client %s, shown only once: %s", id, secret)
	})
}

// clientLine is a client as lists show it, without its secrets.
type clientLine struct {
	ID          string    `json:"id"`
	Description string    `json:"description,omitempty"`
	Scopes      []string  `json:"scopes"`
	PerMinute   int       `json:"perMinute"`
	CreatedAt   time.Time `json:"createdAt"`
	Secrets     int       `json:"secrets"`
	Retired     time.Time `json:"retired,omitzero"`
}

func clientLineOf(id string, m client.Client) clientLine {
	return clientLine{id, m.Description, m.Scopes, m.PerMinute, m.CreatedAt, len(m.Secrets), m.Retired}
}

type clientList struct {
	connection
	output
}

// Run lists the clients, without their secrets.
func (c *clientList) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	clients, err := store.LoadSettings[client.Client](ctx, s.Store, store.ClientSettings)
	if err != nil {
		return err
	}
	lines := []clientLine{}
	for _, e := range clients {
		lines = append(lines, clientLineOf(e.Name, e.Value))
	}
	return c.print(os.Stdout, lines, func(w io.Writer) {
		t := grid(w, "client", "description", "scopes", "a minute", "since", "secrets", "state")
		for _, l := range lines {
			state := mood("in use")
			if !l.Retired.IsZero() {
				state = mood("retired") + " " + moment(l.Retired)
			}
			t.AppendRow([]any{
				l.ID, l.Description, strings.Join(l.Scopes, " "), l.PerMinute, moment(l.CreatedAt), l.Secrets, state,
			})
		}
		t.Render()
	})
}

// changeClient changes an existing client.
func (s service) changeClient(ctx context.Context, id string, change func(*client.Client)) error {
	return store.ChangeSetting(ctx, s.Store, store.ClientSettings, id, func(e *store.Setting[client.Client]) error {
		if e.Version == 0 {
			return fmt.Errorf("there is no client %s: realname client list shows them", id)
		}
		change(&e.Value)
		return nil
	})
}

type clientRotate struct {
	connection
	output
	ID      string        `arg:"" help:"Client ID."`
	Overlap time.Duration `default:"24h" help:"How long the old secret stays valid."`
}

// Run gives the client a new secret.
func (c *clientRotate) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	secret := client.NewSecret()
	if err := s.changeClient(ctx, c.ID, func(m *client.Client) { m.Rotate(secret, s.Now(), c.Overlap) }); err != nil {
		return err
	}
	return c.printSecret(c.ID, secret)
}

type clientRetire struct {
	connection
	output
	ID string `arg:"" help:"Client ID."`
}

// Run retires the client.
func (c *clientRetire) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var after client.Client
	retire := func(m *client.Client) {
		m.Retired = s.Now()
		after = *m
	}
	if err := s.changeClient(ctx, c.ID, retire); err != nil {
		return err
	}
	return c.print(os.Stdout, clientLineOf(c.ID, after), func(w io.Writer) {
		say(w, "Client %s is retired. This takes effect within a minute.", c.ID)
	})
}
