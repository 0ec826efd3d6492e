package data

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"realname/shared/idcode"
	"realname/shared/provider/sandbox"
	"realname/shared/realname"
)

//go:embed demo/*.csv
var demo embed.FS

// Demo is the built-in demonstration data; all of it is invented.
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
	LegalRepresentative realname.Person // zero when not given
	Administrator       realname.Person
	Mobile, Email       string
	Region              string
	line                int
}

// Set is everything that the files hold.
type Set struct {
	Accounts []Account
	Sandbox  sandbox.Data
}

// Read reads accounts.csv, registry.csv, identities.csv and bank-cards.csv.
// accounts.csv has to be there; another file that is missing has no rows.
func Read(dir fs.FS, now time.Time) (Set, error) {
	if _, err := fs.Stat(dir, "accounts.csv"); err != nil {
		return Set{}, fmt.Errorf("accounts.csv: %w", err)
	}
	s := &Set{}
	logins := map[string]int{}
	err := errors.Join(
		readFile(dir, "accounts.csv", []string{
			"loginName", "password", "origin", "enterpriseName", "uscc", "orgCode", "address", "legalRepName", "legalRepIdType",
			"legalRepIdNumber", "adminName", "adminIdType", "adminIdNumber", "mobile", "email", "region",
		}, func(r row) error { return s.account(r, logins, now) }),
		readFile(dir, "registry.csv", []string{
			"name", "uscc", "orgCode", "legalRepName", "legalRepIdType", "legalRepIdNumber", "operatingStatus", "covered",
		}, func(r row) error { return s.enterprise(r, now) }),
		readFile(dir, "identities.csv", []string{"name", "idNumber", "validFrom", "validTo"}, func(r row) error { return s.identity(r, now) }),
		readFile(dir, "bank-cards.csv", []string{"name", "idType", "idNumber", "cardNumber", "mobile", "state"}, func(r row) error { return s.card(r, now) }),
	)
	return *s, err
}

func (s *Set) account(r row, logins map[string]int, now time.Time) error {
	a := Account{LoginName: r.get("loginName"), Password: r.cells["password"], Address: r.get("address"), Region: r.get("region"), Email: r.get("email"), line: r.line}
	if a.LoginName == "" || len([]rune(a.LoginName)) > 64 {
		return r.fail("loginName", "1 to 64 characters are needed")
	}
	folded := strings.ToLower(a.LoginName)
	if at, twice := logins[folded]; twice {
		return r.fail("loginName", "is in line %d already", at)
	}
	logins[folded] = r.line
	var known bool
	if a.Origin, known = realname.ParseOrigin(r.get("origin")); !known {
		return r.fail("origin", "%q is none of migrated_inspection, migrated_local, single_window, ic_card", r.get("origin"))
	}
	var err error
	if a.Enterprise.Name, err = r.name("enterpriseName"); err != nil {
		return err
	}
	if a.Enterprise.USCC, a.OrgCode, err = r.codes(); err != nil {
		return err
	}
	if r.get("legalRepName") != "" || r.get("legalRepIdNumber") != "" {
		if a.LegalRepresentative, err = r.person("legalRep", now); err != nil {
			return err
		}
	}
	if a.Administrator, err = r.person("admin", now); err != nil {
		return err
	}
	if r.get("mobile") != "" {
		if a.Mobile, err = r.mobile("mobile"); err != nil {
			return err
		}
	}
	s.Accounts = append(s.Accounts, a)
	return nil
}

func (s *Set) enterprise(r row, now time.Time) error {
	e := sandbox.Enterprise{}
	var err error
	if e.Name, err = r.name("name"); err != nil {
		return err
	}
	if e.USCC, e.OrgCode, err = r.codes(); err != nil {
		return err
	}
	if e.LegalRepresentative, err = r.person("legalRep", now); err != nil {
		return err
	}
	if e.OperatingStatus, err = operatingStatus(r); err != nil {
		return err
	}
	if e.Covered, err = covered(r); err != nil {
		return err
	}
	s.Sandbox.Registry = append(s.Sandbox.Registry, e)
	return nil
}

func (s *Set) identity(r row, now time.Time) error {
	name, err := r.name("name")
	if err != nil {
		return err
	}
	number := idcode.NormalizeCode(r.get("idNumber"))
	if err := idcode.ValidateResidentID(number, now); err != nil {
		return r.fail("idNumber", "%v", err)
	}
	from, to := idcode.NormalizeCode(r.get("validFrom")), idcode.NormalizeCode(r.get("validTo"))
	if err := idcode.ValidateValidityRange(from, to); err != nil {
		return r.fail("validFrom, validTo", "%v", err)
	}
	s.Sandbox.Identities = append(s.Sandbox.Identities, sandbox.Identity{Name: name, IDNumber: number, ValidFrom: from, ValidTo: to})
	return nil
}

func (s *Set) card(r row, now time.Time) error {
	c := sandbox.Card{CardNumber: idcode.NormalizeCode(r.get("cardNumber"))}
	var err error
	if c.Holder, err = r.personIn("name", "idType", "idNumber", now); err != nil {
		return err
	}
	if err := idcode.ValidateBankCard(c.CardNumber); err != nil {
		return r.fail("cardNumber", "%v", err)
	}
	if c.Mobile, err = r.mobile("mobile"); err != nil {
		return err
	}
	if c.Code, err = cardState(r); err != nil {
		return err
	}
	s.Sandbox.Cards = append(s.Sandbox.Cards, c)
	return nil
}

func (r row) name(column string) (string, error) {
	name := idcode.NormalizeName(r.get(column))
	if err := idcode.ValidateName(name); err != nil {
		return "", r.fail(column, "%v", err)
	}
	return name, nil
}

func (r row) mobile(column string) (string, error) {
	m := idcode.NormalizeMobile(r.get(column))
	if err := idcode.ValidateMobile(m); err != nil {
		return "", r.fail(column, "%v", err)
	}
	return m, nil
}

// codes reads uscc and orgCode; the second follows from the first when empty.
func (r row) codes() (uscc, org string, err error) {
	uscc, org = idcode.NormalizeCode(r.get("uscc")), idcode.NormalizeCode(r.get("orgCode"))
	if err := idcode.ValidateUSCC(uscc); err != nil {
		return "", "", r.fail("uscc", "%v", err)
	}
	if org == "" {
		org = idcode.OrgCodeOf(uscc)
	}
	if !idcode.OrgCodeMatches(uscc, org) {
		return "", "", r.fail("orgCode", "differs from characters 9 to 17 of uscc")
	}
	return uscc, org, nil
}

func (r row) person(prefix string, now time.Time) (realname.Person, error) {
	return r.personIn(prefix+"Name", prefix+"IdType", prefix+"IdNumber", now)
}

func (r row) personIn(nameColumn, typeColumn, numberColumn string, now time.Time) (realname.Person, error) {
	name, err := r.name(nameColumn)
	if err != nil {
		return realname.Person{}, err
	}
	idType, known := idcode.ParseIDType(r.get(typeColumn))
	if !known {
		return realname.Person{}, r.fail(typeColumn, "%q is no ID type", r.get(typeColumn))
	}
	number := idcode.NormalizeCode(r.get(numberColumn))
	if err := idcode.ValidateID(idType, number, now); err != nil {
		return realname.Person{}, r.fail(numberColumn, "%v", err)
	}
	return realname.Person{Name: name, IDType: idType, IDNumber: number}, nil
}

func operatingStatus(r row) (int, error) {
	text := word(r.get("operatingStatus"))
	for code, name := range map[int]string{
		1: "in_business", 2: "moved_out", 3: "deregistered", 4: "revoked", 5: "withdrawn", 6: "suspended", 0: "other", -10002: "not_found",
	} {
		if text == name || text == strconv.Itoa(code) {
			return code, nil
		}
	}
	return 0, r.fail("operatingStatus", "%q is no operating status", text)
}

func covered(r row) (bool, error) {
	switch word(r.get("covered")) {
	case "true", "yes", "y", "1", "是":
		return true, nil
	case "false", "no", "n", "0", "否":
		return false, nil
	}
	return false, r.fail("covered", "%q is neither true nor false", r.get("covered"))
}

// cardState reads a state of bank-cards.csv: ok, a reason of
// BankCard4EVerification in words, or its code.
func cardState(r row) (int, error) {
	text := word(r.get("state"))
	for code, names := range map[int][]string{
		0: {"ok"}, -1: {"fail", "failed", "mismatch"}, -2: {"name"}, -3: {"id_number"}, -4: {"card_format"}, -5: {"phone"},
		-6: {"holder_data_wrong"}, -7: {"not_enabled", "not_enabled_for_cardless_payment", "card_not_enabled_for_card_less_payment", "card_not_enabled"},
		-8: {"confiscated"}, -9: {"invalid", "invalid_card"}, -10: {"no_issuer"},
		-11: {"dormant", "uninitialised", "uninitialised_or_dormant"}, -12: {"fraud", "fraud_card"}, -13: {"lost", "reported_lost"},
		-14: {"expired"}, -15: {"restricted", "frozen"}, -16: {"pin_tries_exceeded"}, -17: {"not_supported", "not_supported_by_issuer"},
		-18: {"busy", "service_busy"}, -19: {"limit", "limited", "limit_next_day", "limit,_next_day"}, -20: {"id_type_not_supported"},
		-21: {"abnormal", "closed", "card_state_abnormal", "state_abnormal"},
	} {
		for _, name := range append(names, strconv.Itoa(code)) {
			if text == name {
				return code, nil
			}
		}
	}
	return 0, r.fail("state", "%q is no state of a bank card", r.get("state"))
}

// word makes the spellings of a word alike; a sign before a number stays.
func word(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if _, err := strconv.Atoi(s); err == nil {
		return s
	}
	return strings.NewReplacer(" ", "_", "-", "_").Replace(s)
}
