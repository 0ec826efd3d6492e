package accountfile

import (
	"cmp"
	"slices"
	"strings"
	"time"
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
// fields. A login name and a password are those of POST /v1/login: they exist already,
// so the rules of new ones do not apply.
const (
	maxLoginName = 64
	maxPassword  = 128
	maxAddress   = 200
)

// parser checks the cells of one row with the rules of requests. The pointer of a
// field is its column.
type parser struct {
	row    Row
	fields realname.Fields
}

// Parse checks a row against the rules of the API. It returns all faults at once, and
// as warnings the values that the API accepts only when they are confirmed. A missing
// organization code is derived from the USCC.
func (r Row) Parse(now time.Time) (a Account, faults, warnings []Fault) {
	p := &parser{row: r}
	a = Account{Line: r.Line, LoginName: p.loginName(), Password: r.cells["password"]}
	if utf8.RuneCountInString(a.Password) > maxPassword {
		p.fields.Add("password", "password", "length")
	}
	var known bool
	if a.Origin, known = realname.ParseOrigin(p.word("origin")); !known {
		p.fields.Add("origin", "origin", "unknown")
	}
	a.USCC, a.OrgCode = p.codes()
	a.EnterpriseName = p.fields.EnterpriseName("enterpriseName", r.cells["enterpriseName"], a.USCC)
	a.Address = p.fields.Text("address", r.cells["address"], 0, maxAddress)
	if p.given("legalRepName", "legalRepIdType", "legalRepIdNumber") {
		a.LegalRepresentative = p.person("legalRep", now)
	}
	a.Administrator = p.person("admin", now)
	if p.given("mobile") {
		a.Mobile = p.fields.Mobile("mobile", codeText(r.cells["mobile"]))
	}
	if p.given("email") {
		a.Email = p.fields.Email("email", r.cells["email"])
	}
	if p.given("region") {
		if a.Region, known = accounts.ParseRegion(p.word("region")); !known {
			p.fields.Add("region", "region_name", "unknown")
		}
	}
	faults, warnings = p.faults()
	return a, faults, warnings
}

// word returns a cell that holds a word of a list.
func (p *parser) word(column string) string {
	return strings.TrimFunc(norm.NFKC.String(p.row.cells[column]), isBlank)
}

func (p *parser) given(columns ...string) bool {
	for _, column := range columns {
		if !isBlankText(p.row.cells[column]) {
			return true
		}
	}
	return false
}

func (p *parser) loginName() string {
	name := strings.TrimSpace(norm.NFKC.String(p.row.cells["loginName"]))
	if n := utf8.RuneCountInString(name); n < 1 || n > maxLoginName {
		p.fields.Add("loginName", "login_name", "length")
	}
	return name
}

func (p *parser) codes() (uscc, org string) {
	uscc = p.fields.USCC("uscc", codeText(p.row.cells["uscc"]))
	if !p.given("orgCode") {
		return uscc, idcode.OrgCodeOf(uscc)
	}
	return uscc, p.fields.OrgCode("orgCode", codeText(p.row.cells["orgCode"]), uscc)
}

func (p *parser) person(prefix string, now time.Time) realname.Person {
	return p.fields.Person(prefix, realname.Person{
		Name: p.row.cells[prefix+"Name"], IDType: idcode.IDType(p.word(prefix + "IdType")),
		IDNumber: codeText(p.row.cells[prefix+"IdNumber"]),
	}, now)
}

// faults returns the faults and the warnings by column. A cell with a character that no
// request can have breaks only this rule.
func (p *parser) faults() (faults, warnings []Fault) {
	lost := map[string]bool{}
	for _, column := range Columns() {
		cell := p.row.cells[column]
		rule := ""
		switch {
		case strings.ContainsRune(cell, utf8.RuneError):
			rule = "lost_character"
		case strings.ContainsFunc(cell, realname.Unreadable):
			rule = string(idcode.RuleControl)
		default:
			continue
		}
		lost[column] = true
		faults = append(faults, Fault{p.row.Line, column, rule})
	}
	for _, e := range p.fields.Broken() {
		if column := columnOf(e.Pointer); !lost[column] {
			faults = append(faults, Fault{p.row.Line, column, p.rule(column, e.Rule)})
		}
	}
	for _, e := range p.fields.Unusual() {
		column := columnOf(e.Pointer)
		if rule := p.rule(column, e.Rule); rule != e.Rule {
			faults = append(faults, Fault{p.row.Line, column, rule})
		} else {
			warnings = append(warnings, Fault{p.row.Line, column, rule})
		}
	}
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Compare(slices.Index(Columns(), a.Column), slices.Index(Columns(), b.Column))
	})
	return faults, warnings
}

// rule replaces the rule of a code that a spreadsheet changed.
func (p *parser) rule(column, rule string) string {
	switch column {
	case "uscc", "orgCode", "legalRepIdNumber", "adminIdNumber", "mobile":
		return numberRule(p.row.cells[column], rule)
	}
	return rule
}

// columnOf returns the column of a field: adminIdType for admin/idType.
func columnOf(pointer string) string {
	prefix, field, nested := strings.Cut(pointer, "/")
	if !nested {
		return pointer
	}
	return prefix + strings.ToUpper(field[:1]) + field[1:]
}
