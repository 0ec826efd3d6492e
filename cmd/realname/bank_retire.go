package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"realname/shared/bank"
	"realname/shared/store"
)

type bankRetire struct {
	connection
	output
	Code      string `arg:"" help:"The bank's code."`
	Serial    string `placeholder:"TEXT" help:"Revoke this key of the bank."`
	OwnSerial string `placeholder:"TEXT" help:"Revoke this key of ours."`
}

// Run revokes a key now or, if no key is named, retires the bank: the service
// starts no new handover to it and still accepts callbacks for open requests.
func (c *bankRetire) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var after bank.Bank
	err = store.ChangeSetting(ctx, s.Store, store.BankSettings, c.Code, func(e *store.Setting[bank.Bank]) error {
		if e.Version == 0 {
			return noBank(c.Code)
		}
		now, b := s.Now().UTC(), &e.Value
		defer func() { after = *b }()
		b.Keys, b.OwnKeys = slices.Clone(b.Keys), slices.Clone(b.OwnKeys)
		if c.Serial == "" && c.OwnSerial == "" {
			b.RetiredAt = now
			return nil
		}
		for serial, keys := range map[string][]*bank.Key{c.Serial: of(b.Keys), c.OwnSerial: ofOwn(b.OwnKeys)} {
			if serial == "" {
				continue
			}
			if !end(keys, serial, now) {
				return fmt.Errorf("bank %s: there is no key %q: realname bank list shows the keys", c.Code, serial)
			}
		}
		b.Keys = slices.DeleteFunc(b.Keys, neverLive)
		b.OwnKeys = slices.DeleteFunc(b.OwnKeys, func(k bank.OwnKey) bool { return neverLive(k.Key) })
		return b.Validate()
	})
	if err != nil {
		return err
	}
	return c.print(os.Stdout, bankLineOf(after, s.Now()), func(w io.Writer) {
		what := "the bank is"
		switch {
		case c.Serial != "" && c.OwnSerial != "":
			what = "keys " + c.Serial + " and " + c.OwnSerial + " are"
		case c.Serial != "" || c.OwnSerial != "":
			what = "key " + c.Serial + c.OwnSerial + " is"
		}
		say(w, "%s: %s retired. This takes effect within a minute.", c.Code, what)
	})
}

// end ends the key of that serial. A key whose validity has not started becomes empty.
func end(keys []*bank.Key, serial string, now time.Time) (found bool) {
	for _, k := range keys {
		if k.Serial == serial {
			found = true
			if k.NotAfter.After(now) {
				k.NotAfter = now
			}
		}
	}
	return found
}

func neverLive(k bank.Key) bool { return !k.NotBefore.Before(k.NotAfter) }

func of(keys []bank.Key) (pointers []*bank.Key) {
	for i := range keys {
		pointers = append(pointers, &keys[i])
	}
	return pointers
}

func ofOwn(keys []bank.OwnKey) (pointers []*bank.Key) {
	for i := range keys {
		pointers = append(pointers, &keys[i].Key)
	}
	return pointers
}
