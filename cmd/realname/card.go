package main

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/eport"
	"realname/shared/store"
)

// card are the commands for E-Port cards: trusted authorities, the policy, and
// the inspection of a certificate.
type card struct {
	Roots   cardRoots   `cmd:"" help:"Trusted authorities and their revocation lists."`
	Policy  cardPolicy  `cmd:"" help:"Show or change the requirements for cards."`
	Inspect cardInspect `cmd:"" help:"Print how the service reads a certificate, and why it accepts or refuses it."`
}

type cardRoots struct {
	Add    cardRootsAdd    `cmd:"" help:"Trust an authority: a self-signed one as anchor, any other as intermediate."`
	List   cardRootsList   `cmd:"" help:"List the authorities."`
	Retire cardRootsRetire `cmd:"" help:"Stop trusting an authority. Its record stays."`
}

// readCertificate reads the first certificate of a PEM or DER file.
func readCertificate(file string) (*smx509.Certificate, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if block, _ := pem.Decode(raw); block != nil {
		raw = block.Bytes
	}
	c, err := eport.ParseCertificate(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

type cardRootsAdd struct {
	connection
	output
	File  string   `arg:"" type:"existingfile" help:"The authority's certificate, PEM or DER."`
	CRL   []string `name:"crl" placeholder:"URL" help:"Address of its revocation list. Repeat for mirrors or parts."`
	NoCRL bool     `name:"no-crl" help:"Accept that the authority publishes no revocation list."`
}

// Run stores the authority. If it was retired, it is trusted again. If it exists,
// Run changes the addresses of its lists.
func (c *cardRootsAdd) Run(ctx context.Context) error {
	certificate, err := readCertificate(c.File)
	if err != nil {
		return err
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	a := eport.Authority{Certificate: certificate, CRLs: c.CRL, NoCRL: c.NoCRL}
	if c.NoCRL && len(c.CRL) > 0 {
		return errors.New("--crl and --no-crl: give one or the other")
	}
	if err := a.Validate(s.Now()); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	record := eport.AuthorityRecord{Certificate: certificate.Raw, CRLs: c.CRL, NoCRL: c.NoCRL, AddedAt: s.Now().UTC()}
	err = store.ChangeSetting(ctx, s.Store, store.CardSettings, eport.SettingName(certificate),
		func(e *store.Setting[eport.Setting]) error {
			e.Value.Authority = &record
			return nil
		})
	if err != nil {
		return err
	}
	line, err := authorityLineOf(record)
	if err != nil {
		return err
	}
	role := "an intermediate authority"
	if a.Anchor() {
		role = "an anchor"
	}
	return c.print(os.Stdout, line, func(w io.Writer) {
		say(w, "%s is trusted as %s. This takes effect within a minute.\n  fingerprint %s", line.Subject, role,
			line.Fingerprint)
	})
}

type cardRootsList struct {
	connection
	output
	All bool `help:"Include retired authorities."`
}

// authorityLine is an authority as the list shows it.
type authorityLine struct {
	Subject     string    `json:"subject"`
	Anchor      bool      `json:"anchor"` // where chains end
	Algorithm   string    `json:"algorithm"`
	NotAfter    time.Time `json:"notAfter"`
	Fingerprint string    `json:"fingerprint"`
	CRLs        []string  `json:"crls"`
	NoCRL       bool      `json:"noCrl"`
	RetiredAt   time.Time `json:"retiredAt,omitzero"`
}

// Run prints one paragraph for each authority.
func (c *cardRootsList) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	entries, err := store.LoadSettings[eport.Setting](ctx, s.Store, store.CardSettings)
	if err != nil {
		return err
	}
	lines := []authorityLine{}
	for _, e := range entries {
		if r := e.Value.Authority; r != nil && (c.All || r.RetiredAt.IsZero()) {
			l, err := authorityLineOf(*r)
			if err != nil {
				return fmt.Errorf("%s: %w", e.Name, err)
			}
			lines = append(lines, l)
		}
	}
	return c.print(os.Stdout, lines, func(w io.Writer) {
		for _, l := range lines {
			l.print(w)
		}
	})
}

func authorityLineOf(r eport.AuthorityRecord) (authorityLine, error) {
	a, err := r.Authority()
	if err != nil {
		return authorityLine{}, err
	}
	return authorityLine{
		Subject: a.Certificate.Subject.String(), Anchor: a.Anchor(), Algorithm: a.Certificate.SignatureAlgorithm.String(),
		NotAfter: a.Certificate.NotAfter.UTC(), Fingerprint: eport.Fingerprint(a.Certificate),
		CRLs: append([]string{}, r.CRLs...), NoCRL: r.NoCRL, RetiredAt: r.RetiredAt,
	}, nil
}

func (l authorityLine) print(w io.Writer) {
	role := "intermediate"
	if l.Anchor {
		role = "anchor"
	}
	say(w, "%s\n  %s, %s, valid until %s\n  fingerprint %s", l.Subject, role, l.Algorithm, date(l.NotAfter), l.Fingerprint)
	for _, address := range l.CRLs {
		say(w, "  revocation list %s", address)
	}
	if l.NoCRL {
		say(w, "  publishes no revocation list")
	}
	if !l.RetiredAt.IsZero() {
		say(w, "  retired %s", date(l.RetiredAt))
	}
}

func date(t time.Time) string { return t.UTC().Format(time.RFC3339) }

type cardRootsRetire struct {
	connection
	output
	Fingerprint string `arg:"" help:"The authority's fingerprint, or at least its first 8 digits."`
}

// Run retires the one authority whose fingerprint begins with the given digits.
func (c *cardRootsRetire) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	name, err := findAuthority(ctx, s, c.Fingerprint)
	if err != nil {
		return err
	}
	var after eport.AuthorityRecord
	err = store.ChangeSetting(ctx, s.Store, store.CardSettings, name, func(e *store.Setting[eport.Setting]) error {
		if e.Value.Authority == nil {
			return noAuthority(c.Fingerprint)
		}
		if e.Value.Authority.RetiredAt.IsZero() {
			e.Value.Authority.RetiredAt = s.Now().UTC()
		}
		after = *e.Value.Authority
		return nil
	})
	if err != nil {
		return err
	}
	line, err := authorityLineOf(after)
	if err != nil {
		return err
	}
	return c.print(os.Stdout, line, func(w io.Writer) {
		say(w, "Retired. The service refuses its cards within a minute.")
	})
}

func findAuthority(ctx context.Context, s service, fingerprint string) (name string, err error) {
	const shortest = 8
	if len(fingerprint) < shortest {
		return "", fmt.Errorf("fingerprint %q: want at least %d digits", fingerprint, shortest)
	}
	entries, err := store.LoadSettings[eport.Setting](ctx, s.Store, store.CardSettings)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if e.Value.Authority == nil {
			continue
		}
		a, err := e.Value.Authority.Authority()
		if err != nil || !strings.HasPrefix(eport.Fingerprint(a.Certificate), strings.ToLower(fingerprint)) {
			continue
		}
		if name != "" {
			return "", fmt.Errorf("fingerprint %s: several authorities begin with it: give more digits", fingerprint)
		}
		name = e.Name
	}
	if name == "" {
		return "", noAuthority(fingerprint)
	}
	return name, nil
}

func noAuthority(fingerprint string) error {
	return fmt.Errorf("there is no authority %s: realname card roots list shows them", fingerprint)
}
