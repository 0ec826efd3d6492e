package realname

import (
	"encoding/json"
	"fmt"

	"realname/shared/idcode"
)

// SamePerson reports whether both are the same person: the same document and the same
// name, as idcode compares them.
func SamePerson(a, b Person) bool {
	return idcode.SameNumber(a.IDType, a.IDNumber, b.IDType, b.IDNumber) && idcode.SameName(a.Name, b.Name)
}

// OpenPerson decrypts a sealed person; "" gives the zero Person.
func OpenPerson(s Sealer, sealed Sealed, item, field string) (Person, error) {
	if sealed == "" {
		return Person{}, nil
	}
	plain, err := s.Open(sealed, item, field)
	if err != nil {
		return Person{}, fmt.Errorf("open %s: %w", field, err)
	}
	var p Person
	if err := json.Unmarshal(plain, &p); err != nil {
		return Person{}, fmt.Errorf("decode %s: %w", field, err)
	}
	p.Name = idcode.NormalizeName(p.Name) // version 1.0.0 stored names in compatibility form
	return p, nil
}

// SealPerson encrypts a person for one field of one item.
func SealPerson(s Sealer, p Person, item, field string) (Sealed, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", field, err)
	}
	return s.Seal(plain, item, field)
}

// Fields that personal data is bound to.
const (
	FieldSubject             = "subject"
	FieldAdministrator       = "administrator"
	FieldMobile              = "mobile"
	FieldEmail               = "email"
	FieldPendingEmail        = "pendingEmail"
	FieldLegalRepresentative = "legalRepresentative"
	FieldLoginName           = "loginName" // of a message, as FieldCode
	FieldCode                = "code"
	FieldErasureReason       = "erasureReason"
)

// SessionItem names the session that sealed data is bound to.
func SessionItem(id string) string { return "session/" + id }

// AccountItem names the account that sealed data is bound to.
func AccountItem(id string) string { return "account/" + id }

// EnterpriseItem names the enterprise that sealed data is bound to.
func EnterpriseItem(uscc string) string { return "enterprise/" + uscc }
