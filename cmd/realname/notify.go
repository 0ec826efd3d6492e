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
	Dead    notifyDead    `cmd:"" help:"List undeliverable events (dead letters)."`
	Show    notifyShow    `cmd:"" help:"Show an enterprise's delivered and pending events."`
	Replay  notifyReplay  `cmd:"" help:"Redeliver dead events, or events that the receiver lost."`
	Webhook notifyWebhook `cmd:"" help:"Show or set the address of the platform's webhook."`
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
		t := grid(w, "enterprise", "number", "happened", "state", "attempts", "next attempt", "delivered", "dead", "events")
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
	return printNotices(c.output, notices, "No dead events.")
}

type notifyShow struct {
	connection
	output
	USCC string `arg:"" name:"uscc" help:"Unified Social Credit Code."`
}

// Run lists the notices of an enterprise that are still stored.
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
		return fmt.Errorf("%d notices of the enterprise are unreadable: see docs/playbooks.md#notices-unreadable", unreadable)
	}
	return printNotices(c.output, notices, "The outbox has no events of this enterprise.")
}

type notifyReplay struct {
	connection
	output
	USCC     string `arg:"" optional:"" name:"uscc" help:"Unified Social Credit Code. Defaults to all dead events."`
	Sequence int64  `arg:"" optional:"" help:"The notice's number."`
}

// Run makes notices due again.
func (c *notifyReplay) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var notices []realname.Notice
	switch {
	case c.USCC != "" && c.Sequence < 1:
		return errors.New("no number is given: realname notify show lists the numbers of the notices")
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
			break // report the notices that are due again
		}
		done = append(done, replayed{n.USCC, n.Seq})
	}
	return errors.Join(err, c.print(os.Stdout, done, func(w io.Writer) {
		for _, r := range done {
			say(w, "%s, number %d is redelivered within a minute.", r.USCC, r.Sequence)
		}
		if len(notices) == 0 {
			say(w, "No dead events.")
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
	Set string `placeholder:"URL" help:"Send events to this URL, and print the new secret that signs them."`
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
			say(w, "There is no webhook: events go only to the event bus. Set one with --set URL.")
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
		say(w, "Give the receiver this secret. It is shown only once: %s", secret)
	})
}
