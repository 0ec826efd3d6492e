package server

import (
	"context"

	"realname/functions/oauth"
	"realname/functions/real-name-status"
	"realname/shared/auth"
	"realname/shared/auth/client"
	"realname/shared/httpapi"
	"realname/shared/store"
)

// The machine client of the embedded default.
const (
	SandboxClient       = "customs"
	SandboxClientSecret = "sandbox-client-secret"
)

// addSandboxClient stores it.
func (s *Server) addSandboxClient(ctx context.Context) error {
	c := client.Client{Description: "sandbox", Scopes: client.Scopes(), PerMinute: 600, CreatedAt: s.now()}
	c.Rotate(SandboxClientSecret, s.now(), 0)
	return store.SaveSetting(ctx, store.New(s.table), store.ClientSettings, store.Setting[client.Client]{
		Name: SandboxClient, Value: c,
	})
}

// machines adds the functions of machine clients. They do not cache settings, so
// that a change by the command line takes effect at once.
func (s *Server) machines(tokens *auth.Issuer) {
	clients := &store.Settings[client.Client]{Store: s.store(), Kind: store.ClientSettings, Now: s.now}
	limiter := &client.Limiter{Allowance: s.store(), Now: s.now}
	s.functions["oauth"] = httpapi.Lambda(oauth.New(oauth.Ports{
		API: s.api(), Clients: clients, Issuer: tokens, Limiter: limiter, Now: s.now, Log: s.opts.Log,
	}))
	s.functions["real-name-status"] = httpapi.Lambda(realnamestatus.New(realnamestatus.Ports{
		API: s.api(), Store: s.store(), Clients: clients, Limiter: limiter, Now: s.now,
	}))
}
