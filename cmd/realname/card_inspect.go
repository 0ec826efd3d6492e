package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/eport"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
	eportwiring "realname/shared/wiring/eport"
)

type cardInspect struct {
	connection
	output
	File string `arg:"" type:"existingfile" help:"A card's certificate, PEM or DER."`
	USCC string `name:"uscc" help:"The enterprise that must own it. The service looks up its name."`
}

// Run checks the certificate against the trust material of the service, with
// revocation lists fetched from this machine. A refused certificate does not make
// the command fail.
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
	v := eportwiring.Verifier(s.Store, store.SettingsLife, s.Now, slog.New(slog.DiscardHandler))
	v.CRLs.Shelf = nil // fetch the lists now, ignore those that the functions keep
	findings, err := v.Inspect(ctx, certificate, enterprise)
	if err != nil {
		return err
	}
	trust, err := v.Trust(ctx, certificate)
	if err != nil {
		return err
	}
	seen := inspected{Certificate: certificateLineOf(certificate, trust.Policy), Checks: []checkLine{}}
	for _, f := range findings {
		seen.add(f, trust.Policy)
	}
	return c.print(os.Stdout, seen, seen.print)
}

func enterpriseOf(ctx context.Context, s service, code string) (*realname.CardEnterprise, error) {
	code = idcode.NormalizeCode(code)
	if err := idcode.ValidateUSCC(code); err != nil {
		return nil, fmt.Errorf("--uscc: %w", err)
	}
	e, err := s.Store.LoadEnterprise(ctx, code)
	return &realname.CardEnterprise{USCC: code, OrgCode: idcode.OrgCodeOf(code), Name: e.Name}, err
}

// inspected holds the facts that the service reads from a certificate, and its verdict.
type inspected struct {
	Certificate certificateLine `json:"certificate"`
	Checks      []checkLine     `json:"checks"`
	Code        realname.Code   `json:"code,omitempty"` // why it is refused; "" if it is accepted
}

type certificateLine struct {
	Number      string       `json:"number"`
	Subject     string       `json:"subject"`
	Issuer      string       `json:"issuer"`
	Key         string       `json:"key"`
	Signature   string       `json:"signature"`
	NotBefore   time.Time    `json:"notBefore"`
	NotAfter    time.Time    `json:"notAfter"`
	Fingerprint string       `json:"fingerprint"`
	Enterprise  []namingLine `json:"enterprise"`
	CRLs        []string     `json:"crls"` // as named in the certificate; not used for fetching
}

// namingLine is one attribute that names the enterprise.
type namingLine struct {
	Kind  eport.Kind `json:"kind"`
	Value string     `json:"value"`
	OID   string     `json:"oid"`
}

// checkLine is the result of one check.
type checkLine struct {
	Check  string        `json:"check"`
	Result string        `json:"result"` // "ok", "let pass" or "refused"
	Code   realname.Code `json:"code,omitempty"`
	Detail string        `json:"detail,omitempty"`
}

func certificateLineOf(c *smx509.Certificate, p eport.Policy) certificateLine {
	d := eport.Describe(c)
	l := certificateLine{
		Number: d.Number, Subject: c.Subject.String(), Issuer: c.Issuer.String(), Key: d.Algorithm,
		Signature: c.SignatureAlgorithm.String(),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(), Fingerprint: eport.Fingerprint(c),
		Enterprise: []namingLine{}, CRLs: append([]string{}, c.CRLDistributionPoints...),
	}
	for _, n := range eport.Names(c, p) {
		l.Enterprise = append(l.Enterprise, namingLine{n.Attribute.Kind, n.Value, n.Attribute.OID})
	}
	return l
}

// add appends a check. The first check that refuses determines the code.
func (i *inspected) add(f eport.Finding, p eport.Policy) {
	l := checkLine{Check: f.Check, Result: "ok", Code: f.Code}
	if f.Code != "" {
		l.Result, l.Detail = "refused", strings.ReplaceAll(f.Err.Error(), "\n", "; ")
	}
	switch {
	case p.Revocation == eport.Soft && (f.Code == realname.CodeCRLStale || f.Code == realname.CodeCRLUnavailable):
		l.Result = "let pass"
	case i.Code == "":
		i.Code = f.Code
	}
	i.Checks = append(i.Checks, l)
}

func (i *inspected) print(w io.Writer) {
	c := i.Certificate
	say(w, "certificate number  %s", c.Number)
	say(w, "subject             %s", c.Subject)
	say(w, "issuer              %s", c.Issuer)
	say(w, "key                 %s, signed with %s", c.Key, c.Signature)
	say(w, "valid               %s to %s", date(c.NotBefore), date(c.NotAfter))
	say(w, "fingerprint         %s", c.Fingerprint)
	for _, n := range c.Enterprise {
		say(w, "enterprise          %s %s (attribute %s)", n.Kind, n.Value, n.OID)
	}
	for _, address := range c.CRLs {
		say(w, "revocation list     %s (named in the certificate, not used)", address)
	}
	say(w, "")
	for _, l := range i.Checks {
		if l.Code == "" {
			say(w, "%-8s %s", l.Result, l.Check)
		} else {
			say(w, "%-8s %s: %s", l.Result, l.Check, l.Detail)
		}
	}
	if i.Code == "" {
		say(w, "\nACCEPTED: a valid signature over our challenge passes.")
	} else {
		say(w, "\nREFUSED with %s.", i.Code)
	}
}
