// Package faults checks the stored data of a service after failures of every
// kind: sessions, aspects, rosters, cards, trails and notices must agree with
// each other, and the notices with the events that the platform received.
package faults

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

// State is all stored data of a service, by type.
type State struct {
	Sessions    map[string]Session
	Accounts    map[string]Account
	Enterprises map[string]Enterprise
	Executions  map[string]string // status by session
	Latest      map[string]string // latest sessions by account and method
	Cards       map[string]string // bound cards by account
	CardOwners  map[string]realname.CardOwner
	Received    map[string]bool // events that the platform's webhook took, by ID
	Published   map[string]bool // and its event bus
}

// Session is a session with its attempts.
type Session struct {
	ID, AccountID       string
	Method              realname.Method
	Closed              realname.Status
	Steps               []realname.Step
	Enterprise          realname.SessionEnterprise
	Signal              *realname.Signal
	StepDue, ExpiresAt  time.Time
	Attempts            []realname.Attempt
	OpenStep            realname.StepName // as the workflow opened it
	HasState, HasOpened bool
}

// Account is the part of an account that concerns verification.
type Account struct {
	ID, USCC string
	Origin   realname.Origin
	Disabled time.Time
	Holder   realname.Aspect
}

// Enterprise is an enterprise with its numbered entries and notices.
type Enterprise struct {
	Aspect   realname.Aspect
	Standing realname.Standing
	Holders  map[string]realname.Aspect
	Changes  int64
	Members  []realname.Member
	Trail    realname.TrailHead
	Audit    []map[string]any
	Notices  []realname.Notice
}

// Read parses the answers of GET /sandbox/dump and GET /sandbox/receiver.
func Read(dump, receiver []byte) (State, error) {
	var raw struct {
		Table      []map[string]any
		Executions []struct{ Name, Status string }
	}
	if err := json.Unmarshal(dump, &raw); err != nil {
		return State{}, fmt.Errorf("dump: %w", err)
	}
	s := State{
		map[string]Session{},
		map[string]Account{},
		map[string]Enterprise{},
		map[string]string{},
		map[string]string{},
		map[string]string{},
		map[string]realname.CardOwner{},
		map[string]bool{},
		map[string]bool{},
	}
	if err := s.arrived(receiver); err != nil {
		return s, fmt.Errorf("receiver: %w", err)
	}
	for _, x := range raw.Executions {
		s.Executions[x.Name] = x.Status
	}
	for _, m := range raw.Table {
		it, err := dynamojson.Decode(m)
		if err == nil {
			err = s.add(it)
		}
		if err != nil {
			return s, fmt.Errorf("item %v %v: %w", m["PK"], m["SK"], err)
		}
	}
	return s, nil
}

func (s *State) arrived(receiver []byte) error {
	var raw struct {
		Webhooks []struct {
			ID       string
			Verified bool
		}
		Bus []struct{ ID string }
	}
	if err := json.Unmarshal(receiver, &raw); err != nil {
		return err
	}
	for _, m := range raw.Webhooks {
		s.Received[m.ID] = s.Received[m.ID] || m.Verified
	}
	for _, e := range raw.Bus {
		s.Published[e.ID] = true
	}
	return nil
}

func (s *State) add(it table.Item) error {
	kind, id, _ := strings.Cut(it.Key.PK, "#")
	body, err := json.Marshal(it.Body)
	if err != nil {
		return err
	}
	switch kind {
	case "SESSION":
		return s.addSession(id, it, body)
	case "ACCOUNT":
		return s.addAccount(id, it.Key.SK, body)
	case "ENTERPRISE":
		return s.addEnterprise(id, it, body)
	case "CARD":
		var o realname.CardOwner
		err := json.Unmarshal(body, &o)
		s.CardOwners[id] = o
		return err
	case "OUTBOX":
		n, err := store.NoticeOf(it)
		e := s.Enterprises[id]
		e.Notices = append(e.Notices, n)
		s.Enterprises[id] = e
		return err
	}
	return nil
}

func (s *State) addSession(id string, it table.Item, body []byte) (err error) {
	x := s.Sessions[id]
	switch sk := it.Key.SK; {
	case sk == "STATE":
		var of realname.Session
		of, err = store.SessionOf(it)
		x.ID, x.AccountID, x.Method, x.Closed, x.Steps, x.Enterprise = of.ID, of.AccountID, of.Method,
			of.Closed, of.Steps, of.Enterprise
		x.Attempts = append(x.Attempts, of.Attempts...)
		x.Signal, x.StepDue, x.ExpiresAt, x.HasState = of.Signal, of.StepDue, of.ExpiresAt, true
	case sk == "STEP":
		var open struct{ Step realname.StepName }
		err = json.Unmarshal(body, &open)
		x.OpenStep, x.HasOpened = open.Step, true
	case strings.HasPrefix(sk, "ATTEMPT#"):
		var a realname.Attempt
		err = json.Unmarshal(body, &a)
		x.Attempts = append(x.Attempts, a)
	}
	s.Sessions[id] = x
	return err
}

func (s *State) addAccount(id, sk string, body []byte) error {
	if method, latest := strings.CutPrefix(sk, "LIVE#"); latest {
		var l struct{ SessionID string }
		err := json.Unmarshal(body, &l)
		s.Latest[id+" "+method] = l.SessionID
		return err
	}
	if sk == "CARD" {
		var b realname.BoundCard
		err := json.Unmarshal(body, &b)
		s.Cards[id] = b.ID
		return err
	}
	if sk != "PROFILE" {
		return nil
	}
	var a Account
	err := json.Unmarshal(body, &a)
	s.Accounts[id] = a
	return err
}

func (s *State) addEnterprise(uscc string, it table.Item, body []byte) (err error) {
	e := s.Enterprises[uscc]
	switch sk := it.Key.SK; {
	case sk == "PROFILE":
		var p struct {
			Aspect   realname.Aspect
			Standing realname.Standing
			Holders  map[string]realname.Aspect
			Changes  int64
		}
		err = json.Unmarshal(body, &p)
		e.Aspect, e.Standing, e.Holders, e.Changes = p.Aspect, p.Standing, p.Holders, p.Changes
	case sk == "ROSTER":
		var r realname.Roster
		err = json.Unmarshal(body, &r)
		e.Members = r.Members
	case sk == "TRAIL":
		e.Trail, err = store.TrailOf(it)
		e.Audit = append(e.Audit, e.Trail.Recent...)
	case strings.HasPrefix(sk, "AUDIT#"):
		e.Audit = append(e.Audit, store.AuditOf(it)...)
	}
	s.Enterprises[uscc] = e
	return err
}

// Verified returns the number of verified sessions.
func (s State) Verified() int {
	n := 0
	for _, x := range s.Sessions {
		if x.Closed == realname.Verified {
			n++
		}
	}
	return n
}
