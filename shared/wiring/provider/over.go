package provider

import (
	"context"
	"log/slog"
	"time"

	"realname/shared/clock"
	"realname/shared/provider/guard"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
	"realname/shared/telemetry/metric"
	"realname/shared/verification"
	"realname/shared/wiring"
)

// Over gives the verification the providers of the configuration over any ports.
func Over(c wiring.Providers, p Ports, v *verification.Verification) {
	t := TencentCloud(c.Tencent, p)
	budget := guard.DefaultBudget()
	if links := linksOf(p, c.Registry, realname.RegistryCheck, map[string]realname.Registry{tencent.Name: t}); links != nil {
		v.Registry = guard.NewRegistry(budget, p.Now, links...)
	}
	if links := linksOf(p, c.IDCard, realname.IDCardCheck, map[string]realname.IDCards{tencent.Name: t}); links != nil {
		v.IDCards = guard.NewIDCards(budget, p.Now, links...)
	}
	if links := linksOf(p, c.BankCard, realname.BankCardCheck, map[string]realname.BankCards{tencent.Name: t}); links != nil {
		v.BankCards = guard.NewBankCards(budget, p.Now, links...)
	}
	carriers := map[string]realname.SMS{tencent.Name: t}
	for _, carrier := range p.Carriers {
		carriers[carrier.Name] = carrier.SMS
	}
	if links := linksOf(p, c.SMS, realname.SMSCheck, carriers); links != nil {
		v.SMS = guard.NewSMS(budget, p.Now, links...)
	}
}

// TencentCloud is Tencent Cloud without a guard.
func TencentCloud(c wiring.Tencent, p Ports) *tencent.Client {
	return tencent.New(tencent.Config{
		Region: c.Region, Endpoint: c.Endpoint, Now: p.Now, Credentials: p.Tencent, Trace: p.Trace,
		SMS: tencent.SMSConfig{AppID: c.SMSApp, Sign: c.SMSSign, Template: c.SMSTemplate, Parameters: c.SMSParameters},
	})
}

// linksOf puts a guard before each provider that the configuration names and the
// function links.
func linksOf[P any](p Ports, names []string, check realname.CheckName, known map[string]P) []guard.Link[P] {
	var links []guard.Link[P]
	for _, name := range names {
		if _, linked := known[name]; !linked {
			continue
		}
		links = append(links, guard.Link[P]{Provider: known[name], Guard: guard.New(name, check, policy(check), guard.Ports{
			States: p.States, Now: p.Now, Wait: clock.Wait, Changed: changed(p.Log), Asked: asked(p.Log, p.Now),
		})})
	}
	return links
}

// policy is the default, but for messages: one that may have gone out is not
// sent again.
func policy(check realname.CheckName) guard.Policy {
	d := guard.DefaultPolicy()
	d.Repeatable = check != realname.SMSCheck
	return d
}

// asked writes the line of a request to a provider, which CloudWatch counts and
// times by provider, check and result.
func asked(log *slog.Logger, now func() time.Time) func(context.Context, string, realname.CheckName, time.Duration, realname.CheckResult) {
	return func(ctx context.Context, name string, check realname.CheckName, took time.Duration, r realname.CheckResult) {
		result := string(r.Outcome)
		if result == "" {
			result = string(realname.Unavailable) // it failed without a word
		}
		log.LogAttrs(ctx, slog.LevelInfo, "provider asked", append(
			metric.Took(now(), "ProviderLatency", took, metric.By("Provider", name), metric.By("Check", string(check)), metric.By("Result", result)),
			slog.String("providerRequestId", r.RequestID))...)
	}
}

// changed writes the line that an alarm looks for.
func changed(log *slog.Logger) func(context.Context, string, bool) {
	return func(ctx context.Context, name string, open bool) {
		if open {
			log.LogAttrs(ctx, slog.LevelError, "provider breaker opened", slog.String("provider", name))
			return
		}
		log.LogAttrs(ctx, slog.LevelInfo, "provider breaker closed", slog.String("provider", name))
	}
}
