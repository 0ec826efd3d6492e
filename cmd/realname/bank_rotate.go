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

//nolint:lll // kong reads the help from the tags
type bankRotate struct {
	connection
	output
	Code   string `arg:"" help:"The bank's code."`
	Key    string `type:"existingfile" xor:"which" required:"" placeholder:"FILE" help:"The bank's new public key. It is valid at once. Until the old key expires, the bank may sign with either."`
	Own    bool   `xor:"which" required:"" help:"Generate a new key of ours for handovers and print its public key. The bank must install it before we sign with it."`
	Serial string `placeholder:"TEXT" help:"Serial of the bank's new key."`
	ownKeyFlags
	Notice  time.Duration `default:"168h" help:"With --own and without --not-before: time until we sign with the new key."`
	Overlap time.Duration `default:"168h" help:"How long both keys are valid."`
	keyTimes
}

// rotatedBankKey is the result of a rotation.
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

// Validate refuses a rotation that would leave a gap without a key.
func (c *bankRotate) Validate() error {
	switch {
	case (c.Key == "") != (c.Serial == ""):
		return errors.New("--key and --serial: give both or neither")
	case c.Overlap < 0:
		return fmt.Errorf("--overlap: want at least 0s, got %v", c.Overlap)
	case c.Notice < 0:
		return fmt.Errorf("--notice: want at least 0s, got %v", c.Notice)
	}
	return nil
}

// Run adds a new key for the bank or for us and sets the expiry of the old one.
func (c *bankRotate) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var done rotatedBankKey
	err = store.ChangeSetting(ctx, s.Store, store.BankSettings, c.Code, func(e *store.Setting[bank.Bank]) error {
		if e.Version == 0 {
			return noBank(c.Code)
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
		say(w, "Key %s is valid from %s.", done.Now, moment(done.From))
		if done.Before != "" {
			say(w, "Key %s expires %s.", done.Before, moment(done.Until))
		}
		say(w, "SHA-256 of the new public key: %s", done.Fingerprint)
		if c.Own {
			say(w, "Send the bank our new public key. It must install the key before we sign with it:\n%s",
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
	if err := unknownKey(*b, renewed); err != nil {
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

// unknownKey refuses a key that the bank already has, also one that has ended: the
// rotation would end the live key and replace it with itself, or bring a key back that
// somebody ended on purpose.
func unknownKey(b bank.Bank, renewed bank.Key) error {
	for _, k := range b.Keys {
		if fingerprint(k.PublicKey) == fingerprint(renewed.PublicKey) {
			return fmt.Errorf("--key: the bank has this key already, with the serial %s: ask it for the new one", k.Serial)
		}
	}
	return nil
}

func (c *bankRotate) rotateOwn(b *bank.Bank, s service) (rotatedBankKey, error) {
	algorithm, private, err := c.generate(*b)
	if err != nil {
		return rotatedBankKey{}, err
	}
	now, times := s.Now().UTC(), c.keyTimes // after generate: the notice starts when the key exists
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

// follow sets the expiry of the live keys to the end of the overlap with their
// successor.
func (c *bankRotate) follow(old []*bank.Key, from, now time.Time) (rotatedBankKey, error) {
	done := rotatedBankKey{From: from}
	before := endLive(old, now, from.Add(c.Overlap))
	if before == nil {
		return done, nil
	}
	if done.Before, done.Until = before.Serial, before.NotAfter; before.NotAfter.Before(from) {
		return done, fmt.Errorf("key %s expires %s, before the new key is valid: shorten --notice or --not-before",
			before.Serial, moment(before.NotAfter))
	}
	return done, nil
}

func (r rotatedBankKey) by(k bank.Key) rotatedBankKey {
	r.Now, r.PublicKey, r.Fingerprint = k.Serial, k.PublicKey, fingerprint(k.PublicKey)
	return r
}

// endLive shortens the validity of the live keys to the given instant at most. It
// returns the one that expires last, or nil if no key is live.
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
