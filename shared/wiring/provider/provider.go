// Package provider connects the checks of a verification to the providers of the
// stage's configuration, each with its guard. Only functions that call providers
// import it.
package provider

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"realname/shared/provider"
	"realname/shared/provider/aliyun"
	"realname/shared/provider/baidu"
	"realname/shared/provider/credential"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/telemetry/trace"
	"realname/shared/verification"
	"realname/shared/wiring"
)

// credentialsTTL is the time after which credentials are read again, and
// credentialsPause the least time between two reads that refused credentials cause.
const (
	credentialsTTL   = 15 * time.Minute
	credentialsPause = 10 * time.Second
)

// Connect connects the providers to the verification. A check without a provider stays
// unavailable. The guards share their state through the store: pass that of the
// verification, so that both share one connection. A function that sends messages
// passes the SMS providers that it links in addition to those for every function.
func Connect(
	p wiring.Ports, st *store.Store, v *verification.Verification, sms ...SMSProvider,
) *verification.Verification {
	ports := PortsOf(p, st, sms...)
	ports.Settings = Settings(st, store.SettingsLife, p.Now)
	Over(p.Config.Providers, ports, v)
	return v
}

// Settings returns the settings in the table. A change is in force after life.
func Settings(st *store.Store, life time.Duration, now func() time.Time) provider.Settings {
	settings := store.Settings[provider.Setting]{Store: st, Kind: store.ProviderSettings, Life: life, Now: now}
	return func(ctx context.Context) (map[string]provider.Setting, error) {
		entries, err := settings.All(ctx)
		all := map[string]provider.Setting{}
		for _, e := range entries {
			all[e.Name] = e.Value
		}
		return all, err
	}
}

// PortsOf returns the ports of the providers of the configuration.
func PortsOf(p wiring.Ports, states provider.States, sms ...SMSProvider) Ports {
	c := p.Config.Providers
	return Ports{
		States: states, Now: p.Now, Log: p.Log, NewID: wiring.NewID, SMS: sms, Trace: p.Trace,
		Tencent: cached(p, c.Tencent.SecretARN, c.Tencent.SecretFile, tencent.ParseCredentials),
		Aliyun:  cached(p, c.Aliyun.SecretARN, c.Aliyun.SecretFile, aliyun.ParseCredentials),
		Baidu:   cached(p, c.Baidu.SecretARN, c.Baidu.SecretFile, baidu.ParseCredentials),
	}
}

// cached returns credentials from Secrets Manager, or from a file on one machine.
func cached[C any](p wiring.Ports, arn, file string, parse func([]byte) (C, error)) *credential.Cached[C] {
	load := secret(p, arn)
	if file != "" {
		load = func(context.Context) ([]byte, error) { return os.ReadFile(file) }
	}
	return &credential.Cached[C]{
		Load: load, Parse: parse,
		TTL: credentialsTTL, Pause: credentialsPause, Now: p.Now, Log: p.Log,
	}
}

// CheckFiles returns an error if a secret file of one machine cannot be read or holds no
// credentials. Otherwise the first user finds out.
func CheckFiles(c wiring.Providers) error {
	return errors.Join(
		checkFile("REALNAME_TENCENT_SECRET_FILE", c.Tencent.SecretFile, tencent.ParseCredentials),
		checkFile("REALNAME_ALIYUN_SECRET_FILE", c.Aliyun.SecretFile, aliyun.ParseCredentials),
		checkFile("REALNAME_BAIDU_SECRET_FILE", c.Baidu.SecretFile, baidu.ParseCredentials),
	)
}

func checkFile[C any](variable, file string, parse func([]byte) (C, error)) error {
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err == nil {
		_, err = parse(text)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", variable, err)
	}
	return nil
}

// secret returns a function that reads a secret of Secrets Manager.
func secret(p wiring.Ports, arn string) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) {
		text, _, err := p.Secret(ctx, arn)
		if err != nil {
			return nil, err
		}
		if text == nil {
			return nil, errors.New("secret: want a text, not bytes")
		}
		return []byte(*text), nil
	}
}

// SMSProvider is a provider that sends messages.
type SMSProvider struct {
	Name string
	SMS  realname.SMS
}

// Ports holds the dependencies of the providers.
type Ports struct {
	States provider.States
	// Settings may be nil: then every provider is on, and no price is known.
	Settings provider.Settings
	Now      func() time.Time
	Log      *slog.Logger
	NewID    func() string
	Tencent  credential.Source[tencent.Credentials]
	Aliyun   credential.Source[aliyun.Credentials]
	Baidu    credential.Source[baidu.Credentials]
	SMS      []SMSProvider
	Trace    *trace.Tracer // may be nil
}
