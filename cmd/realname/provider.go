package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"realname/local/server"
	"realname/shared/provider"
	"realname/shared/provider/aliyun"
	"realname/shared/provider/baidu"
	"realname/shared/provider/sns"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
	"realname/shared/wiring"
	providerwiring "realname/shared/wiring/provider"
	snswiring "realname/shared/wiring/sns"
)

type providerCommands struct {
	Check providerCheck `cmd:"" help:"Test each provider's key, permission, region and quota."`
	List  providerList  `cmd:"" help:"List the providers and which are switched off."`
	Off   providerOff   `cmd:"" help:"Switch a provider off for every check. The next one of each list takes its place."`
	On    providerOn    `cmd:"" help:"Switch a provider on again."`
	Price providerPrice `cmd:"" help:"Set what a question to a provider costs by its contract."`
}

//nolint:lll // kong reads the default from the tag
type providerCheck struct {
	output
	State   string        `env:"REALNAME_STATE" placeholder:"DIR" help:"One machine: test the providers of this shell's REALNAME_… variables, which are those of its settings file."`
	Timeout time.Duration `default:"10s" help:"Time limit for each provider."`

	simulators
}

var errProvidersDown = errors.New("at least one provider does not work")

// Run sends one harmless request for each check and provider. It prints a line for
// each, and advice for those that do not work.
func (c *providerCheck) Run(ctx context.Context) error {
	asks, err := c.connect(ctx)
	if err != nil {
		return err
	}
	findings, failed := []provider.Finding{}, false
	for _, a := range asks {
		f := c.probe(ctx, a)
		findings, failed = append(findings, f), failed || !f.Works
	}
	err = c.print(os.Stdout, findings, func(w io.Writer) { printProviders(w, findings) })
	if err == nil && failed {
		return errProvidersDown
	}
	return err
}

func printProviders(w io.Writer, findings []provider.Finding) {
	t := grid(w, "check", "provider", "result", "code", "request")
	var advice []string
	for _, f := range findings {
		result := "works"
		if !f.Works {
			result = text.FgRed.Sprint("FAILS")
			advice = append(advice, fmt.Sprintf("%s by %s: %s", f.Check, f.Provider, f.Advice))
		}
		t.AppendRow([]any{f.Check, f.Provider, result, f.Code, f.RequestID})
	}
	t.Render()
	for _, line := range advice {
		say(w, "%s", line)
	}
}

// probing is one check of one provider.
type probing struct {
	check    realname.CheckName
	provider prober
}

type prober interface {
	Probe(ctx context.Context, check realname.CheckName) provider.Finding
}

// connect returns the checks to probe, in the order of the wizard.
func (c *providerCheck) connect(ctx context.Context) ([]probing, error) {
	configured, ports, amazon, err := c.configured(ctx)
	if err != nil {
		return nil, err
	}
	probers := map[string]prober{
		tencent.Name: providerwiring.TencentCloud(configured.Tencent, ports),
		aliyun.Name:  providerwiring.AlibabaCloud(configured.Aliyun, ports),
		baidu.Name:   providerwiring.BaiduCloud(configured.Baidu, ports),
		sns.Name:     amazon,
	}
	var asks []probing
	add := func(check realname.CheckName, names []string) {
		for _, name := range names {
			asks = append(asks, probing{check, probers[name]})
		}
	}
	add(realname.RegistryCheck, configured.Registry)
	add(realname.IDCardCheck, configured.IDCard)
	add(realname.BankCardCheck, configured.BankCard)
	add(realname.SMSCheck, configured.SMS)
	if asks == nil {
		return nil, errors.New("the stage has no providers: " +
			"set REALNAME_REGISTRY_PROVIDERS and the other settings of docs/providers.md")
	}
	return asks, nil
}

// configured returns the providers of the simulators, of a stage or of one machine.
func (c *providerCheck) configured(ctx context.Context) (wiring.Providers, providerwiring.Ports, prober, error) {
	if sims := c.given(); sims != (server.Simulators{}) {
		configured, ports := sims.Config()
		return configured, ports, nil, nil
	}
	p, err := c.ports(ctx)
	if err != nil {
		return wiring.Providers{}, providerwiring.Ports{}, nil, err
	}
	return p.Config.Providers, providerwiring.PortsOf(p, nil), snswiring.Amazon(p), nil
}

// ports returns the configuration of a stage or of one machine.
func (c *providerCheck) ports(ctx context.Context) (wiring.Ports, error) {
	if c.State != "" {
		cfg, err := wiring.LoadMachine(os.Getenv)
		return wiring.Ports{Config: cfg, Now: time.Now, Log: slog.Default(), AWS: wiring.AWS}, err
	}
	s, err := (connection{}).open(ctx)
	return wiring.Ports{Config: s.Config, Now: s.Now, Log: slog.Default(), AWS: s.AWS}, err
}

func (c *providerCheck) probe(ctx context.Context, a probing) provider.Finding {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	return a.provider.Probe(ctx, a.check)
}
