package accounts

import (
	"fmt"

	"realname/shared/mask"
	"realname/shared/realname"
)

// audit adds the change's entry to the trail of the enterprise's current code. If the
// code changes, it also adds the entry to the trail of the former code, which thereby
// refers to the new one.
func (d *draft) audit(id string, action realname.AuditAction) {
	entry := realname.AuditEntry{
		ID: id, At: d.now, USCC: d.enterprise.USCC, AccountID: d.account.ID, Action: action, Fields: d.fields,
	}
	d.change.Audit = append(d.change.Audit, entry)
	if d.before.USCC != d.enterprise.USCC {
		entry.USCC = d.before.USCC
		d.change.Audit = append(d.change.Audit, entry)
	}
}

// notePerson notes the changed fields of a person's identity, with masked values.
func notePerson(note func(field, before, after string), before, after realname.Identity) {
	if before.Name != after.Name {
		note("name", mask.Name(before.Name), mask.Name(after.Name))
	}
	if before.IDType != after.IDType {
		note("idType", string(before.IDType), string(after.IDType))
	}
	if before.IDNumber != after.IDNumber {
		note("idNumber", mask.ID(before.IDNumber), mask.ID(after.IDNumber))
	}
	if before.IssuingCountry != after.IssuingCountry {
		note("issuingCountry", before.IssuingCountry, after.IssuingCountry)
	}
	if before.ValidFrom != after.ValidFrom || before.ValidTo != after.ValidTo {
		note("validity", maskDates(before), maskDates(after))
	}
}

// maskDates hides the dates of an identity; "" means that there are none.
func maskDates(i realname.Identity) string {
	if i.ValidFrom == "" && i.ValidTo == "" {
		return ""
	}
	return "****–****"
}

func flag(on bool) string { return fmt.Sprint(on) }

// invalid returns the refusal of one field.
func invalid(pointer, kind, rule string) error {
	broken := realname.FieldError{Pointer: pointer, Kind: kind, Rule: rule}
	return &realname.Error{Code: realname.CodeInvalidRequest, Fields: []realname.FieldError{broken}}
}
