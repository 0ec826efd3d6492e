package realname_test

import (
	"testing"

	"realname/shared/realname"
)

func TestAuditValuesBelongToWhatWasChanged(t *testing.T) {
	before, after := realname.AuditField{Field: "f", Before: "x"}, realname.AuditField{Field: "f", After: "x"}
	neither := realname.AuditField{Field: "f"}
	for name, c := range map[string]struct {
		entry realname.AuditEntry
		of    string
		kept  bool
	}{
		"the account": {realname.AuditEntry{Fields: []realname.AuditField{before}}, "account/a", true},
		"a new value": {realname.AuditEntry{Fields: []realname.AuditField{neither, after}}, "account/a", true},
		"no value":    {realname.AuditEntry{Fields: []realname.AuditField{neither}}, "account/a", false},
		"no field":    {realname.AuditEntry{}, "account/a", false},
		"another account": {
			realname.AuditEntry{Subject: "b", Fields: []realname.AuditField{after}}, "account/b", true,
		},
		"the enterprise": {
			realname.AuditEntry{Action: realname.AuditEnterpriseChanged, Subject: "b"}, "enterprise/U", false,
		},
		"its legal representative": {realname.AuditEntry{Action: realname.AuditLegalRepChanged}, "enterprise/U", false},
	} {
		c.entry.ID, c.entry.At, c.entry.USCC, c.entry.AccountID = "e", noon, "U", "a"
		of, values := c.entry.Values()
		if of != c.of || (values != nil) != c.kept {
			t.Errorf("%s: %s, %+v", name, of, values)
		}
		if values != nil && (values.EntryID != "e" || !values.At.Equal(noon) || len(values.Fields) != len(c.entry.Fields)) {
			t.Errorf("%s: %+v", name, values)
		}
	}
	for want, code := range map[string]realname.SMSCode{
		"account/a": {AccountID: "a", ResetIndex: "r", SessionID: "s"},
		"reset/r":   {ResetIndex: "r", SessionID: "s"},
		"s":         {SessionID: "s"},
	} {
		if got := code.Owner(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := realname.SessionItem("s"); got != "session/s" {
		t.Errorf("got %s", got)
	}
}
