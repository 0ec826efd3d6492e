package server

import (
	"context"

	"realname/local/meter"
	"realname/shared/auth"
	"realname/shared/store"
	authwiring "realname/shared/wiring/auth"
)

// metered counts the signatures that KMS would make.
type metered struct {
	auth.RingKey
	meter *meter.Meter
}

// Sign implements auth.Signer.
func (k metered) Sign(ctx context.Context, digest []byte) ([]byte, error) {
	k.meter.Signature()
	return k.RingKey.Sign(ctx, digest)
}

// tokenKeys returns the two token keys of a kind, as on a stage. One of them signs.
func (s *Server) tokenKeys(kind auth.Kind) *auth.Ring {
	ring := &auth.Ring{
		Signing: authwiring.Signing(&store.Settings[auth.SigningKey]{
			Store: s.settings(), Kind: store.TokenSettings, Now: s.now,
		}, kind),
	}
	for _, key := range s.keys.Tokens(kind) {
		ring.Keys = append(ring.Keys, metered{key, s.opts.Meter})
	}
	return ring
}
