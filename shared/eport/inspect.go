package eport

import (
	"context"
	"errors"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

// Finding is the result of one check of a certificate.
type Finding struct {
	Check string
	Code  realname.Code // "" if the check passed
	Err   error
}

// Inspect runs every check on a certificate, whereas CheckCard stops at the first
// failure. If e is nil, Inspect only requires that the certificate names an
// enterprise.
func (v *Verifier) Inspect(ctx context.Context, c *smx509.Certificate, e *realname.CardEnterprise) ([]Finding, error) {
	t, err := v.Trust(ctx, c)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for _, check := range v.checks(ctx, t, c, e) {
		err := check.run()
		f := Finding{Check: check.name, Code: codeOf(err), Err: err}
		if f.Err != nil && f.Code == "" {
			return findings, errors.Join(errors.New(check.name), err)
		}
		findings = append(findings, f)
	}
	return findings, nil
}
