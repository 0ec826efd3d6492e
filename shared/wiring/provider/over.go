package provider

import (
	"context"
	"log/slog"
	"time"

	"realname/shared/clock"
	"realname/shared/provider/aliyun"
	"realname/shared/provider/baidu"
	"realname/shared/provider/guard"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
	"realname/shared/telemetry/metric"
	"realname/shared/verification"
	"realname/shared/wiring"
)

// Over connects the providers of the configuration to the verification over any ports.
func Over(c wiring.Providers, p Ports, v *verification.Verification) {
	t, a, b := TencentCloud(c.Tencent, p), AlibabaCloud(c.Aliyun, p), BaiduCloud(c.Baidu, p)
	budget := guard.DefaultBudget()
	var switches guard.Switches
	if p.Settings != nil {
		switches = p.Settings
	}
	v.SecondOpinion = c.SecondOpinion
	registries := map[string]realname.Registry{tencent.Name: t, aliyun.Name: a, baidu.Name: b}
	if links := linksOf(p, c.Registry, realname.RegistryCheck, registries); links != nil {
		v.Registry = guard.NewRegistry(budget, p.Now, switches, links...)
	}
	idCards := map[string]realname.IDCards{tencent.Name: t, aliyun.Name: a, baidu.Name: b}
	if links := linksOf(p, c.IDCard, realname.IDCardCheck, idCards); links != nil {
		v.IDCards = guard.NewIDCards(budget, p.Now, switches, links...)
	}
	bankCards := map[string]realname.BankCards{tencent.Name: t, aliyun.Name: a}
	if links := linksOf(p, c.BankCard, realname.BankCardCheck, bankCards); links != nil {
		v.BankCards = guard.NewBankCards(budget, p.Now, switches, links...)
	}
	senders := map[string]realname.SMS{tencent.Name: t, aliyun.Name: a}
	for _, s := range p.SMS {
		senders[s.Name] = s.SMS
	}
	if links := linksOf(p, c.SMS, realname.SMSCheck, senders); links != nil {
		v.SMS = guard.NewSMS(budget, p.Now, switches, links...)
	}
}

// TencentCloud returns the client of Tencent Cloud without a guard.
func TencentCloud(c wiring.Tencent, p Ports) *tencent.Client {
	return tencent.New(tencent.Config{
		Region: c.Region, Endpoint: c.Endpoint, Now: p.Now, Credentials: p.Tencent, Trace: p.Trace,
		SMS: tencent.SMSConfig{
			AppID: c.SMSApp, Sign: c.SMSSign, Template: c.SMSTemplate, Parameters: c.SMSParameters,
		},
	})
}

// AlibabaCloud returns the client of Alibaba Cloud without a guard.
func AlibabaCloud(c wiring.Aliyun, p Ports) *aliyun.Client {
	return aliyun.New(aliyun.Config{
		Endpoint: c.Endpoint, Now: p.Now, NewID: p.NewID, Credentials: p.Aliyun, Trace: p.Trace,
		SMS: aliyun.SMSConfig{Sign: c.SMSSign, Template: c.SMSTemplate, Parameters: c.SMSParameters},
	})
}

// BaiduCloud returns the client of Baidu AI Cloud without a guard.
func BaiduCloud(c wiring.Baidu, p Ports) *baidu.Client {
	return baidu.New(baidu.Config{Endpoint: c.Endpoint, Now: p.Now, Credentials: p.Baidu, Trace: p.Trace})
}

// linksOf adds a guard to each provider that the configuration names and the function
// links.
func linksOf[P any](p Ports, names []string, check realname.CheckName, known map[string]P) []guard.Link[P] {
	var links []guard.Link[P]
	for _, name := range names {
		if _, linked := known[name]; !linked {
			continue
		}
		g := guard.New(name, check, policy(name, check), guard.Ports{
			States: p.States, Now: p.Now, Wait: clock.Wait, Changed: changed(p.Log), Asked: asked(p),
		})
		links = append(links, guard.Link[P]{Provider: known[name], Guard: g})
	}
	return links
}

// baiduRate is the documented limit of Baidu's checks with postpaid billing, and
// aliyunRegistryRate a cautious one, because the limit of Alibaba Cloud's registry check
// depends on the contract. Every other check accepts at least the default
// (docs/providers.md).
const baiduRate, aliyunRegistryRate = 10, 10

// policy returns the default policy with the provider's rate, except that a message that
// may have been sent is not sent again.
func policy(name string, check realname.CheckName) guard.Policy {
	d := guard.DefaultPolicy()
	d.Repeatable = check != realname.SMSCheck
	switch {
	case name == baidu.Name:
		d.Rate = baiduRate
	case name == aliyun.Name && check == realname.RegistryCheck:
		d.Rate = aliyunRegistryRate
	}
	return d
}

// asked returns a function that logs a request to a provider, and what it costs if its
// price is known. CloudWatch counts and times the lines by provider, check and result.
func asked(p Ports) func(context.Context, string, realname.CheckName, time.Duration, realname.CheckResult) {
	return func(ctx context.Context, name string, check realname.CheckName, took time.Duration, r realname.CheckResult) {
		result := string(r.Outcome)
		if result == "" {
			result = string(realname.Unavailable) // it failed without an outcome
		}
		attrs := metric.Took(p.Now(), "ProviderLatency", took,
			metric.By("Provider", name), metric.By("Check", string(check)), metric.By("Result", result))
		attrs = append(attrs, slog.String("providerRequestId", r.RequestID))
		p.Log.LogAttrs(ctx, slog.LevelInfo, "provider asked", attrs...)
		if p.Settings == nil {
			return
		}
		settings, err := p.Settings(ctx) // an error has refused the question before
		if cost := settings[name].Prices.Of(check, r.Outcome); err == nil && cost > 0 {
			p.Log.LogAttrs(ctx, slog.LevelInfo, "provider charged", metric.Count(p.Now(), "ProviderCost", int(cost),
				metric.By("Provider", name), metric.By("Check", string(check)), metric.By("Result", result))...)
		}
	}
}

// changed returns a function that logs the lines that an alarm matches.
func changed(log *slog.Logger) func(context.Context, string, bool) {
	return func(ctx context.Context, name string, open bool) {
		if open {
			log.LogAttrs(ctx, slog.LevelError, "provider breaker opened", slog.String("provider", name))
			return
		}
		log.LogAttrs(ctx, slog.LevelInfo, "provider breaker closed", slog.String("provider", name))
	}
}
