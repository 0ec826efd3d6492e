// Package auth connects a function to its token keys in KMS.
package auth

import (
	"context"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"realname/shared/auth"
	"realname/shared/auth/kmssigner"
	"realname/shared/store"
	"realname/shared/wiring"
)

// Ring returns the stage's token keys in KMS without a choice of the signing key.
func Ring(p wiring.Ports) *auth.Ring {
	client := sync.OnceValue(func() *kms.Client { return kms.NewFromConfig(p.AWS()) })
	r := &auth.Ring{}
	for _, arn := range strings.Split(p.Config.TokenKeyARN, ",") {
		r.Keys = append(r.Keys, kmssigner.New(client, arn))
	}
	return r
}

// Issuer returns the token issuer. The settings choose the signing key.
func Issuer(p wiring.Ports, s *store.Store) *auth.Issuer {
	r := Ring(p)
	r.Signing = Signing(&store.Settings[auth.SigningKey]{
		Store: s, Kind: store.TokenSettings, Life: store.SettingsLife, Now: p.Now,
	})
	return &auth.Issuer{
		Signing: r.Current, Name: p.Config.Issuer, Audience: p.Config.Stage, TTL: p.Config.TokenTTL,
		Now: p.Now, NewID: wiring.NewID,
	}
}

// Signing returns a function that reads the ID of the signing key from the settings.
func Signing(settings *store.Settings[auth.SigningKey]) func(ctx context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		all, err := settings.All(ctx)
		if err != nil || len(all) == 0 {
			return "", err
		}
		return all[0].Value.KeyID, nil
	}
}

// Verifier returns the token verifier.
func Verifier(p wiring.Ports) *auth.Verifier {
	return &auth.Verifier{Keys: Ring(p).PublicKeys, Name: p.Config.Issuer, Audience: p.Config.Stage, Now: p.Now}
}
