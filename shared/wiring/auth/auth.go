// Package auth connects a function to its token keys in KMS.
package auth

import (
	"context"
	"slices"
	"strings"

	"realname/shared/auth"
	"realname/shared/auth/kmssigner"
	"realname/shared/awsapi"
	"realname/shared/store"
	"realname/shared/wiring"
)

// Ring returns the stage's token keys of a kind in KMS without a choice of the signing
// key.
func Ring(p wiring.Ports, kind auth.Kind) *auth.Ring {
	client := p.Client(awsapi.KMS)
	r := &auth.Ring{}
	arns := p.Config.TokenKeyARN
	if kind == auth.Machine {
		arns = p.Config.MachineTokenKeyARN
	}
	for _, arn := range strings.Split(arns, ",") {
		r.Keys = append(r.Keys, kmssigner.New(client, arn))
	}
	return r
}

// PublicKeys returns the stage's public keys of both kinds.
func PublicKeys(p wiring.Ports) auth.PublicKeys {
	both := auth.Ring{Keys: slices.Concat(Ring(p, auth.Person).Keys, Ring(p, auth.Machine).Keys)}
	return both.PublicKeys
}

// Issuer returns the issuer of tokens of a kind. The settings choose the signing key.
func Issuer(p wiring.Ports, s *store.Store, kind auth.Kind) *auth.Issuer {
	r := Ring(p, kind)
	ttl := p.Config.TokenTTL
	if kind == auth.Person { // the login function renews it
		ttl = p.Config.IdleTimeout
	}
	r.Signing = Signing(&store.Settings[auth.SigningKey]{
		Store: s, Kind: store.TokenSettings, Life: store.SettingsLife, Now: p.Now,
	}, kind)
	return &auth.Issuer{
		Signing: r.Current, Name: p.Config.Issuer, Audience: p.Config.Stage, TTL: ttl,
		Now: p.Now, NewID: wiring.NewID,
	}
}

// Signing returns a function that reads the ID of the signing key of a kind from the
// settings; "" if none is set.
func Signing(settings *store.Settings[auth.SigningKey], kind auth.Kind) func(ctx context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		all, err := settings.All(ctx)
		for _, s := range all {
			if s.Name == kind.Setting() {
				return s.Value.KeyID, nil
			}
		}
		return "", err
	}
}

// Verifier returns the token verifier.
func Verifier(p wiring.Ports) *auth.Verifier {
	return &auth.Verifier{
		Persons: Ring(p, auth.Person).PublicKeys, Machines: Ring(p, auth.Machine).PublicKeys,
		Name: p.Config.Issuer, Audience: p.Config.Stage, Now: p.Now,
	}
}
