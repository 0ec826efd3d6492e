package store

import "strings"

// Partition is the beginning of the partition keys of one kind of item. The keys of
// the settings of a kind are all alike, so their Partition is the whole key.
//
// IAM conditions on dynamodb:LeadingKeys limit each function to the partitions that
// functions.Access names.
type Partition string

// The partitions of the table.
const (
	AccountPartition     Partition = "ACCOUNT#" // also of the index of an account's sessions
	LoginPartition       Partition = "LOGIN#"
	EnterprisePartition  Partition = "ENTERPRISE#"
	SessionPartition     Partition = "SESSION#"
	ReplyPartition       Partition = "IDEMPOTENCY#"
	NumberPartition      Partition = "MOBILE#"
	ResetPartition       Partition = "RESET#"
	MessagePartition     Partition = "MESSAGE#"
	EmailPartition       Partition = "EMAIL#"
	ChallengePartition   Partition = "CHALLENGE#"
	CardPartition        Partition = "CARD#"
	NoncePartition       Partition = "NONCE#"
	RefusalPartition     Partition = "BANK#"
	RemarkPartition      Partition = "REMARK#"
	ListPartition        Partition = "CRL#"
	ProviderPartition    Partition = "PROVIDER#"
	AllowancePartition   Partition = "CLIENT#"
	SourcePartition      Partition = "SOURCE#" // addresses that send requests, hidden
	OutboxPartition      Partition = "OUTBOX#"
	AuditValuesPartition Partition = "AUDITVALUES#"

	// Partitions of the indexes.
	EnterprisesPartition Partition = "ENTERPRISES#"
	DuePartition         Partition = "DUE#"
	PendingPartition     Partition = "PENDING#"
	// ErasurePartition lists the accounts with an open request for erasure by the time at
	// which its answer is due.
	ErasurePartition Partition = "ERASURES"
)

// SettingPartition returns the partition of the settings of a kind.
func SettingPartition(kind SettingKind) Partition { return Partition(settingPK(kind)) }

// key returns the partition key of one item.
func (p Partition) key(id string) string { return string(p) + id }

// Pattern returns the partition's keys as a pattern of IAM.
func (p Partition) Pattern() string {
	if strings.HasSuffix(string(p), "#") {
		return string(p) + "*"
	}
	return string(p)
}

// PartitionOf returns the beginning of a partition key, without the part that names one
// item.
func PartitionOf(pk string) Partition {
	kind, _, _ := strings.Cut(pk, "#")
	return Partition(kind + "#")
}

// Has reports whether the partition has the key.
func (p Partition) Has(pk string) bool {
	if strings.HasSuffix(string(p), "#") {
		return strings.HasPrefix(pk, string(p))
	}
	return pk == string(p)
}
