package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

// attemptRecord is an attempt within its session's item. It omits what the session's step
// says too, and what follows from the step and the result.
type attemptRecord struct {
	Step     int             `json:"step,omitempty"` // its place in the session's steps
	By       realname.By     `json:"by,omitempty"`
	At       unixNano        `json:"at,omitzero"` // 0: the attempt decided its step, which says By and At
	Passed   bool            `json:"passed,omitempty"`
	Code     realname.Code   `json:"code,omitempty"`
	Charged  bool            `json:"charged,omitempty"`
	Evidence *evidenceRecord `json:"evidence,omitempty"`
}

// evidenceRecord is the evidence of an attemptRecord. A nil field has its usual value.
type evidenceRecord struct {
	Check             *realname.CheckName  `json:"check,omitempty"` // usually that of the step and By
	Asked             *time.Duration       `json:"asked,omitempty"` // before the attempt; usually never
	Provider          string               `json:"provider,omitempty"`
	Code              string               `json:"code,omitempty"`
	RequestID         string               `json:"id,omitempty"`
	Outcome           *realname.Outcome    `json:"outcome,omitempty"` // usually a match if it passed, else a mismatch
	Reason            realname.CheckReason `json:"reason,omitempty"`
	Differs           []realname.Element   `json:"differs,omitempty"`
	CurrentFrom       string               `json:"currentFrom,omitempty"`
	Repeated          bool                 `json:"repeated,omitempty"`
	NotAsked          bool                 `json:"notAsked,omitempty"`
	Spelling          string               `json:"spelling,omitempty"`
	CertificateSerial string               `json:"certificateSerial,omitempty"`
	Others            []realname.Evidence  `json:"others,omitempty"`
}

// usual returns the check and the outcome of most attempts of that kind.
func usual(step realname.StepName, by realname.By, passed bool) (realname.CheckName, realname.Outcome) {
	check := map[realname.By]realname.CheckName{
		realname.ByIDCard: realname.IDCardCheck, realname.ByBankCard: realname.BankCardCheck,
	}[by]
	if step == realname.StepEnterprise {
		check = realname.RegistryCheck
	}
	if passed {
		return check, realname.Match
	}
	return check, realname.Mismatch
}

// recordOf returns the record of an attempt; ok is false if the session has no such step.
func recordOf(a realname.Attempt, steps []realname.Step) (r attemptRecord, ok bool) {
	r = attemptRecord{
		Step: slices.IndexFunc(steps, func(st realname.Step) bool { return st.Name == a.Step }),
		By:   a.By, At: unixNano(a.At), Passed: a.Passed, Code: a.Code, Charged: a.Charged,
	}
	if r.Step < 0 || a.At.IsZero() {
		return r, false
	}
	if st := steps[r.Step]; a.Passed && st.Outcome == realname.StepPassed && st.By == a.By && st.DecidedAt.Equal(a.At) {
		r.By, r.At, r.Passed = "", unixNano{}, false
	}
	e := a.Evidence
	if reflect.ValueOf(e).IsZero() {
		return r, true
	}
	r.Evidence = &evidenceRecord{
		Provider: e.Provider, Code: e.Code, RequestID: e.RequestID, Reason: e.Reason, Differs: e.Differs,
		CurrentFrom: e.CurrentFrom, Repeated: e.Repeated, NotAsked: e.NotAsked, Spelling: e.Spelling,
		CertificateSerial: e.CertificateSerial, Others: e.Others,
	}
	check, outcome := usual(a.Step, a.By, a.Passed)
	if e.Check != check {
		r.Evidence.Check = &e.Check
	}
	if e.Outcome != outcome {
		r.Evidence.Outcome = &e.Outcome
	}
	if !e.AskedAt.IsZero() {
		r.Evidence.Asked = new(a.At.Sub(e.AskedAt))
	}
	return r, true
}

func (r attemptRecord) attempt(steps []realname.Step) realname.Attempt {
	if r.Step >= len(steps) {
		return realname.Attempt{} // of no version of ours
	}
	st := steps[r.Step]
	a := realname.Attempt{
		Step: st.Name, By: r.By, At: r.At.Time(), Passed: r.Passed, Code: r.Code, Charged: r.Charged,
	}
	if r.At.IsZero() {
		a.By, a.At, a.Passed = st.By, st.DecidedAt, true
	}
	e := r.Evidence
	if e == nil {
		return a
	}
	a.Evidence = realname.Evidence{
		Provider: e.Provider, Code: e.Code, RequestID: e.RequestID, Reason: e.Reason, Differs: e.Differs,
		CurrentFrom: e.CurrentFrom, Repeated: e.Repeated, NotAsked: e.NotAsked, Spelling: e.Spelling,
		CertificateSerial: e.CertificateSerial, Others: e.Others,
	}
	a.Evidence.Check, a.Evidence.Outcome = usual(a.Step, a.By, a.Passed)
	if e.Check != nil {
		a.Evidence.Check = *e.Check
	}
	if e.Outcome != nil {
		a.Evidence.Outcome = *e.Outcome
	}
	if e.Asked != nil {
		a.Evidence.AskedAt = a.At.Add(-*e.Asked)
	}
	return a
}

// answeredRecord is an answer that the session keeps. Most have the evidence of one of the
// session's attempts and do not store it again.
type answeredRecord struct {
	Index    string             `json:"index"`
	Attempt  int                `json:"attempt,omitempty"` // its place, from 1
	Evidence *realname.Evidence `json:"evidence,omitempty"`
}

func recordsOf(answers []realname.Answered, attempts []realname.Attempt) []answeredRecord {
	var all []answeredRecord
	for _, a := range answers {
		r := answeredRecord{Index: a.Index, Evidence: &a.Evidence}
		for i, of := range attempts {
			if reflect.DeepEqual(of.Evidence, a.Evidence) {
				r.Attempt, r.Evidence = i+1, nil
			}
		}
		all = append(all, r)
	}
	return all
}

func (r answeredRecord) answered(attempts []realname.Attempt) realname.Answered {
	a := realname.Answered{Index: r.Index}
	switch {
	case r.Evidence != nil:
		a.Evidence = *r.Evidence
	case r.Attempt > 0 && r.Attempt <= len(attempts):
		a.Evidence = attempts[r.Attempt-1].Evidence
	}
	return a
}

// putMovedOut stores an attempt that leaves its session's item.
func putMovedOut(s realname.Session, n int) (table.Write, error) {
	a := s.Attempts[n]
	key := table.Key{PK: sessionPK(s.ID), SK: fmt.Sprintf("ATTEMPT#%s#%d.%d", instant(a.At), s.Version, n)}
	it, _, err := put(key, 0, a)
	// The session's version makes the key unique: only one change of it commits.
	return table.Put(it, table.Always()), err
}

// putLate stores an answer that came too late with the session's attempts.
func putLate(l realname.Late) (table.Write, error) {
	key := table.Key{PK: sessionPK(l.SessionID), SK: "ATTEMPT#" + instant(l.Attempt.At) + "#late"}
	it, _, err := put(key, 0, l.Attempt)
	// The nonce of the same transaction makes it unique.
	return table.Put(it, table.Always()), err
}

// putAsked stores a request to a provider that did not decide an attempt.
func putAsked(a realname.Asked) (table.Write, error) {
	key := table.Key{PK: sessionPK(a.SessionID), SK: "ATTEMPT#" + instant(a.Attempt.At) + "#" + a.ID}
	it, _, err := put(key, 0, a.Attempt)
	return table.Put(it, table.Always()), err
}

// Attempts returns the session's attempts and other requests to providers in the order of
// time, with one call per 100 that have items of their own. Those in the session's item
// are as in s; attempts only move out of it, so none is missing.
func (s *Store) Attempts(ctx context.Context, of realname.Session) ([]realname.Attempt, error) {
	all := slices.Clone(of.Attempts)
	known := func(a realname.Attempt) bool {
		return slices.ContainsFunc(of.Attempts, func(k realname.Attempt) bool { return reflect.DeepEqual(k, a) })
	}
	for after := ""; ; {
		page, err := s.table.Query(ctx, table.Query{PK: sessionPK(of.ID), SKPrefix: "ATTEMPT#", After: after})
		if err != nil {
			return nil, fmt.Errorf("load attempts: %w", err)
		}
		for _, it := range page.Items {
			var a realname.Attempt
			if err := read(it, &a); err != nil {
				return nil, err
			}
			if !known(a) { // moved out since the session was read
				all = append(all, a)
			}
		}
		if after = page.Next; after == "" {
			slices.SortStableFunc(all, func(a, b realname.Attempt) int { return a.At.Compare(b.At) })
			return all, nil
		}
	}
}
