package realname

import (
	"encoding/json"
	"fmt"
	"time"

	"realname/shared/idcode"
)

// Identity is a person and the further data of the ID document that the account
// page asks for: the issuing country and, for a resident ID card, the validity. It
// is sealed like a Person and can be opened as one.
type Identity struct {
	Person
	IssuingCountry string `json:"issuingCountry,omitempty"` // CHN, ISO 3166-1 alpha-3
	ValidFrom      string `json:"validFrom,omitempty"`      // YYYYMMDD
	ValidTo        string `json:"validTo,omitempty"`        // YYYYMMDD, 00000000 = long-term
}

// china3 is the only issuing country that the service accepts (manual,
// 修改法定代表人信息, rule 1).
const china3 = "CHN"

// Identity normalizes and validates an identity of the account page. A passport
// requires the issuing country; only a resident ID card has dates of validity.
func (f *Fields) Identity(prefix string, i Identity, now time.Time) Identity {
	i.Person = f.Person(prefix, i.Person, now)
	i.IssuingCountry = idcode.NormalizeCode(i.IssuingCountry)
	switch {
	case i.IssuingCountry == "" && i.IDType == idcode.Passport:
		f.Add(prefix+"/issuingCountry", "issuing_country", "missing")
	case i.IssuingCountry != "" && i.IssuingCountry != china3:
		f.Add(prefix+"/issuingCountry", "issuing_country", "not_china")
	}
	if i.ValidFrom == "" && i.ValidTo == "" {
		return i
	}
	if i.IDType != idcode.ResidentID {
		f.Add(prefix+"/validFrom", "validity", "resident_id_only")
		return i
	}
	i.ValidFrom, i.ValidTo = f.Validity(i.ValidFrom, i.ValidTo, now)
	return i
}

// OpenIdentity decrypts a sealed identity; "" gives the zero Identity.
func OpenIdentity(s Sealer, sealed Sealed, item, field string) (Identity, error) {
	if sealed == "" {
		return Identity{}, nil
	}
	plain, err := s.Open(sealed, item, field)
	if err != nil {
		return Identity{}, fmt.Errorf("open %s: %w", field, err)
	}
	var i Identity
	if err := json.Unmarshal(plain, &i); err != nil {
		return Identity{}, fmt.Errorf("decode %s: %w", field, err)
	}
	i.Name = idcode.NormalizeName(i.Name) // version 1.0.0 stored names in compatibility form
	return i, nil
}

// SealIdentity encrypts an identity for one field of one item.
func SealIdentity(s Sealer, i Identity, item, field string) (Sealed, error) {
	plain, err := json.Marshal(i)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", field, err)
	}
	return s.Seal(plain, item, field)
}
