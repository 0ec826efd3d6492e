package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"realname/shared/bank"
	"realname/shared/store"
)

type bankList struct {
	connection
	output
}

// expiresSoon is how long before its expiry the list shows a key in red. It is
// the lead time for a successor in the checklist of docs/bank-integration.md.
const expiresSoon = 30 * 24 * time.Hour

// bankLine is a bank as the list shows it.
type bankLine struct {
	Code      string        `json:"code"`
	Chinese   string        `json:"nameZh"`
	English   string        `json:"nameEn"`
	EntryURL  string        `json:"entryUrl"`
	RetiredAt time.Time     `json:"retiredAt,omitzero"`
	Keys      []bankKeyLine `json:"keys"`
}

// bankKeyLine is one key of a bank, without the private key.
type bankKeyLine struct {
	Owner       string         `json:"owner"` // "bank" or "own"
	Serial      string         `json:"serial"`
	Algorithm   bank.Algorithm `json:"algorithm"`
	State       string         `json:"state"` // "to come", "live" or "ended"
	NotBefore   time.Time      `json:"notBefore"`
	NotAfter    time.Time      `json:"notAfter"`
	DaysLeft    int            `json:"daysLeft"` // whole days until it expires
	Successor   string         `json:"successor,omitempty"`
	Fingerprint string         `json:"fingerprint"`
}

// Run prints each bank with its keys.
func (c *bankList) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	banks, err := store.LoadSettings[bank.Bank](ctx, s.Store, store.BankSettings)
	if err != nil {
		return err
	}
	now, lines := s.Now(), []bankLine{}
	for _, e := range banks {
		lines = append(lines, bankLineOf(e.Value, now))
	}
	return c.print(os.Stdout, lines, func(w io.Writer) {
		if len(lines) == 0 {
			say(w, "No banks. Add one: realname bank add CCB --entry-url … --key … --serial …")
		}
		for i, l := range lines {
			if i > 0 {
				say(w, "")
			}
			l.print(w, now)
		}
	})
}

func bankLineOf(b bank.Bank, now time.Time) bankLine {
	own := make([]bank.Key, len(b.OwnKeys))
	for i, k := range b.OwnKeys {
		own[i] = k.Key
	}
	return bankLine{
		Code: b.Code, Chinese: b.Name.Chinese, English: b.Name.English, EntryURL: b.EntryURL, RetiredAt: b.RetiredAt,
		Keys: append(keyLines("bank", b.Keys, now), keyLines("own", own, now)...),
	}
}

func keyLines(owner string, keys []bank.Key, now time.Time) []bankKeyLine {
	lines := []bankKeyLine{}
	for _, k := range keys {
		l := bankKeyLine{
			Owner: owner, Serial: k.Serial, Algorithm: k.Algorithm, State: keyState(k, now), NotBefore: k.NotBefore,
			NotAfter: k.NotAfter,
			DaysLeft: max(0, int(k.NotAfter.Sub(now).Hours()/24)), Fingerprint: fingerprint(k.PublicKey),
		}
		for _, next := range keys {
			if next.NotAfter.After(k.NotAfter) && !next.NotBefore.After(k.NotAfter) {
				l.Successor = next.Serial
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// shownFingerprint is the length of a fingerprint in the table: 8 bytes, enough to
// distinguish keys. --json and the commands that make keys print all of it, for
// comparison by telephone.
const shownFingerprint = 8*2 + 3

func (l bankLine) print(w io.Writer, now time.Time) {
	state := "open"
	if !l.RetiredAt.IsZero() && !now.Before(l.RetiredAt) {
		state = mood("retired") + " " + moment(l.RetiredAt)
	}
	say(w, "%s  %s (%s)  %s\n%s", l.Code, l.Chinese, l.English, state, l.EntryURL)
	t := grid(w, "key", "serial", "algorithm", "state", "from", "until", "", "SHA-256")
	for _, k := range l.Keys {
		whose := "the bank's"
		if k.Owner == "own" {
			whose = "ours"
		}
		t.AppendRow([]any{
			whose, k.Serial, k.Algorithm, mood(k.State), day(k.NotBefore), day(k.NotAfter), k.left(now),
			k.Fingerprint[:min(len(k.Fingerprint), shownFingerprint)] + "…",
		})
	}
	t.Render()
}

// left describes the remaining validity of a live key.
func (k bankKeyLine) left(now time.Time) string {
	switch {
	case k.State != "live":
		return ""
	case k.Successor != "":
		return "then " + k.Successor
	case k.NotAfter.Sub(now) < expiresSoon:
		return text.FgRed.Sprintf("expires in %d days, no successor", k.DaysLeft)
	}
	return fmt.Sprintf("%d days left", k.DaysLeft)
}

func noBank(code string) error {
	return fmt.Errorf("there is no bank %q: realname bank list shows them", code)
}

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }

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
	output
	Code  string `arg:"" help:"The bank's code."`
	Limit int    `default:"50" help:"Show at most this many counts, latest first."`
}

// Validate checks that the limit is positive and fits on one page of the table.
func (c *bankRefusals) Validate() error {
	const page = 1000
	if c.Limit > page {
		return fmt.Errorf("--limit: want at most %d, got %d", page, c.Limit)
	}
	return atLeastOne("--limit", c.Limit)
}

// Run prints the counts of refused callbacks that have no known session or no
// proven sender. The audit trails of the enterprises hold the others.
func (c *bankRefusals) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	if _, known, err := store.LoadSetting[bank.Bank](ctx, s.Store, store.BankSettings, c.Code); err != nil {
		return err
	} else if !known {
		return noBank(c.Code)
	}
	list, err := s.Store.LoadRefusals(ctx, c.Code, c.Limit)
	if err != nil {
		return err
	}
	return c.print(os.Stdout, append([]store.Refusals{}, list...), func(w io.Writer) {
		t := grid(w, "minute", "code", "at least")
		for _, r := range list {
			t.AppendRow([]any{moment(r.Minute), r.Code, r.Count})
		}
		t.Render()
	})
}
