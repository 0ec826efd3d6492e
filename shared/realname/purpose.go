package realname

// Purposes whose keyed indexes have keys of their own (Sealer.Index).
const (
	// HolderPurpose is of the blind index of a holder's ID number. The index excludes the
	// ID type because the rule is about the number.
	HolderPurpose     = "holder"
	CheckPurpose      = "check"           // of a query to a provider
	CodePurpose       = "sms-code"        // of a code with its owner, step and number
	ActivationPurpose = "activation-code" // of an account and an issue
)
