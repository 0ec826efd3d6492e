package provider

import (
	"encoding/json"

	"realname/local/sandbox/journal"
)

// Entries of the journal.
const (
	messageEntry = "sms"
	mailEntry    = "email"
)

// entry is a message to a number, or an e-mail to an address.
type entry[T any] struct {
	To   string `json:"to"`
	Sent T      `json:"sent"`
}

// Keep makes the sandbox write what it sends into the journal.
func (p *Provider) Keep(j *journal.Journal) { p.journal = j }

// Recall adds an entry of the journal. It ignores those of others.
func (p *Provider) Recall(kind string, value json.RawMessage) error {
	switch kind {
	case messageEntry:
		return recall(p.messages, value)
	case mailEntry:
		return recall(p.mails, value)
	}
	return nil
}

func recall[T any](into map[string]T, value json.RawMessage) error {
	var e entry[T]
	err := json.Unmarshal(value, &e)
	into[e.To] = e.Sent
	return err
}
