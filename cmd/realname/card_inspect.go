package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/eport"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/wiring/cards"
)

type cardInspect struct {
	connection
	File string `arg:"" type:"existingfile" help:"A card's certificate, PEM or DER."`
	USCC string `name:"uscc" help:"The enterprise that it is to stand for; its name is read from the service."`
}

// Run judges the certificate by the trust material of the service, with its
// revocation lists fetched from here. A certificate that is refused is no error
// of the command.
func (c *cardInspect) Run(ctx context.Context) error {
	certificate, err := readCertificate(c.File)
	if err != nil {
		return err
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var enterprise *realname.CardEnterprise
	if c.USCC != "" {
		if enterprise, err = enterpriseOf(ctx, s, c.USCC); err != nil {
			return err
		}
	}
	v := cards.Verifier(s.Store, store.SettingsLife, s.Now, slog.New(slog.DiscardHandler))
	v.CRLs.Shelf = nil // what the network says now, not what functions keep
	findings, err := v.Inspect(ctx, certificate, enterprise)
	if err != nil {
		return err
	}
	trust, err := v.Trust(ctx, certificate)
	if err != nil {
		return err
	}
	printCertificate(os.Stdout, certificate, trust.Policy)
	printFindings(os.Stdout, findings, trust.Policy)
	return nil
}

func enterpriseOf(ctx context.Context, s service, code string) (*realname.CardEnterprise, error) {
	code = idcode.NormalizeCode(code)
	if err := idcode.ValidateUSCC(code); err != nil {
		return nil, fmt.Errorf("--uscc: %w", err)
	}
	e, err := s.Store.LoadEnterprise(ctx, code)
	return &realname.CardEnterprise{USCC: code, OrgCode: idcode.OrgCodeOf(code), Name: e.Name}, err
}

func printCertificate(w io.Writer, c *smx509.Certificate, p eport.Policy) {
	d := eport.Describe(c)
	fmt.Fprintf(w, "certificate number  %s\nsubject             %s\nissuer              %s\nkey                 %s, signed with %s\nvalid               %s to %s\nfingerprint         %s\n",
		d.Number, c.Subject, c.Issuer, d.Algorithm, c.SignatureAlgorithm, date(c.NotBefore), date(c.NotAfter), eport.Fingerprint(c))
	for _, n := range eport.Names(c, p) {
		fmt.Fprintf(w, "enterprise          %s %s (attribute %s)\n", n.Attribute.Kind, n.Value, n.Attribute.OID)
	}
	for _, address := range c.CRLDistributionPoints {
		fmt.Fprintf(w, "names its list at   %s (not fetched from there)\n", address)
	}
}

func printFindings(w io.Writer, findings []eport.Finding, p eport.Policy) {
	verdict := "ACCEPTED: a right signature over our challenge would pass."
	fmt.Fprintln(w)
	for _, f := range findings {
		switch {
		case f.Code == "":
			fmt.Fprintf(w, "ok       %s\n", f.Check)
			continue
		case p.Revocation == eport.Soft && (f.Code == realname.CodeCRLStale || f.Code == realname.CodeCRLUnavailable):
			fmt.Fprintf(w, "let pass %s: %s\n", f.Check, detail(f))
			continue
		}
		fmt.Fprintf(w, "refused  %s: %s\n", f.Check, detail(f))
		if strings.HasPrefix(verdict, "ACCEPTED") {
			verdict = "REFUSED with " + string(f.Code) + "."
		}
	}
	fmt.Fprintf(w, "\n%s\n", verdict)
}

func detail(f eport.Finding) string { return strings.ReplaceAll(f.Err.Error(), "\n", "; ") }
