package accountfile

import (
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"realname/shared/accounts"
	"realname/shared/idcode"
	"realname/shared/realname"
)

// Account is a row that satisfies every rule.
type Account struct {
	Line                int
	LoginName           string
	Password            string // empty for an account that its user will activate
	Origin              realname.Origin
	EnterpriseName      string
	USCC, OrgCode       string
	Address             string
	LegalRepresentative realname.Person // zero when not given
	Administrator       realname.Person
	Mobile, Email       string
	Region              string
}

// Limits of texts, in characters. They equal the limits of the requests with the same
// fields.
const (
	MaxLoginName = 64
	MaxPassword  = 128
	MaxAddress   = 200
	MaxRegion    = 20
	MaxEmail     = 254
)

// parser collects the faults of one row.
type parser struct {
	row    Row
	today  time.Time
	faults []Fault
}

// Parse checks a row against every rule and returns all faults at once. A missing
// organization code is derived from the USCC.
func (r Row) Parse(today time.Time) (Account, []Fault) {
	p := &parser{row: r, today: today}
	a := Account{Line: r.Line, LoginName: p.text("loginName", 1, MaxLoginName), Password: r.cells["password"]}
	if utf8.RuneCountInString(a.Password) > MaxPassword || strings.ContainsFunc(a.Password, unicode.IsControl) {
		p.fault("password", "length")
	}
	var known bool
	if a.Origin, known = realname.ParseOrigin(p.get("origin")); !known {
		p.fault("origin", "unknown")
	}
	a.EnterpriseName = p.name("enterpriseName", func(name string) error {
		return idcode.ValidateEnterpriseName(name, idcode.NormalizeCode(p.get("uscc")))
	})
	a.USCC, a.OrgCode = p.codes()
	a.Address = p.text("address", 0, MaxAddress)
	if p.get("legalRepName")+p.get("legalRepIdType")+p.get("legalRepIdNumber") != "" {
		a.LegalRepresentative = p.person("legalRep")
	}
	a.Administrator = p.person("admin")
	if p.get("mobile") != "" {
		a.Mobile = idcode.NormalizeMobile(p.get("mobile"))
		p.check("mobile", idcode.ValidateMobile(a.Mobile))
	}
	a.Email = p.email()
	a.Region = p.text("region", 0, MaxRegion)
	if region, ok := accounts.ParseRegion(a.Region); ok {
		a.Region = region
	}
	return a, p.faults
}

func (p *parser) get(column string) string {
	return strings.TrimSpace(norm.NFKC.String(p.row.cells[column]))
}

func (p *parser) fault(column, rule string) {
	p.faults = append(p.faults, Fault{Line: p.row.Line, Column: column, Rule: rule})
}

func (p *parser) check(column string, err error) {
	var broken *idcode.Error
	if errors.As(err, &broken) {
		p.fault(column, string(broken.Rule))
	} else if err != nil {
		p.fault(column, "format")
	}
}

func (p *parser) text(column string, least, most int) string {
	text := p.get(column)
	if n := utf8.RuneCountInString(text); n < least || n > most {
		p.fault(column, "length")
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		p.fault(column, "control_character")
	}
	return text
}

// name reads the cell as it is: NFKC would change what the document says.
func (p *parser) name(column string, validate func(string) error) string {
	name := idcode.NormalizeName(p.row.cells[column])
	p.check(column, validate(name))
	return name
}

func (p *parser) codes() (uscc, org string) {
	uscc, org = idcode.NormalizeCode(p.get("uscc")), idcode.NormalizeCode(p.get("orgCode"))
	if err := idcode.ValidateUSCC(uscc); err != nil {
		p.check("uscc", err)
		return uscc, org
	}
	p.check("uscc", idcode.UnusualUSCC(uscc))
	if org == "" {
		org = idcode.OrgCodeOf(uscc)
	}
	if !idcode.OrgCodeMatches(uscc, org) {
		p.fault("orgCode", "differs_from_uscc")
	}
	return uscc, org
}

func (p *parser) person(prefix string) realname.Person {
	person := realname.Person{
		Name: p.name(prefix+"Name", idcode.ValidatePersonName), IDNumber: idcode.NormalizeCode(p.get(prefix + "IdNumber")),
	}
	idType, known := idcode.ParseIDType(p.get(prefix + "IdType"))
	if !known {
		p.fault(prefix+"IdType", "unknown")
		return person
	}
	person.IDType = idType
	p.check(prefix+"IdNumber", idcode.ValidateID(idType, person.IDNumber, p.today))
	return person
}

func (p *parser) email() string {
	email := p.get("email")
	if email == "" {
		return ""
	}
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email || len(email) > MaxEmail {
		p.fault("email", "format")
	}
	return email
}
