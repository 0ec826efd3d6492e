package provider

import "realname/shared/realname"

// Enterprise is one enterprise of the registry.
type Enterprise struct {
	Name, USCC, OrgCode string
	LegalRepresentative realname.Person
	OperatingStatus     int // of VerifyBizLicenseEnterprise4; 1 is in business
	Covered             bool
}

// Identity is one resident ID card.
type Identity struct{ Name, IDNumber, ValidFrom, ValidTo string }

// Card is one bank card. Code is the answer of BankCard4EVerification to a matching
// query; 0 means that the card is valid.
type Card struct {
	Holder             realname.Person
	CardNumber, Mobile string
	Code               int
}

// Data is the data of the sandbox, and of the simulators of providers.
type Data struct {
	Registry   []Enterprise
	Identities []Identity
	Cards      []Card
}

// Records are the data by their numbers.
type Records struct {
	Enterprises map[string]Enterprise // by USCC
	Identities  map[string]Identity   // by ID number
	Cards       map[string]Card       // by card number
}

// Records returns the data by their numbers.
func (d Data) Records() Records {
	r := Records{map[string]Enterprise{}, map[string]Identity{}, map[string]Card{}}
	for _, e := range d.Registry {
		r.Enterprises[e.USCC] = e
	}
	for _, i := range d.Identities {
		r.Identities[i.IDNumber] = i
	}
	for _, c := range d.Cards {
		r.Cards[c.CardNumber] = c
	}
	return r
}
