package realname

import (
	"time"
)

// AuditField is one field that a change touched, with its value before and after.
// Personal data in the values is masked.
type AuditField struct {
	Field  string `json:"field"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// AuditValues are the field values of an audit entry. They are stored outside the
// chain of entries, which holds only the names of the fields. Even masked values
// are personal data, so they can be erased without breaking the chain.
type AuditValues struct {
	EntryID string       `json:"entryId"`
	At      time.Time    `json:"at"`
	Fields  []AuditField `json:"fields"`
}

// Values returns the entry's values, nil if it has none, and the item that they
// belong to: an account, or the enterprise whose data or legal representative the
// entry is about.
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

// ImportedFile is the file from which an enterprise got accounts.
type ImportedFile struct {
	SHA256   string `json:"sha256"`   // of the file, in hexadecimal
	Rows     int    `json:"rows"`     // of the whole file
	Accounts int    `json:"accounts"` // that the enterprise got in this step of the import
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
	AuditAccountDisabled       AuditAction = "account_disabled" // by a member of staff, like the next two
	AuditAccountEnabled        AuditAction = "account_enabled"
	AuditAccountsImported      AuditAction = "accounts_imported"
	AuditPersonErased          AuditAction = "person_erased"
	AuditErasureRequested      AuditAction = "erasure_requested"
	AuditErasureRefused        AuditAction = "erasure_refused" // by a member of staff
	AuditConsentWithdrawn      AuditAction = "consent_withdrawn"
	AuditWithdrawn             AuditAction = "verification_withdrawn"
)
