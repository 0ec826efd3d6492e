package eport

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

// Verifier implements realname.Cards.
type Verifier struct {
	// Trust returns the current trust material for the certificate, from a cache.
	Trust func(ctx context.Context, c *smx509.Certificate) (*Trust, error)
	CRLs  *CRLs
	Now   func() time.Time
	Log   *slog.Logger
}

// ReadCard implements realname.Cards.
func (v *Verifier) ReadCard(der []byte) (realname.CardCertificate, error) {
	c, err := ParseCertificate(der)
	if err != nil {
		return realname.CardCertificate{}, &realname.Error{
			Code:   realname.CodeInvalidRequest,
			Fields: []realname.FieldError{{Pointer: "/certificate", Kind: "certificate", Rule: "format"}},
		}
	}
	return Describe(c), nil
}

// CheckCard implements realname.Cards. It verifies the signature first, so that
// only the holder of a card learns anything about it. It checks revocation last,
// since that may need a request.
func (v *Verifier) CheckCard(ctx context.Context, q realname.CardQuery) (realname.CardResult, error) {
	c, err := ParseCertificate(q.Certificate)
	if err != nil {
		return realname.CardResult{}, err
	}
	t, err := v.Trust(ctx, c)
	if err != nil {
		return realname.CardResult{}, err
	}
	evidence := realname.Evidence{Provider: "eport", CertificateSerial: number(c)}
	if err = suitable(c, t.Policy); err == nil {
		evidence.Code, err = verifySignature(c, t.Policy, q.Challenge, q.Signature)
	}
	if err == nil {
		err = firstFailure(v.checks(ctx, t, c, &q.Enterprise))
	}
	code := codeOf(err)
	switch {
	case err != nil && code == "":
		return realname.CardResult{}, err
	case code == realname.CodeCRLStale, code == realname.CodeCRLUnavailable:
		if t.Policy.Revocation == Strict {
			return realname.CardResult{}, &realname.Error{Code: code, RetryAfter: crlRetry, Err: err}
		}
		v.Log.LogAttrs(ctx, slog.LevelWarn, "revocation status unknown, accepted by policy",
			slog.String("certificate", number(c)), slog.String("reason", err.Error()))
		evidence.Code, evidence.Outcome = evidence.Code+" "+string(code), realname.Match
		return realname.CardResult{Evidence: evidence}, nil
	case err != nil:
		evidence.Code, evidence.Outcome = string(code), realname.Mismatch
		return realname.CardResult{Refusal: code, Evidence: evidence}, nil
	}
	evidence.Outcome = realname.Match
	return realname.CardResult{Evidence: evidence}, nil
}

// check is one named check of a certificate.
type check struct {
	name string
	run  func() error
}

// checks returns the checks of a certificate in their order. If e is nil, the
// enterprise check only requires that the certificate names one.
func (v *Verifier) checks(ctx context.Context, t *Trust, c *smx509.Certificate, e *realname.CardEnterprise) []check {
	now := v.Now()
	var chains [][]*smx509.Certificate
	return []check{
		{"key and certificate signature", func() error { return suitable(c, t.Policy) }},
		{"validity", func() error { return checkValidity(c, now) }},
		{"chain", func() (err error) {
			chains, err = t.chains(c, within(c, now))
			return err
		}},
		{"usage", func() error { return checkUsage(c, t.Policy) }},
		{"enterprise", func() error {
			if e == nil {
				e = &realname.CardEnterprise{}
				if len(Names(c, t.Policy)) > 0 {
					return nil
				}
			}
			return matchEnterprise(c, t.Policy, *e)
		}},
		{"revocation", func() error { return v.checkRevocation(ctx, t, chains, now) }},
	}
}

func firstFailure(checks []check) error {
	for _, c := range checks {
		if err := c.run(); err != nil {
			return err
		}
	}
	return nil
}

func checkValidity(c *smx509.Certificate, now time.Time) error {
	switch {
	case now.Before(c.NotBefore):
		return refuse(realname.CodeCardNotYetValid, "valid from %s", c.NotBefore.UTC().Format(time.RFC3339))
	case now.After(c.NotAfter):
		return refuse(realname.CodeCardExpired, "valid until %s", c.NotAfter.UTC().Format(time.RFC3339))
	}
	return nil
}

// within moves the instant into the certificate's validity, which has its own
// check, so that the check of the chain does not depend on it.
func within(c *smx509.Certificate, now time.Time) time.Time {
	switch {
	case now.Before(c.NotBefore):
		return c.NotBefore
	case now.After(c.NotAfter):
		return c.NotAfter
	}
	return now
}

// checkRevocation requires one chain in which no certificate below the anchor is
// revoked.
func (v *Verifier) checkRevocation(
	ctx context.Context, t *Trust, chains [][]*smx509.Certificate, now time.Time,
) error {
	err := error(refuse(realname.CodeCardIssuerUnknown, "no chain ends at a configured anchor"))
	for _, chain := range chains {
		if err = v.chainRevocation(ctx, t, chain, now); err == nil {
			return nil
		}
	}
	return err
}

// chainRevocation checks every certificate of the chain below the anchor. A
// revoked one takes precedence over an unknown one.
func (v *Verifier) chainRevocation(ctx context.Context, t *Trust, chain []*smx509.Certificate, now time.Time) error {
	var unknown error
	for i := range len(chain) - 1 {
		issuer := t.issuers[issuerKey(chain[i+1])]
		err := v.CRLs.check(ctx, chain[i], issuer, now)
		if codeOf(err) == realname.CodeCardRevoked {
			return err
		}
		unknown = errors.Join(unknown, err)
	}
	return unknown
}
