package main

type auditCommands struct {
	Export auditExport `cmd:"" help:"Write audit entries as CSV or JSON Lines."`
	Verify auditVerify `cmd:"" help:"Check the hash chain of audit trails for missing and altered entries."`
}
