package bank

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"realname/shared/store"
)

// Directory finds banks for functions, among the settings of their kind.
type Directory struct {
	*store.Settings[Bank]
}

// NewDirectory returns a directory that caches settings for the given life.
func NewDirectory(st *store.Store, life time.Duration, now func() time.Time) Directory {
	return Directory{&store.Settings[Bank]{Store: st, Kind: store.BankSettings, Life: life, Now: now}}
}

// Bank returns the bank with that code; ok is false if none exists.
func (d Directory) Bank(ctx context.Context, code string) (b Bank, ok bool, err error) {
	if !CodeValid(code) {
		return Bank{}, false, nil
	}
	entry, ok, err := d.Find(ctx, func(e store.Setting[Bank]) bool { return e.Name == code })
	return entry.Value, ok, err
}

// BankWithKey returns the bank with that code. It reads the setting again if the
// cached bank does not have the key, so a new key works at once.
func (d Directory) BankWithKey(ctx context.Context, code, serial string) (b Bank, ok bool, err error) {
	if !CodeValid(code) {
		return Bank{}, false, nil
	}
	entry, ok, err := d.Find(ctx, func(e store.Setting[Bank]) bool {
		return e.Name == code && slices.ContainsFunc(e.Value.Keys, func(k Key) bool { return k.Serial == serial })
	})
	if ok || err != nil {
		return entry.Value, ok, err
	}
	return d.Bank(ctx, code)
}

// Open lists the banks that a user can choose: the banks of the manual in its
// order, then the others by code.
func (d Directory) Open(ctx context.Context, now time.Time) ([]Bank, error) {
	entries, err := d.All(ctx)
	if err != nil {
		return nil, err
	}
	var open []Bank
	for _, e := range entries {
		if _, err := e.Value.signingKey(now); err == nil && e.Value.Open(now) {
			open = append(open, e.Value)
		}
	}
	slices.SortStableFunc(open, func(a, b Bank) int { return cmp.Compare(rank(a.Code), rank(b.Code)) })
	return open, nil
}

// Origins returns the origins of the pages of all banks that accept handovers, sorted. A
// bank with a path of this site has none.
func (d Directory) Origins(ctx context.Context) ([]string, error) {
	entries, err := d.All(ctx)
	if err != nil {
		return nil, err
	}
	var origins []string
	for _, e := range entries {
		if u, err := url.Parse(e.Value.EntryURL); err == nil && plainHost().MatchString(u.Host) && e.Value.Open(d.Now()) {
			origins = append(origins, u.Scheme+"://"+u.Host)
		}
	}
	slices.Sort(origins)
	return slices.Compact(origins), nil
}

func rank(code string) int {
	known := Known()
	if i := slices.IndexFunc(known, func(b Bank) bool { return b.Code == code }); i >= 0 {
		return i
	}
	return len(known)
}
