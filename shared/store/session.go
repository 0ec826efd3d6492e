package store

import (
	"fmt"
	"hash/fnv"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

func sessionPK(id string) string     { return "SESSION#" + id }
func sessionKey(id string) table.Key { return table.Key{PK: sessionPK(id), SK: "STATE"} }

// stepKey is the item that the workflow puts when it opens a step.
func stepKey(id string) table.Key { return table.Key{PK: sessionPK(id), SK: "STEP"} }

type sessionRecord struct {
	ID           string                     `json:"id"`
	AccountID    string                     `json:"accountId"`
	Method       realname.Method            `json:"method"`
	Closed       realname.Status            `json:"closed,omitempty"`
	Steps        []realname.Step            `json:"steps"`
	LastError    *realname.LastError        `json:"lastError,omitempty"`
	Enterprise   realname.SessionEnterprise `json:"enterprise"`
	Subject      realname.Sealed            `json:"subject,omitempty"`
	Hints        []realname.Hint            `json:"hints,omitempty"`
	Answers      []realname.Answered        `json:"answers,omitempty"`
	BankRequests []realname.BankRequest     `json:"bankRequests,omitempty"`
	Consent      realname.Consent           `json:"consent"`
	Ground       realname.Ground            `json:"ground,omitzero"`
	TriesPerStep int                        `json:"triesPerStep"`
	CreatedAt    time.Time                  `json:"createdAt"`
	ChangedAt    time.Time                  `json:"changedAt"`
	StepDue      time.Time                  `json:"stepDue"`
	ExpiresAt    time.Time                  `json:"expiresAt"`
	ClosedAt     time.Time                  `json:"closedAt,omitzero"`
	Signal       *realname.Signal           `json:"signal,omitempty"`
	RequestID    string                     `json:"requestId,omitempty"`
	ClosedBy     string                     `json:"closedBy,omitempty"`
}

func putSession(s realname.Session) (table.Write, error) {
	it, cond, err := put(sessionKey(s.ID), s.Version, sessionRecord{
		s.ID, s.AccountID, s.Method, s.Closed, s.Steps, s.LastError, s.Enterprise, s.Subject, s.Hints, s.Answers, s.BankRequests,
		s.Consent, s.Ground, s.TriesPerStep, s.CreatedAt, s.ChangedAt, s.StepDue, s.ExpiresAt, s.ClosedAt, s.Signal, s.RequestID, s.ClosedBy,
	})
	it.GSI1 = table.IndexKey{PK: accountPK(s.AccountID), SK: "SESSION#" + instant(s.CreatedAt) + "#" + s.ID}
	it.GSI2 = due(s)
	return table.Put(it, cond), err
}

func readSession(it table.Item) (realname.Session, error) {
	var r sessionRecord
	err := read(it, &r)
	return realname.Session{
		ID: r.ID, AccountID: r.AccountID, Method: r.Method, Closed: r.Closed, Steps: r.Steps, LastError: r.LastError,
		Enterprise: r.Enterprise, Subject: r.Subject, Hints: r.Hints, Answers: r.Answers, BankRequests: r.BankRequests, Consent: r.Consent, Ground: r.Ground, TriesPerStep: r.TriesPerStep,
		CreatedAt: r.CreatedAt, ChangedAt: r.ChangedAt, StepDue: r.StepDue, ExpiresAt: r.ExpiresAt, ClosedAt: r.ClosedAt,
		Signal: r.Signal, RequestID: r.RequestID, ClosedBy: r.ClosedBy, Version: it.Version,
	}, err
}

// dueShards spreads the list of what repair has to look at, so that no key takes
// all traffic.
const dueShards = 8

func duePK(shard int) string { return fmt.Sprintf("DUE#%d", shard) }

// startedPK lists closed sessions by the day in China on which they started,
// for statistics and operators.
func startedPK(day string, shard int) string { return fmt.Sprintf("STARTED#%s#%d", day, shard) }

// due puts a session on repair's list at the instant from which it deserves a
// look: its pending signal, else its deadline. A closed session without a
// signal is listed by the day of its start.
func due(s realname.Session) table.IndexKey {
	h := fnv.New32a()
	h.Write([]byte(s.ID))
	shard := int(h.Sum32() % dueShards)
	pk, at := duePK(shard), s.Deadline()
	switch {
	case s.Signal != nil:
		at = s.Signal.Since
	case !s.Live():
		pk, at = startedPK(realname.Day(s.CreatedAt), shard), s.CreatedAt
	}
	return table.IndexKey{PK: pk, SK: instant(at) + "#" + s.ID}
}
