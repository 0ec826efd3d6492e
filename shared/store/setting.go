package store

import (
	"context"
	"errors"
	"fmt"

	"realname/shared/realname"
	"realname/shared/table"
)

// SettingKind names one list of settings that staff manage at run time.
type SettingKind string

// The lists of settings.
const (
	BankSettings      SettingKind = "bank"      // shared/bank.Bank, by bank code
	CardSettings      SettingKind = "card"      // shared/eport.Setting: policy and authorities of E-Port cards
	ClientSettings    SettingKind = "client"    // shared/auth/client.Client, by client ID
	ProviderSettings  SettingKind = "provider"  // shared/provider.Setting: switch and prices, by provider
	RetentionSettings SettingKind = "retention" // shared/accounts.Announced, one
	RotationSettings  SettingKind = "rotation"  // the current rotation of a key, by key
	TokenSettings     SettingKind = "token"     // shared/auth.SigningKey, one
	WebhookSettings   SettingKind = "webhook"   // shared/notify/webhook.Target, one
)

// Setting is one named entry of settings in the table, which staff can change without
// a deployment. Secrets in a value are sealed (SettingItem).
type Setting[T any] struct {
	Name    string
	Value   T
	Version int64 // 0 for an entry that does not exist yet
}

// SettingItem names the setting that sealed data is bound to.
func SettingItem(kind SettingKind, name string) string { return "config/" + string(kind) + "/" + name }

func settingPK(kind SettingKind) string { return "CONFIG#" + string(kind) }

func settingKey(kind SettingKind, name string) table.Key {
	return table.Key{PK: settingPK(kind), SK: name}
}

// LoadSettings reads every entry of a kind in the order of their names, with one call
// per 100 entries.
func LoadSettings[T any](ctx context.Context, s *Store, kind SettingKind) ([]Setting[T], error) {
	var all []Setting[T]
	for after := ""; ; {
		page, err := s.table.Query(ctx, table.Query{PK: settingPK(kind), After: after})
		if err != nil {
			return nil, fmt.Errorf("load settings %s: %w", kind, err)
		}
		for _, it := range page.Items {
			entry := Setting[T]{Name: it.Key.SK, Version: it.Version}
			if err := read(it, &entry.Value); err != nil {
				return nil, err
			}
			all = append(all, entry)
		}
		if after = page.Next; after == "" {
			return all, nil
		}
	}
}

// LoadSetting reads one entry; ok is false if it does not exist.
func LoadSetting[T any](
	ctx context.Context, s *Store, kind SettingKind, name string,
) (entry Setting[T], ok bool, err error) {
	items, err := s.table.Get(ctx, settingKey(kind, name))
	if err != nil {
		return entry, false, fmt.Errorf("load setting %s: %w", kind, err)
	}
	entry.Name = name
	it, ok := table.Find(items, settingKey(kind, name))
	if !ok {
		return entry, false, nil
	}
	entry.Version = it.Version
	return entry, true, read(it, &entry.Value)
}

// SaveSetting writes an entry over the version that was read.
// Errors: realname.ErrStale if another writer has changed it since.
func SaveSetting[T any](ctx context.Context, s *Store, kind SettingKind, entry Setting[T]) error {
	it, cond, err := put(settingKey(kind, entry.Name), entry.Version, entry.Value)
	if err != nil {
		return err
	}
	return s.transact(ctx, []table.Write{table.Put(it, cond)})
}

// ChangeSetting reads an entry, lets change modify its value, and writes it. If
// another writer changes the entry first, ChangeSetting starts again. Version 0 marks
// a new entry.
func ChangeSetting[T any](
	ctx context.Context, s *Store, kind SettingKind, name string, change func(*Setting[T]) error,
) error {
	for range settingTries {
		entry, _, err := LoadSetting[T](ctx, s, kind, name)
		if err != nil {
			return err
		}
		if err := change(&entry); err != nil {
			return err
		}
		if err = SaveSetting(ctx, s, kind, entry); !errors.Is(err, realname.ErrStale) {
			return err
		}
	}
	return realname.ErrStale
}

// settingTries limits how often ChangeSetting starts again.
const settingTries = 5
