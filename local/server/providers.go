package server

import (
	"context"
	"net/url"

	"realname/shared/provider/tencent"
	"realname/shared/realname"
	"realname/shared/verification"
	"realname/shared/wiring"
	"realname/shared/wiring/provider"
)

// Tencent is a simulator of Tencent Cloud and the key of its account.
type Tencent struct {
	Endpoint            *url.URL
	SecretID, SecretKey string
}

// Get implements tencent.Source.
func (t *Tencent) Get(context.Context, bool) (tencent.Credentials, error) {
	return tencent.Credentials{SecretID: t.SecretID, SecretKey: t.SecretKey}, nil
}

// answerer answers every check.
type answerer interface {
	realname.Registry
	realname.IDCards
	realname.BankCards
	realname.SMS
}

// providers returns the sandbox or, as in deployed functions, the adapter with its guards.
func (s *Server) providers() answerer {
	if s.opts.Tencent == nil {
		return s.provider
	}
	only := []string{tencent.Name}
	var v verification.Verification
	provider.Over(wiring.Providers{
		Registry: only, IDCard: only, BankCard: only, SMS: only,
		Tencent: wiring.Tencent{
			Region: "ap-guangzhou", Endpoint: s.opts.Tencent.Endpoint,
			SMSApp: "1400000000", SMSSign: "单一窗口", SMSTemplate: "1", SMSParameters: []string{"code", "minutes"},
		},
	}, provider.Ports{States: s.store(), Now: s.now, Log: s.opts.Log, Tencent: s.opts.Tencent}, &v)
	return struct {
		realname.Registry
		realname.IDCards
		realname.BankCards
		realname.SMS
	}{v.Registry, v.IDCards, v.BankCards, v.SMS}
}
