package eport

import (
	"context"
	"errors"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

// Finding is what came of one check of a certificate.
type Finding struct {
	Check string
	Code  realname.Code // "" when it passed
	Err   error
}

// Inspect judges a certificate by every check, where CheckCard stops at the
// first that fails. Without an enterprise its naming is read, not compared.
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
