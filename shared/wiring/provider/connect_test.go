package provider_test

import (
	"log/slog"
	"net/url"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
	"realname/shared/verification"
	"realname/shared/wiring"
	"realname/shared/wiring/provider"
)

// decorated is a store that wraps another one, for example to count calls.
type decorated struct{ realname.Store }

// The guards use the states that Connect receives, so a verification can have any
// store.
func TestConnectAcceptsAnyStore(t *testing.T) {
	st := store.New(memory.New(time.Now))
	p := wiring.Ports{Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	p.Config.Providers = wiring.Providers{
		Registry: []string{"tencent"},
		Tencent: wiring.Tencent{
			Region: "ap-guangzhou", Endpoint: &url.URL{Scheme: "https", Host: "example.com"},
		},
	}
	v := provider.Connect(p, st, &verification.Verification{Ports: &realname.Ports{Store: decorated{st}}})
	if v.Registry == nil {
		t.Error("the registry's check has no provider")
	}
	if v.SMS != nil {
		t.Error("messages have a provider that is not configured")
	}
}
