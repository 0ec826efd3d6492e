package data

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"realname/shared/accountfile"
	"realname/shared/idcode"
	"realname/shared/realname"
)

// row is one line of a file, by column.
type row struct {
	file string
	accountfile.Row
}

// get returns a cell without surrounding spaces and in NFKC, like the fields of a
// request.
func (r row) get(column string) string {
	return strings.TrimSpace(norm.NFKC.String(r.Cell(column)))
}

func (r row) fail(column, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s: %s", r.file, r.Line, column, fmt.Sprintf(format, args...))
}

// personName and enterpriseName read the cell as it is: NFKC would change what the
// document says.
func (r row) personName(column string) (string, error) {
	name := idcode.NormalizeName(r.Cell(column))
	if err := idcode.ValidatePersonName(name); err != nil {
		return "", r.fail(column, "%v", err)
	}
	return name, nil
}

func (r row) enterpriseName(column, uscc string) (string, error) {
	name := idcode.NormalizeName(r.Cell(column))
	if err := idcode.ValidateEnterpriseName(name, uscc); err != nil {
		return "", r.fail(column, "%v", err)
	}
	return name, nil
}

// recorded returns a name as a provider has it: in standard spelling, or in the other
// one if the cell has a private-use character.
func (r row) recorded(column string) string {
	spellings := idcode.Spellings(r.Cell(column))
	if strings.ContainsFunc(r.Cell(column), func(c rune) bool { return unicode.Is(unicode.Co, c) }) {
		return spellings[len(spellings)-1]
	}
	return spellings[0]
}

func (r row) mobile(column string) (string, error) {
	m := idcode.NormalizeMobile(r.get(column))
	if err := idcode.ValidateMobile(m); err != nil {
		return "", r.fail(column, "%v", err)
	}
	return m, nil
}

// codes reads uscc and orgCode. If orgCode is empty, it follows from uscc.
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
	name, err := r.personName(nameColumn)
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
