// Package world invents the enterprises that the end-to-end suite verifies. It
// writes them as data files of the embedded default, so that a stack elsewhere
// can load the same ones. All codes have valid check digits, except those of Unusual.
package world

import (
	"fmt"
	"time"

	"realname/shared/idcode"
)

// Kind names the special case that an enterprise of the world covers.
type Kind string

// The kinds, named after their special case.
const (
	Pass            Kind = "pass"
	LongTerm        Kind = "long-term"
	NotCovered      Kind = "not-covered"
	NotInBusiness   Kind = "not-in-business"
	Passport        Kind = "passport"
	LostCard        Kind = "lost-card"
	NoIDData        Kind = "no-id-data"
	RegisteredHere  Kind = "registered"
	LogsInWithACard Kind = "card-login"
	Unusual         Kind = "unusual" // a code and bank cards in use against the standards
)

// kinds lists the enterprises of the world, in order.
var kinds = []struct {
	kind  Kind
	count int
}{
	{Pass, 420},
	{LongTerm, 2},
	{NotCovered, 3},
	{NotInBusiness, 3},
	{Passport, 4},
	{LostCard, 3},
	{NoIDData, 3},
	{RegisteredHere, 2},
	{LogsInWithACard, 2},
	{Unusual, 1},
}

// Password is the password of every account.
const Password = "World-2026-realname"

// Person is an invented person with a bank card.
type Person struct {
	Name, IDType, IDNumber, ValidFrom, ValidTo, CardNumber, Mobile string
}

// Enterprise is an invented enterprise with its one account.
type Enterprise struct {
	Kind                    Kind
	LoginName               string
	Name, USCC, OrgCode     string
	LegalRepresentative     Person
	Administrator           Person
	Origin, OperatingStatus string
	Covered                 bool
	CardState               string
}

// Enterprises returns all enterprises of the world, always the same.
func Enterprises() []Enterprise {
	var all []Enterprise
	for _, k := range kinds {
		for range k.count {
			all = append(all, enterprise(k.kind, len(all)))
		}
	}
	return all
}

// Few returns the first enterprises of each kind, at most the given number of
// each.
func Few(most int) []Enterprise {
	var few []Enterprise
	taken := map[Kind]int{}
	for _, e := range Enterprises() {
		if taken[e.Kind]++; taken[e.Kind] <= most {
			few = append(few, e)
		}
	}
	return few
}

// Passing returns any number of enterprises of the kind Pass, the first of which are
// also those of the world.
func Passing(n int) []Enterprise {
	all := make([]Enterprise, n)
	for i := range all {
		all[i] = enterprise(Pass, i)
	}
	return all
}

// Codes invents both codes of an enterprise. From n = 500 on, they belong to no
// enterprise of the world.
func Codes(n int) (uscc, org string) {
	org = fmt.Sprintf("MB%06d", n)
	check, _ := idcode.OrgCodeCheck(org)
	org += string(check)
	uscc = "91130100" + org
	check, _ = idcode.USCCCheck(uscc)
	return uscc + string(check), org
}

func enterprise(kind Kind, n int) Enterprise {
	uscc, org := Codes(n)
	e := Enterprise{
		Kind: kind, LoginName: fmt.Sprintf("world-%d", n), Name: "河北寰宇" + chinese(n) + "贸易有限公司", USCC: uscc, OrgCode: org,
		LegalRepresentative: person("法"+chinese(n), "130105", "139", "622202", n),
		Administrator:       person("管"+chinese(n), "130104", "138", "622203", n),
		Origin:              "migrated_inspection", OperatingStatus: "in_business", Covered: true, CardState: "ok",
	}
	switch kind {
	case LongTerm:
		e.LegalRepresentative.ValidTo = "00000000"
	case NotCovered:
		e.Covered = false
	case NotInBusiness:
		e.OperatingStatus = "deregistered"
	case Passport:
		e.LegalRepresentative.IDType, e.LegalRepresentative.IDNumber = "passport", fmt.Sprintf("E%08d", n)
	case LostCard:
		e.CardState = "reported_lost"
	case RegisteredHere:
		e.Origin = "single_window"
	case LogsInWithACard:
		e.Origin = "ic_card"
	case Unusual:
		e.USCC, e.OrgCode = "91350203M0001QKT19", "M0001QKT1"
		e.LegalRepresentative.CardNumber = withoutLuhn(e.LegalRepresentative.CardNumber)
		e.Administrator.CardNumber = withoutLuhn(e.Administrator.CardNumber)
	}
	return e
}

func person(name, region, network, issuer string, n int) Person {
	birth := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)
	id := region + birth.Format("20060102") + fmt.Sprintf("%03d", n%1000)
	check, _ := idcode.ResidentIDCheck(id)
	card := fmt.Sprintf("%s%09d", issuer, n)
	luhn, _ := idcode.BankCardCheck(card)
	return Person{
		Name: name, IDType: "resident_id", IDNumber: id + string(check), ValidFrom: "20180312", ValidTo: "20380312",
		CardNumber: card + string(luhn), Mobile: fmt.Sprintf("%s%08d", network, n),
	}
}

// withoutLuhn changes the check digit of a card.
func withoutLuhn(card string) string {
	last := len(card) - 1
	return card[:last] + string('0'+(card[last]-'0'+1)%10)
}

// ResidentID invents the resident ID number of a person outside the world.
func ResidentID(region string, year, n int) string {
	id := region + time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%365).Format("20060102") +
		fmt.Sprintf("%03d", n/365%1000)
	check, _ := idcode.ResidentIDCheck(id)
	return id + string(check)
}

func chinese(n int) string {
	text := ""
	for _, digit := range fmt.Sprintf("%03d", n) {
		text += string([]rune("甲乙丙丁戊己庚辛壬癸")[digit-'0'])
	}
	return text
}
