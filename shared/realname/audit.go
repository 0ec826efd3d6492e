package realname

import (
	"fmt"
	"time"

	"realname/shared/mask"
)

// AuditField is one field that a change touched, with its value before and after;
// what is personal is masked.
type AuditField struct {
	Field  string `json:"field"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// AuditValues are the values of an audit entry. They lie beside the chain of
// entries, which tells only which fields were touched: even masked they are of a
// person, and can be erased without breaking the chain.
type AuditValues struct {
	EntryID string       `json:"entryId"`
	At      time.Time    `json:"at"`
	Fields  []AuditField `json:"fields"`
}

// Values returns the entry's values, nil when it has none, and whose they are:
// an account, or the enterprise whose legal representative it is about.
func (e AuditEntry) Values() (of string, values *AuditValues) {
	of = AccountItem(e.AccountID)
	switch {
	case e.Action == AuditLegalRepChanged || e.Action == AuditEnterpriseChanged:
		of = EnterpriseItem(e.USCC)
	case e.Subject != "":
		of = AccountItem(e.Subject)
	}
	for _, f := range e.Fields {
		if f.Before != "" || f.After != "" {
			return of, &AuditValues{EntryID: e.ID, At: e.At, Fields: e.Fields}
		}
	}
	return of, nil
}

// Audit actions of accounts.
const (
	AuditEnterpriseChanged     AuditAction = "enterprise_changed"
	AuditLegalRepChanged       AuditAction = "legal_representative_changed"
	AuditAdministratorChanged  AuditAction = "administrator_changed"
	AuditPasswordChanged       AuditAction = "password_changed"
	AuditPasswordReset         AuditAction = "password_reset"
	AuditMobileChanged         AuditAction = "mobile_changed"
	AuditEmailRequested        AuditAction = "email_requested"
	AuditEmailChanged          AuditAction = "email_changed"
	AuditRegionChanged         AuditAction = "region_changed"
	AuditRemindersChanged      AuditAction = "reminders_changed"
	AuditOperatorAdded         AuditAction = "operator_added"
	AuditOperatorChanged       AuditAction = "operator_changed"
	AuditOperatorDisabled      AuditAction = "operator_disabled"
	AuditActivationCodeRenewed AuditAction = "activation_code_renewed"
	AuditAccountActivated      AuditAction = "account_activated"
	AuditPersonErased          AuditAction = "person_erased"
	AuditWithdrawn             AuditAction = "verification_withdrawn"
)

// audit adds the change's entry: to the trail of the code that the enterprise
// has now, and to that of its former code, which leads on to the new one.
func (d *draft) audit(id string, action AuditAction) {
	entry := AuditEntry{ID: id, At: d.now, USCC: d.enterprise.USCC, AccountID: d.account.ID, Action: action, Fields: d.fields}
	d.change.Audit = append(d.change.Audit, entry)
	if d.before.USCC != d.enterprise.USCC {
		entry.USCC = d.before.USCC
		d.change.Audit = append(d.change.Audit, entry)
	}
}

// notePerson notes how a person's identity changes, masked.
func notePerson(note func(field, before, after string), before, after Identity) {
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
func maskDates(i Identity) string {
	if i.ValidFrom == "" && i.ValidTo == "" {
		return ""
	}
	return "****–****"
}

func flag(on bool) string { return fmt.Sprint(on) }
