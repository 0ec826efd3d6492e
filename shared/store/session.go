package store

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/table"
)

func sessionPK(id string) string { return SessionPartition.key(id) }

func sessionKey(id string) table.Key { return table.Key{PK: sessionPK(id), SK: "STATE"} }

// stepKey is the key of the item that the workflow puts when it opens a step.
func stepKey(id string) table.Key { return table.Key{PK: sessionPK(id), SK: "STEP"} }

// sessionRecord is the body of a session's item. It omits the values of the keys and
// stores instants as numbers to keep the item small: each write of a session costs a unit
// for a kilobyte.
type sessionRecord struct {
	Method       realname.Method            `json:"method"`
	Closed       realname.Status            `json:"closed,omitempty"`
	Steps        []stepRecord               `json:"steps"`
	LastError    *realname.LastError        `json:"lastError,omitempty"`
	Enterprise   realname.SessionEnterprise `json:"enterprise"`
	Subject      realname.Sealed            `json:"subject,omitempty"`
	Hints        []realname.Hint            `json:"hints,omitempty"`
	Answers      []answeredRecord           `json:"answers,omitempty"`
	Attempts     []attemptRecord            `json:"attempts,omitempty"`
	DecidedBy    string                     `json:"decidedBy,omitempty"`
	BankRequests []realname.BankRequest     `json:"bankRequests,omitempty"`
	Consent      consentRecord              `json:"consent"`
	Ground       realname.Ground            `json:"ground,omitzero"`
	TriesPerStep int                        `json:"triesPerStep"`
	NthOfDay     int                        `json:"nth,omitempty"`
	CreatedAt    unixNano                   `json:"createdAt"`
	ChangedAt    unixNano                   `json:"changedAt"`
	StepDue      unixNano                   `json:"stepDue,omitzero"`
	ExpiresAt    unixNano                   `json:"expiresAt"`
	ClosedAt     unixNano                   `json:"closedAt,omitzero"`
	Signal       *signalRecord              `json:"signal,omitempty"`
	RequestID    string                     `json:"requestId,omitempty"`
	ClosedBy     string                     `json:"closedBy,omitempty"`
}

type stepRecord struct {
	Name         realname.StepName    `json:"name"`
	Outcome      realname.StepOutcome `json:"outcome,omitempty"` // "" while pending
	By           realname.By          `json:"by,omitempty"`
	DecidedAt    unixNano             `json:"at,omitzero"`
	FailedTries  int                  `json:"failedTries,omitempty"`
	BankCardOnly bool                 `json:"bankCardOnly,omitempty"`
}

type consentRecord struct {
	Version    string   `json:"version"`
	AcceptedAt unixNano `json:"at,omitzero"` // 0 means at the session's creation
}

type signalRecord struct {
	Kind  realname.SignalKind `json:"kind"`
	Step  realname.StepName   `json:"step,omitempty"`
	Since unixNano            `json:"since"`
}

// sessionRoom is the size of an item up to which a live session holds its attempts. Above
// it, they get items of their own.
const sessionRoom = 2 << 10

// putSession stores a session, and its attempts that have no room in its item. A closed
// session is hardly written any more, and may end in a transaction with many others.
func putSession(s realname.Session) ([]table.Write, error) {
	it, cond, err := itemOf(s)
	if err != nil || table.Size(it) <= sessionRoom || !s.Live() {
		return []table.Write{table.Put(it, cond)}, err
	}
	var writes []table.Write
	for n := range s.Attempts {
		w, err := putMovedOut(s, n)
		if err != nil {
			return nil, err
		}
		writes = append(writes, w)
	}
	s.Attempts = nil
	it, cond, err = itemOf(s)
	return append(writes, table.Put(it, cond)), err
}

func itemOf(s realname.Session) (table.Item, table.Condition, error) {
	r := sessionRecord{
		Method: s.Method, Closed: s.Closed, LastError: s.LastError,
		Enterprise: s.Enterprise, Subject: s.Subject, Hints: s.Hints,
		Answers: recordsOf(s.Answers, s.Attempts), DecidedBy: s.DecidedBy, BankRequests: s.BankRequests,
		Consent: consentRecord{s.Consent.Version, unixNano(s.Consent.AcceptedAt)},
		Ground:  s.Ground, TriesPerStep: s.TriesPerStep, NthOfDay: s.NthOfDay,
		CreatedAt: unixNano(s.CreatedAt), ChangedAt: unixNano(s.ChangedAt), StepDue: unixNano(s.StepDue),
		ExpiresAt: unixNano(s.ExpiresAt), ClosedAt: unixNano(s.ClosedAt),
		RequestID: s.RequestID, ClosedBy: s.ClosedBy,
	}
	for _, a := range s.Attempts {
		attempt, ok := recordOf(a, s.Steps)
		if !ok {
			return table.Item{}, table.Condition{}, fmt.Errorf("encode an attempt at step %q", a.Step)
		}
		r.Attempts = append(r.Attempts, attempt)
	}
	for _, st := range s.Steps {
		if st.Outcome == realname.StepPending {
			st.Outcome = ""
		}
		r.Steps = append(r.Steps, stepRecord{
			st.Name, st.Outcome, st.By, unixNano(st.DecidedAt), st.FailedTries, st.BankCardOnly,
		})
	}
	if s.Consent.AcceptedAt.Equal(s.CreatedAt) {
		r.Consent.AcceptedAt = unixNano{}
	}
	if s.Signal != nil {
		r.Signal = &signalRecord{s.Signal.Kind, s.Signal.Step, unixNano(s.Signal.Since)}
	}
	it, cond, err := put(sessionKey(s.ID), s.Version, r)
	it.GSI1 = table.IndexKey{PK: accountPK(s.AccountID), SK: "SESSION#" + instant(s.CreatedAt) + "#" + s.ID}
	it.GSI2 = due(s)
	return it, cond, err
}

func readSession(it table.Item) (realname.Session, error) {
	var r sessionRecord
	err := read(it, &r)
	s := realname.Session{
		ID: strings.TrimPrefix(it.Key.PK, sessionPK("")), AccountID: strings.TrimPrefix(it.GSI1.PK, accountPK("")),
		Method: r.Method, Closed: r.Closed, LastError: r.LastError,
		Enterprise: r.Enterprise, Subject: r.Subject, Hints: r.Hints,
		DecidedBy: r.DecidedBy, BankRequests: r.BankRequests,
		Consent: realname.Consent{Version: r.Consent.Version, AcceptedAt: r.Consent.AcceptedAt.Time()},
		Ground:  r.Ground, TriesPerStep: r.TriesPerStep, NthOfDay: r.NthOfDay,
		CreatedAt: r.CreatedAt.Time(), ChangedAt: r.ChangedAt.Time(), StepDue: r.StepDue.Time(),
		ExpiresAt: r.ExpiresAt.Time(), ClosedAt: r.ClosedAt.Time(),
		RequestID: r.RequestID, ClosedBy: r.ClosedBy, LookAt: lookAt(it.GSI2), Version: it.Version,
	}
	s.Enterprise.Name = idcode.NormalizeName(s.Enterprise.Name) // version 1.0.0 stored half-width brackets
	for _, st := range r.Steps {
		if st.Outcome == "" {
			st.Outcome = realname.StepPending
		}
		s.Steps = append(s.Steps, realname.Step{
			Name: st.Name, Outcome: st.Outcome, By: st.By, DecidedAt: st.DecidedAt.Time(), FailedTries: st.FailedTries,
			BankCardOnly: st.BankCardOnly,
		})
	}
	for _, a := range r.Attempts {
		s.Attempts = append(s.Attempts, a.attempt(s.Steps))
	}
	for _, a := range r.Answers {
		s.Answers = append(s.Answers, a.answered(s.Attempts))
	}
	if r.Consent.AcceptedAt.IsZero() {
		s.Consent.AcceptedAt = s.CreatedAt
	}
	if r.Signal != nil {
		s.Signal = &realname.Signal{Kind: r.Signal.Kind, Step: r.Signal.Step, Since: r.Signal.Since.Time()}
	}
	return s, err
}

// SessionOf decodes a session's item, for callers that check stored items.
func SessionOf(it table.Item) (realname.Session, error) { return readSession(it) }

// dueShards spreads the list of sessions that Repair reads over several keys, so that
// none of them takes all traffic.
const dueShards = 8

func duePK(shard int) string { return DuePartition.key(strconv.Itoa(shard)) }

// startedPK is the partition that lists the closed sessions that started on a day in
// China, for statistics and staff.
func startedPK(day string, shard int) string { return fmt.Sprintf("STARTED#%s#%d", day, shard) }

// due is the key that lists a session for Repair, by the time of its pending signal or
// else by its deadline, or by an earlier time at which it is listed already. A closed
// session without a signal is listed by the day of its start instead.
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
	if pk == duePK(shard) && !s.LookAt.IsZero() && s.LookAt.Before(at) {
		at = s.LookAt
	}
	return table.IndexKey{PK: pk, SK: instant(at) + "#" + s.ID}
}

// lookAt returns the time in the key that lists a session for Repair or a pending notice,
// zero if the item is not listed.
func lookAt(k table.IndexKey) time.Time {
	if !DuePartition.Has(k.PK) && !PendingPartition.Has(k.PK) {
		return time.Time{}
	}
	at, _, _ := strings.Cut(k.SK, "#")
	t, err := parseInstant(at)
	if err != nil {
		return time.Time{} // an unreadable key: the next write replaces it
	}
	return t
}
