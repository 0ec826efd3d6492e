package main

import (
	"context"
	"fmt"
	"io"
	"maps"
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
	"realname/shared/realname"
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
	if err := knownProvider(name); err != nil {
		return err
	}
	s, err := at.open(ctx)
	if err != nil {
		return err
	}
	var after provider.Setting
	err = store.ChangeSetting(ctx, s.Store, store.ProviderSettings, name, func(e *store.Setting[provider.Setting]) error {
		e.Value.Off, e.Value.At, e.Value.By = off, s.Now().UTC().Truncate(time.Second), staffName()
		after = e.Value
		return nil
	})
	if err != nil {
		return err
	}
	return out.print(os.Stdout, lineOfSwitch(name, after), func(w io.Writer) {
		say(w, "%s is %s. This holds everywhere within %s.", name, onOrOff(after), store.SettingsLife)
	})
}

func knownProvider(name string) error {
	if !slices.Contains(providerNames, name) {
		return fmt.Errorf("provider: want one of %s, got %q", strings.Join(providerNames, ", "), name)
	}
	return nil
}

//nolint:lll // kong reads the help from the tags
type providerPrice struct {
	connection
	output
	Name    string `arg:"" help:"Provider: tencent, aliyun, baidu or sns."`
	Check   string `arg:"" enum:"registry,id_card,bank_card,sms" help:"Check: registry, id_card, bank_card or sms."`
	Yuan    string `arg:"" help:"Price of one question in yuan, such as 0.40; 0 forgets the price."`
	Charged string `default:"match,mismatch" placeholder:"OUTCOMES" help:"Outcomes that the contract charges for, of match, mismatch, not_covered and invalid_input."`
}

// Run sets the contract's price of one check of a provider.
func (c *providerPrice) Run(ctx context.Context) error {
	if err := knownProvider(c.Name); err != nil {
		return err
	}
	amount, err := provider.ParseAmount(c.Yuan)
	if err != nil {
		return fmt.Errorf("price: %w", err)
	}
	charged, err := provider.ParseCharged(c.Charged)
	if err != nil {
		return fmt.Errorf("--charged: %w", err)
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var after provider.Setting
	price := func(e *store.Setting[provider.Setting]) error {
		prices := maps.Clone(e.Value.Prices)
		if prices == nil {
			prices = provider.Prices{}
		}
		if prices[realname.CheckName(c.Check)] = (provider.Price{Amount: amount, Charged: charged}); amount == 0 {
			delete(prices, realname.CheckName(c.Check))
		}
		e.Value.Prices = prices
		after = e.Value
		return nil
	}
	if err := store.ChangeSetting(ctx, s.Store, store.ProviderSettings, c.Name, price); err != nil {
		return err
	}
	return c.print(os.Stdout, lineOfSwitch(c.Name, after), func(w io.Writer) {
		say(w, "A question of %s to %s costs %s yuan for %s.", c.Check, c.Name, amount, c.Charged)
	})
}

type providerList struct {
	connection
	output
}

// switchLine is one provider and its switch.
type switchLine struct {
	Provider string          `json:"provider"`
	Off      bool            `json:"off"`
	At       time.Time       `json:"at,omitzero"`
	By       string          `json:"by,omitempty"`
	Prices   provider.Prices `json:"prices,omitempty"`
}

func lineOfSwitch(name string, s provider.Setting) switchLine {
	return switchLine{name, s.Off, s.At, s.By, s.Prices}
}

// priceText lists prices in the order of the checks.
func priceText(p provider.Prices) string {
	var words []string
	for _, check := range []realname.CheckName{
		realname.RegistryCheck, realname.IDCardCheck, realname.BankCardCheck, realname.SMSCheck,
	} {
		if price, ok := p[check]; ok {
			words = append(words, fmt.Sprintf("%s %s", check, price.Amount))
		}
	}
	return strings.Join(words, ", ")
}

// Run lists the providers that the service knows, and which are switched off.
func (c *providerList) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	entries, err := store.LoadSettings[provider.Setting](ctx, s.Store, store.ProviderSettings)
	if err != nil {
		return err
	}
	set := map[string]provider.Setting{}
	for _, e := range entries {
		set[e.Name] = e.Value
	}
	lines := make([]switchLine, len(providerNames))
	for i, name := range providerNames {
		lines[i] = lineOfSwitch(name, set[name])
	}
	return c.print(os.Stdout, lines, func(w io.Writer) {
		t := grid(w, "provider", "switch", "since", "by", "yuan a question")
		for _, l := range lines {
			since := ""
			if !l.At.IsZero() {
				since = moment(l.At)
			}
			t.AppendRow([]any{l.Provider, onOrOff(set[l.Provider]), since, l.By, priceText(l.Prices)})
		}
		t.Render()
	})
}

func onOrOff(s provider.Setting) string {
	if s.Off {
		return text.FgRed.Sprint("off")
	}
	return "on"
}
