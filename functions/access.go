// Package functions says which parts of the table each function uses. The functions
// themselves are in the folders below, one each.
package functions

import (
	"slices"

	"realname/shared/store"
)

// Access names the partitions of the table that a function writes, and those that it
// only reads.
type Access struct{ Writes, Reads []store.Partition }

// MayRead returns every partition that the function may read.
func (a Access) MayRead() []store.Partition { return slices.Concat(a.Writes, a.Reads) }

// TableAccess returns what each function may do with the table, by the name of its
// folder. A function without an entry may not use it. IAM enforces this on AWS
// (infra/stack), and local/partitions does in the embedded default.
func TableAccess() map[string]Access {
	const (
		account    = store.AccountPartition
		enterprise = store.EnterprisePartition
		session    = store.SessionPartition
		login      = store.LoginPartition
		reply      = store.ReplyPartition
		provider   = store.ProviderPartition
		values     = store.AuditValuesPartition
		remark     = store.RemarkPartition
		challenge  = store.ChallengePartition
		source     = store.SourcePartition
	)
	providers := store.SettingPartition(store.ProviderSettings)
	banks, clients, cards, tokens, webhooks := store.SettingPartition(store.BankSettings),
		store.SettingPartition(store.ClientSettings), store.SettingPartition(store.CardSettings),
		store.SettingPartition(store.TokenSettings), store.SettingPartition(store.WebhookSettings)
	// A decision changes counters, session, aspects, audit trail and notices.
	decides := of(account, enterprise, session, store.OutboxPartition)
	step := Access{Writes: with(decides, reply, provider), Reads: of(providers)}
	card := Access{Writes: with(decides, reply, challenge, store.CardPartition, store.ListPartition), Reads: of(cards)}
	return map[string]Access{
		"account":        {Writes: with(decides, login, values, reply)},
		"account-card":   card,
		"account-holder": step,
		"bank-callback": {
			Writes: with(decides, store.NoncePartition, remark, store.RefusalPartition, source), Reads: of(banks),
		},
		"bank-redirect":  {Writes: with(decides, reply), Reads: of(banks)},
		"bank-returns":   {Reads: of(banks, session, remark)},
		"card-answer":    card,
		"card-challenge": {Writes: of(account, reply, challenge), Reads: of(session)},
		"credentials": {
			Writes: with(decides, login, values, reply, provider,
				store.NumberPartition, store.ResetPartition, store.MessagePartition, store.EmailPartition, source),
			Reads: of(providers),
		},
		"enterprise":           step,
		"finish":               {Writes: decides},
		"legal-representative": step,
		"login":                {Writes: of(account, login, source), Reads: of(tokens)},
		"methods":              {Reads: of(account, enterprise, session)},
		"notify":               {Writes: of(store.OutboxPartition), Reads: of(store.PendingPartition, webhooks)},
		"oauth":                {Writes: of(store.AllowancePartition, source), Reads: of(clients, tokens)},
		"operators":            {Writes: with(decides, login, values, reply)},
		"pages":                {Reads: of(banks)},
		"real-name-status":     {Writes: of(store.AllowancePartition), Reads: of(enterprise, clients)},
		"reset-messages": {
			Writes: of(store.MessagePartition, store.NumberPartition, provider),
			Reads:  of(login, account, store.ResetPartition, providers),
		},
		"retention": {
			Writes: with(decides, login, values, store.CardPartition, store.SettingPartition(store.RetentionSettings)),
			Reads:  of(store.EnterprisesPartition),
		},
		"repair":   {Writes: decides, Reads: of(store.DuePartition, store.ErasurePartition)},
		"sessions": {Writes: with(decides, reply), Reads: of(remark)},
		"sms-codes": {
			Writes: of(account, session, reply, provider, store.NumberPartition), Reads: of(providers),
		},
	}
}

func of(some ...store.Partition) []store.Partition { return some }

func with(some []store.Partition, more ...store.Partition) []store.Partition {
	return slices.Concat(some, more)
}
