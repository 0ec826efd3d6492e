package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"realname/shared/bank"
	"realname/shared/store"
)

type bankRotate struct {
	connection
	output
	Code   string `arg:"" help:"The bank's code."`
	Key    string `type:"existingfile" xor:"which" required:"" placeholder:"FILE" help:"The bank's new public key. It counts at once; which of the two signs is the bank's choice until the old one ends."`
	Own    bool   `xor:"which" required:"" help:"Make a new key of ours, for hand-overs. Its public part is printed, for the bank to take in before the key signs."`
	Serial string `placeholder:"TEXT" help:"Serial of the bank's new key."`
	ownKeyFlags
	Notice  time.Duration `default:"168h" help:"With --own, how long from now until the new key signs, unless --not-before says when."`
	Overlap time.Duration `default:"168h" help:"How long the old key counts beside the new one."`
	keyTimes
}

// rotatedBankKey is what a rotation did.
type rotatedBankKey struct {
	Bank        string    `json:"bank"`
	Owner       string    `json:"owner"`            // "bank" or "own"
	Now         string    `json:"now"`              // serial of the new key
	Before      string    `json:"before,omitempty"` // and of the one before
	From        time.Time `json:"from"`             // when the new one begins to count
	Until       time.Time `json:"until,omitzero"`   // and the one before ends
	PublicKey   string    `json:"publicKey"`
	Fingerprint string    `json:"fingerprint"`
}

// Validate refuses a rotation that would leave a time without a key.
func (c *bankRotate) Validate() error {
	switch {
	case (c.Key == "") != (c.Serial == ""):
		return errors.New("--key and --serial go together")
	case c.Overlap < 0:
		return errors.New("--overlap must not be negative")
	case c.Notice < 0:
		return errors.New("--notice must not be negative")
	}
	return nil
}

// Run gives the bank, or us, a new key and the old one an end.
func (c *bankRotate) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var done rotatedBankKey
	err = store.ChangeSetting(ctx, s.Store, store.BankSettings, c.Code, func(e *store.Setting[bank.Bank]) error {
		if e.Version == 0 {
			return fmt.Errorf("there is no bank %q", c.Code)
		}
		if done, err = c.rotate(&e.Value, s); err != nil {
			return err
		}
		return e.Value.Validate()
	})
	if err != nil {
		return fmt.Errorf("bank %s: %w", c.Code, err)
	}
	return c.print(os.Stdout, done, func(w io.Writer) {
		say(w, "Key %s counts from %s.", done.Now, moment(done.From))
		if done.Before != "" {
			say(w, "Key %s ends %s.", done.Before, moment(done.Until))
		}
		say(w, "SHA-256 of the new public key: %s", done.Fingerprint)
		if c.Own {
			say(w, "Give the bank its public part; it has to know it before it signs:\n%s",
				strings.TrimSuffix(done.PublicKey, "\n"))
		}
	})
}

func (c *bankRotate) rotate(b *bank.Bank, s service) (rotatedBankKey, error) {
	b.Keys, b.OwnKeys = slices.Clone(b.Keys), slices.Clone(b.OwnKeys)
	if c.Own {
		return c.rotateOwn(b, s)
	}
	renewed, err := c.bankKey(c.Key, c.Serial)
	if err != nil {
		return rotatedBankKey{}, err
	}
	now := s.Now().UTC()
	renewed.NotBefore, renewed.NotAfter = c.of(now)
	done, err := c.follow(of(b.Keys), renewed.NotBefore, now)
	if err != nil {
		return done, err
	}
	b.Keys = append(b.Keys, renewed)
	done.Bank, done.Owner = b.Code, "bank"
	return done.by(renewed), nil
}

func (c *bankRotate) rotateOwn(b *bank.Bank, s service) (rotatedBankKey, error) {
	algorithm, private, err := c.generate(*b)
	if err != nil {
		return rotatedBankKey{}, err
	}
	now, times := s.Now().UTC(), c.keyTimes // the notice begins when there is a key to be told of
	if times.NotBefore.IsZero() {
		times.NotBefore = now.Add(c.Notice)
	}
	from, until := times.of(now)
	done, err := c.follow(ofOwn(b.OwnKeys), from, now)
	if err != nil {
		return done, err
	}
	if err := c.add(b, s.Sealer, algorithm, private, from, until); err != nil {
		return done, err
	}
	done.Bank, done.Owner = b.Code, "own"
	return done.by(b.OwnKeys[len(b.OwnKeys)-1].Key), nil
}

// follow ends the keys that count now when their successor has counted for the
// overlap.
func (c *bankRotate) follow(old []*bank.Key, from, now time.Time) (rotatedBankKey, error) {
	done := rotatedBankKey{From: from}
	before := endLive(old, now, from.Add(c.Overlap))
	if before == nil {
		return done, nil
	}
	if done.Before, done.Until = before.Serial, before.NotAfter; before.NotAfter.Before(from) {
		return done, fmt.Errorf("key %s ends %s, before the new one begins: --notice or --not-before must be earlier",
			before.Serial, moment(before.NotAfter))
	}
	return done, nil
}

func (r rotatedBankKey) by(k bank.Key) rotatedBankKey {
	r.Now, r.PublicKey, r.Fingerprint = k.Serial, k.PublicKey, fingerprint(k.PublicKey)
	return r
}

// endLive lets no key that counts now count beyond the instant, and returns the
// one that counts longest; nil when none counts.
func endLive(keys []*bank.Key, now, until time.Time) (last *bank.Key) {
	for _, k := range keys {
		if !k.Live(now) {
			continue
		}
		if k.NotAfter.After(until) {
			k.NotAfter = until
		}
		if last == nil || !k.NotAfter.Before(last.NotAfter) {
			last = k
		}
	}
	return last
}
