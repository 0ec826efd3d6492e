package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"realname/shared/idcode"
	"realname/shared/notify"
	"realname/shared/notify/webhook"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/wiring"
)

type notifyCommands struct {
	Dead    notifyDead    `cmd:"" help:"List events that were given up."`
	Show    notifyShow    `cmd:"" help:"Show what was told of an enterprise, and what waits."`
	Replay  notifyReplay  `cmd:"" help:"Deliver events again that were given up or got lost at the receiver."`
	Webhook notifyWebhook `cmd:"" help:"Show or set where the platform's webhook is."`
}

// noticeLine is a notice as lists show it.
type noticeLine struct {
	USCC      string    `json:"uscc"`
	Sequence  int64     `json:"sequence"`
	State     string    `json:"state"` // pending, delivered or dead
	Events    []string  `json:"events"`
	At        time.Time `json:"at"`
	Tries     int       `json:"tries"`
	Due       time.Time `json:"due,omitzero"`
	Delivered time.Time `json:"delivered,omitzero"`
	Dead      time.Time `json:"dead,omitzero"`
}

func noticeLineOf(n realname.Notice) noticeLine {
	l := noticeLine{
		USCC: n.USCC, Sequence: n.Seq, State: "pending", Tries: n.Tries, Due: n.Due, Delivered: n.Delivered, Dead: n.Dead,
	}
	switch {
	case !n.Delivered.IsZero():
		l.State, l.Due = "delivered", time.Time{}
	case !n.Dead.IsZero():
		l.State, l.Due = "dead", time.Time{}
	}
	for _, e := range n.Events {
		l.Events, l.At = append(l.Events, string(e.Type)), e.At
	}
	return l
}

func printNotices(o output, notices []realname.Notice, none string) error {
	lines := []noticeLine{}
	for _, n := range notices {
		lines = append(lines, noticeLineOf(n))
	}
	return o.print(os.Stdout, lines, func(w io.Writer) {
		if len(lines) == 0 {
			say(w, "%s", none)
			return
		}
		t := grid(w, "enterprise", "number", "happened", "state", "tries", "next try", "delivered", "given up", "events")
		for _, l := range lines {
			t.AppendRow([]any{
				l.USCC, l.Sequence, moment(l.At), mood(l.State), l.Tries, moment(l.Due), moment(l.Delivered), moment(l.Dead),
				strings.Join(l.Events, ", "),
			})
		}
		t.Render()
	})
}

type notifyDead struct {
	connection
	output
}

// Run lists the dead letters.
func (c *notifyDead) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	notices, err := s.Store.DeadNotices(ctx)
	if err != nil {
		return err
	}
	return printNotices(c.output, notices, "No event was given up.")
}

type notifyShow struct {
	connection
	output
	USCC string `arg:"" name:"uscc" help:"Unified Social Credit Code."`
}

// Run lists an enterprise's notices of the last days.
func (c *notifyShow) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	notices, unreadable, err := s.Store.Notices(ctx, idcode.NormalizeCode(c.USCC))
	if err != nil {
		return err
	}
	if unreadable > 0 {
		return fmt.Errorf("%d notices of the enterprise cannot be read: see docs/playbooks.md#notices-unreadable", unreadable)
	}
	return printNotices(c.output, notices, "The outbox holds nothing of this enterprise.")
}

type notifyReplay struct {
	connection
	output
	USCC     string `arg:"" optional:"" name:"uscc" help:"Unified Social Credit Code; without it, everything that was given up."`
	Sequence int64  `arg:"" optional:"" help:"The notice's number."`
}

// Run puts notices back on the list of what is due.
func (c *notifyReplay) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var notices []realname.Notice
	switch {
	case c.USCC != "" && c.Sequence < 1:
		return errors.New("name the notice's number too; realname notify show lists them")
	case c.USCC != "":
		notices = []realname.Notice{{USCC: idcode.NormalizeCode(c.USCC), Seq: c.Sequence}}
	default:
		if notices, err = s.Store.DeadNotices(ctx); err != nil {
			return err
		}
	}
	done, err := []replayed{}, error(nil)
	for _, n := range notices {
		if err = notify.Replay(ctx, s.Store, n.USCC, n.Seq, s.Now()); err != nil {
			break // what is due again until here is told all the same
		}
		done = append(done, replayed{n.USCC, n.Seq})
	}
	return errors.Join(err, c.print(os.Stdout, done, func(w io.Writer) {
		for _, r := range done {
			say(w, "%s, number %d will be delivered again within a minute.", r.USCC, r.Sequence)
		}
		if len(notices) == 0 {
			say(w, "No event was given up.")
		}
	}))
}

// replayed is a notice that is due again.
type replayed struct {
	USCC     string `json:"uscc"`
	Sequence int64  `json:"sequence"`
}

type notifyWebhook struct {
	connection
	output
	Set string `placeholder:"URL" help:"Send events to this URL from now on, and print the new secret that signs them."`
}

// Run shows or sets the webhook.
func (c *notifyWebhook) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	if c.Set != "" {
		return c.set(ctx, s)
	}
	target, ok, err := store.LoadSetting[webhook.Target](ctx, s.Store, store.WebhookSettings, webhook.Platform)
	if err != nil {
		return err
	}
	value := map[string]any{"url": target.Value.URL, "secrets": len(target.Value.Secrets)}
	return c.print(os.Stdout, value, func(w io.Writer) {
		if !ok {
			say(w, "There is no webhook: events go to the event bus alone. Set one with --set URL.")
			return
		}
		say(w, "Events go to %s", target.Value.URL)
		t := grid(w, "secret", "since", "until")
		for _, secret := range target.Value.Secrets {
			t.AppendRow([]any{secret.ID, moment(secret.Since), moment(secret.Until)})
		}
		t.Render()
	})
}

func (c *notifyWebhook) set(ctx context.Context, s service) error {
	if err := webhook.CheckURL(c.Set); err != nil {
		return fmt.Errorf("--set: %w", err)
	}
	secret := webhook.NewSecret()
	err := store.ChangeSetting(ctx, s.Store, store.WebhookSettings, webhook.Platform,
		func(t *store.Setting[webhook.Target]) error {
			t.Value = webhook.Target{URL: c.Set}
			return t.Value.Rotate(s.Sealer, wiring.NewID(), secret, s.Now(), 0)
		})
	if err != nil {
		return err
	}
	return c.print(os.Stdout, map[string]any{"url": c.Set, "secret": secret}, func(w io.Writer) {
		say(w, "Events go to %s within a minute.", c.Set)
		say(w, "Give the receiver this secret; it is not shown again: %s", secret)
	})
}
