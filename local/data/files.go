package data

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"

	"realname/local/sandbox/provider"
	"realname/shared/accountfile"
	"realname/shared/idcode"
	"realname/shared/realname"
)

//go:embed demo/*.csv
var demo embed.FS

// Demo returns the built-in demonstration data. All of it is fictitious.
func Demo() fs.FS {
	sub, err := fs.Sub(demo, "demo")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return sub
}

// Account is one row of accounts.csv.
type Account struct {
	LoginName, Password string
	Origin              realname.Origin
	Enterprise          realname.SessionEnterprise
	OrgCode, Address    string
	LegalRepresentative realname.Person // zero if not given
	Administrator       realname.Person
	Mobile, Email       string
	Region              string
	line                int
}

// Set is the content of the files.
type Set struct {
	Accounts []Account
	Sandbox  provider.Data
	Warnings []string // values that only look unusual, by file, line and column
}

// placed records the content and the line of each key in a file.
type placed[T comparable] map[string]struct {
	said T
	line int
}

// once reports whether the key of the row is new. It ignores a row that repeats an
// earlier one. A different row with the same key is an error.
func (p placed[T]) once(r row, column, key string, said T) (bool, error) {
	before, known := p[key]
	if !known {
		p[key] = struct {
			said T
			line int
		}{said, r.Line}
		return true, nil
	}
	if before.said != said {
		return false, r.fail(column, "line %d says something else of it", before.line)
	}
	return false, nil
}

// reading is the state while the files of a set are read.
type reading struct {
	Set
	now        time.Time
	logins     map[string]int // the line of each login name
	names      placed[string]
	first      map[string]int // an enterprise's first account
	registry   placed[provider.Enterprise]
	identities placed[provider.Identity]
	cards      placed[provider.Card]
}

// Read reads accounts.csv, registry.csv, identities.csv and bank-cards.csv. Only
// accounts.csv must exist; any other missing file has no rows.
func Read(dir fs.FS, now time.Time) (Set, error) {
	if _, err := fs.Stat(dir, "accounts.csv"); err != nil {
		return Set{}, fmt.Errorf("accounts.csv: %w", err)
	}
	s := &reading{
		now: now, logins: map[string]int{}, names: placed[string]{}, first: map[string]int{},
		registry:   placed[provider.Enterprise]{},
		identities: placed[provider.Identity]{}, cards: placed[provider.Card]{},
	}
	err := errors.Join(
		readFile(dir, "accounts.csv", accountfile.Columns(), s.account),
		readFile(dir, "registry.csv", []string{
			"name", "uscc", "orgCode", "legalRepName", "legalRepIdType", "legalRepIdNumber", "operatingStatus", "covered",
		}, s.enterprise),
		readFile(dir, "identities.csv", []string{"name", "idNumber", "validFrom", "validTo"}, s.identity),
		readFile(dir, "bank-cards.csv", []string{"name", "idType", "idNumber", "cardNumber", "mobile", "state"}, s.card),
	)
	return s.Set, err
}

// maxRegion is the maximum length of a region, in characters.
const maxRegion = 20

func (s *reading) account(r row) error {
	a, faults, warnings := r.Parse(s.now)
	for _, f := range faults {
		switch f.Column {
		case "region": // a demonstration may name places of its own
			if a.Region = r.get("region"); f.Rule == "unknown" && utf8.RuneCountInString(a.Region) <= maxRegion {
				continue
			}
		case "origin", "legalRepIdType", "adminIdType": // words, not personal data
			return r.fail(f.Column, "%s: %q: %s", f.Rule, r.get(f.Column), f.Explain())
		}
		return r.fail(f.Column, "%s: %s", f.Rule, f.Explain())
	}
	s.warn(r, warnings)
	folded := strings.ToLower(a.LoginName)
	if at, twice := s.logins[folded]; twice {
		return r.fail("loginName", "is in line %d already", at)
	}
	s.logins[folded] = r.Line
	if _, err := s.names.once(r, "enterpriseName", a.USCC, idcode.NameKey(a.EnterpriseName)); err != nil {
		return err
	}
	s.Accounts = append(s.Accounts, Account{
		LoginName: a.LoginName, Password: a.Password, Origin: a.Origin,
		Enterprise: realname.SessionEnterprise{Name: a.EnterpriseName, USCC: a.USCC},
		OrgCode:    a.OrgCode, Address: a.Address,
		LegalRepresentative: a.LegalRepresentative, Administrator: a.Administrator,
		Mobile: a.Mobile, Email: a.Email, Region: a.Region, line: r.Line,
	})
	s.complete(len(s.Accounts) - 1)
	return nil
}

func (s *reading) unusual(r row, column string, err error) {
	if err != nil {
		s.warn(r, []accountfile.Fault{{Line: r.Line, Column: column, Rule: idcode.RuleOf(err)}})
	}
}

// warn records values that only look unusual.
func (s *reading) warn(r row, warnings []accountfile.Fault) {
	for _, w := range warnings {
		s.Warnings = append(s.Warnings, r.fail(w.Column, "%s: %s", w.Rule, w.Explain()).Error())
	}
}

// complete adds facts of an enterprise from a later row to its first account,
// whose row creates the enterprise.
func (s *reading) complete(at int) {
	a := s.Accounts[at]
	i, known := s.first[a.Enterprise.USCC]
	if !known {
		s.first[a.Enterprise.USCC] = at
		return
	}
	if f := &s.Accounts[i]; f.LegalRepresentative == (realname.Person{}) {
		f.LegalRepresentative = a.LegalRepresentative
	}
	if f := &s.Accounts[i]; f.Address == "" {
		f.Address = a.Address
	}
}

func (s *reading) enterprise(r row) error {
	e := provider.Enterprise{}
	var err error
	if e.USCC, e.OrgCode, err = r.codes(); err != nil {
		return err
	}
	s.unusual(r, "uscc", idcode.UnusualUSCC(e.USCC))
	if e.Name, err = r.enterpriseName("name", e.USCC); err != nil {
		return err
	}
	if e.Covered, err = covered(r); err != nil {
		return err
	}
	// Facts that the registry does not check may be missing.
	if e.Covered || r.get("legalRepName") != "" || r.get("legalRepIdNumber") != "" {
		if e.LegalRepresentative, err = r.person("legalRep", s.now); err != nil {
			return err
		}
	}
	if e.Covered || r.get("operatingStatus") != "" {
		if e.OperatingStatus, err = operatingStatus(r); err != nil {
			return err
		}
	}
	if fresh, err := s.registry.once(r, "uscc", e.USCC, e); err != nil || !fresh {
		return err
	}
	e.Name, e.LegalRepresentative.Name = r.recorded("name"), r.recorded("legalRepName")
	s.Sandbox.Registry = append(s.Sandbox.Registry, e)
	return nil
}

func (s *reading) identity(r row) error {
	name, err := r.personName("name")
	if err != nil {
		return err
	}
	number := idcode.NormalizeCode(r.get("idNumber"))
	if err := idcode.ValidateResidentID(number, s.now); err != nil {
		return r.fail("idNumber", "%v", err)
	}
	from, to := idcode.NormalizeCode(r.get("validFrom")), idcode.NormalizeCode(r.get("validTo"))
	if err := idcode.ValidateValidityRange(from, to); err != nil {
		return r.fail("validFrom, validTo", "%v", err)
	}
	i := provider.Identity{Name: name, IDNumber: number, ValidFrom: from, ValidTo: to}
	if fresh, err := s.identities.once(r, "idNumber", number, i); err != nil || !fresh {
		return err
	}
	i.Name = r.recorded("name")
	s.Sandbox.Identities = append(s.Sandbox.Identities, i)
	return nil
}

func (s *reading) card(r row) error {
	c := provider.Card{CardNumber: idcode.NormalizeCode(r.get("cardNumber"))}
	var err error
	if c.Holder, err = r.personIn("name", "idType", "idNumber", s.now); err != nil {
		return err
	}
	if err := idcode.ValidateBankCard(c.CardNumber); err != nil {
		return r.fail("cardNumber", "%v", err)
	}
	s.unusual(r, "cardNumber", idcode.UnusualBankCard(c.CardNumber))
	if c.Mobile, err = r.mobile("mobile"); err != nil {
		return err
	}
	if c.Code, err = cardState(r); err != nil {
		return err
	}
	if fresh, err := s.cards.once(r, "cardNumber", c.CardNumber, c); err != nil || !fresh {
		return err
	}
	c.Holder.Name = r.recorded("name")
	s.Sandbox.Cards = append(s.Sandbox.Cards, c)
	return nil
}
