package accounts

import (
	"fmt"

	"realname/shared/mask"
	"realname/shared/realname"
)

// audit adds the change's entry: to the trail of the code that the enterprise
// has now, and to that of its former code, which leads on to the new one.
func (d *draft) audit(id string, action realname.AuditAction) {
	entry := realname.AuditEntry{ID: id, At: d.now, USCC: d.enterprise.USCC, AccountID: d.account.ID, Action: action, Fields: d.fields}
	d.change.Audit = append(d.change.Audit, entry)
	if d.before.USCC != d.enterprise.USCC {
		entry.USCC = d.before.USCC
		d.change.Audit = append(d.change.Audit, entry)
	}
}

// notePerson notes how a person's identity changes, masked.
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

// maskDates tells whether dates are given, and nothing of them.
func maskDates(i realname.Identity) string {
	if i.ValidFrom == "" && i.ValidTo == "" {
		return ""
	}
	return "****–****"
}

func flag(on bool) string { return fmt.Sprint(on) }
