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

// card is what operators do about E-Port cards: whom to trust, what to accept,
// and what the service reads from a certificate.
type card struct {
	Roots   cardRoots   `cmd:"" help:"Authorities whose cards are accepted, and their revocation lists."`
	Policy  cardPolicy  `cmd:"" help:"Show or change what is accepted of a card."`
	Inspect cardInspect `cmd:"" help:"Print what the service reads from a certificate, and why it accepts or refuses it."`
}

type cardRoots struct {
	Add    cardRootsAdd    `cmd:"" help:"Trust an authority. A self-signed one is where chains end; others stand between it and the cards."`
	List   cardRootsList   `cmd:"" help:"List the authorities."`
	Retire cardRootsRetire `cmd:"" help:"Trust an authority no more; it stays on record."`
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
	CRL   []string `name:"crl" placeholder:"URL" help:"Address of its revocation list; can be repeated, for mirrors or parts."`
	NoCRL bool     `name:"no-crl" help:"It publishes no revocation list, and that is accepted."`
}

// Run stores the authority. Adding a retired one again trusts it again, and
// adding one that is there changes the addresses of its lists.
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
		return errors.New("--crl and --no-crl exclude each other")
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
	role := "an authority between an anchor and the cards"
	if a.Anchor() {
		role = "an anchor"
	}
	return c.print(os.Stdout, line, func(w io.Writer) {
		say(w, "%s is trusted as %s, within a minute everywhere.\n  fingerprint %s", line.Subject, role, line.Fingerprint)
	})
}

type cardRootsList struct {
	connection
	output
	All bool `help:"Retired ones too."`
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
	role := "between anchor and cards"
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
	Fingerprint string `arg:"" help:"The authority's fingerprint, or at least 8 of its first digits."`
}

// Run retires the one authority whose fingerprint begins so.
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
			return fmt.Errorf("there is no authority %s", c.Fingerprint)
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
		say(w, "Retired: its cards are refused within a minute everywhere.")
	})
}

func findAuthority(ctx context.Context, s service, fingerprint string) (name string, err error) {
	const shortest = 8
	if len(fingerprint) < shortest {
		return "", fmt.Errorf("give at least %d digits of the fingerprint", shortest)
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
			return "", fmt.Errorf("%s is the beginning of several fingerprints", fingerprint)
		}
		name = e.Name
	}
	if name == "" {
		return "", fmt.Errorf("there is no authority %s", fingerprint)
	}
	return name, nil
}
