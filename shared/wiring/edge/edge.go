// Package edge connects a function to the origin secret of the stage.
package edge

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"realname/shared/edge"
	"realname/shared/httpapi"
	"realname/shared/wiring"
)

// Gate returns the gate of the stage, or nil if the stage does not check where requests
// come from.
func Gate(p wiring.Ports) *edge.Gate {
	if p.Config.OriginSecretARN == "" {
		return nil
	}
	return edge.NewGate((&Secret{p}).Read, p.Now, p.Log)
}

// API returns the common part of a function with public routes. It holds each address
// to its requests per minute, which all processes count together. If counts is nil, the
// process counts alone. Without a gate, the only address that a function sees may be
// CloudFront's, so there is no limit.
func API(p wiring.Ports, gate *edge.Gate, counts edge.Allowance) httpapi.API {
	a := p.API()
	if gate != nil {
		a.Sources = &edge.Sources{
			Allowance: counts, Hide: gate.Hide, PerMinute: p.Config.SourcePerMinute, Now: p.Now,
		}
	}
	return a
}

// CertificateEnds returns a function that reads when the certificate of the public address
// ends, nil without an address.
func CertificateEnds(p wiring.Ports) func(context.Context) (time.Time, error) {
	u, err := url.Parse(p.Config.PublicURL)
	if err != nil || u.Scheme != "https" {
		return nil
	}
	return func(ctx context.Context) (time.Time, error) { return edge.CertificateEnds(ctx, edge.AddressOf(u.Host)) }
}

// Secret is the origin secret in Secrets Manager.
type Secret struct{ Ports wiring.Ports }

// Read returns the secret.
func (s *Secret) Read(ctx context.Context) ([]byte, error) {
	text, _, err := s.Ports.Secret(ctx, s.Ports.Config.OriginSecretARN)
	if err != nil {
		return nil, fmt.Errorf("read the origin secret: %w", err)
	}
	if text == nil {
		return nil, fmt.Errorf("origin secret: want a text")
	}
	return []byte(*text), nil
}

// Write replaces the secret.
func (s *Secret) Write(ctx context.Context, renewed []byte) error {
	text := string(renewed)
	if err := s.Ports.PutSecret(ctx, s.Ports.Config.OriginSecretARN, &text, nil); err != nil {
		return fmt.Errorf("store the origin secret: %w", err)
	}
	return nil
}
