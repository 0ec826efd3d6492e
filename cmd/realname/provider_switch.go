package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"realname/shared/provider"
	"realname/shared/provider/aliyun"
	"realname/shared/provider/baidu"
	"realname/shared/provider/sns"
	"realname/shared/provider/tencent"
	"realname/shared/store"
)

// providerNames lists every provider that the service knows.
var providerNames = []string{tencent.Name, aliyun.Name, baidu.Name, sns.Name}

type providerOff struct {
	connection
	output
	Name string `arg:"" help:"Provider: tencent, aliyun, baidu or sns."`
}

// Run switches the provider off for every check.
func (c *providerOff) Run(ctx context.Context) error {
	return switchProvider(ctx, c.connection, c.output, c.Name, true)
}

type providerOn struct {
	connection
	output
	Name string `arg:"" help:"Provider: tencent, aliyun, baidu or sns."`
}

// Run switches the provider on again.
func (c *providerOn) Run(ctx context.Context) error {
	return switchProvider(ctx, c.connection, c.output, c.Name, false)
}

func switchProvider(ctx context.Context, at connection, out output, name string, off bool) error {
	if !slices.Contains(providerNames, name) {
		return fmt.Errorf("provider: want one of %s, got %q", strings.Join(providerNames, ", "), name)
	}
	s, err := at.open(ctx)
	if err != nil {
		return err
	}
	after := provider.Switch{Off: off, At: s.Now().UTC().Truncate(time.Second), By: staffName()}
	err = store.ChangeSetting(ctx, s.Store, store.ProviderSettings, name, func(e *store.Setting[provider.Switch]) error {
		e.Value = after
		return nil
	})
	if err != nil {
		return err
	}
	return out.print(os.Stdout, lineOfSwitch(name, after), func(w io.Writer) {
		say(w, "%s is %s. This holds everywhere within %s.", name, onOrOff(after), store.SettingsLife)
	})
}

type providerList struct {
	connection
	output
}

// switchLine is one provider and its switch.
type switchLine struct {
	Provider string    `json:"provider"`
	Off      bool      `json:"off"`
	At       time.Time `json:"at,omitzero"`
	By       string    `json:"by,omitempty"`
}

func lineOfSwitch(name string, s provider.Switch) switchLine {
	return switchLine{name, s.Off, s.At, s.By}
}

// Run lists the providers that the service knows, and which are switched off.
func (c *providerList) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	entries, err := store.LoadSettings[provider.Switch](ctx, s.Store, store.ProviderSettings)
	if err != nil {
		return err
	}
	set := map[string]provider.Switch{}
	for _, e := range entries {
		set[e.Name] = e.Value
	}
	lines := make([]switchLine, len(providerNames))
	for i, name := range providerNames {
		lines[i] = lineOfSwitch(name, set[name])
	}
	return c.print(os.Stdout, lines, func(w io.Writer) {
		t := grid(w, "provider", "switch", "since", "by")
		for _, l := range lines {
			since := ""
			if !l.At.IsZero() {
				since = moment(l.At)
			}
			t.AppendRow([]any{l.Provider, onOrOff(set[l.Provider]), since, l.By})
		}
		t.Render()
	})
}

func onOrOff(s provider.Switch) string {
	if s.Off {
		return text.FgRed.Sprint("off")
	}
	return "on"
}
