package faults

import (
	"strings"
	"testing"
	"time"

	"realname/shared/audit"
	"realname/shared/realname"
)

var now = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// sound returns a consistent state: a verified holder-only session after a bank
// session, and a live session.
func sound(t *testing.T) State {
	t.Helper()
	entry := map[string]any{"action": "session_closed"}
	hash, err := audit.Chain(entry, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	told := func(session string, types ...realname.AnnouncementType) (n realname.Notice) {
		n.Delivered = now
		for _, of := range types {
			n.Events = append(n.Events, realname.Announcement{ID: session + string(of), Type: of, SessionID: session})
		}
		return n
	}
	first := told("s1", realname.EnterpriseVerified, realname.SessionClosed)
	second := told("s2", realname.HolderVerified, realname.SessionClosed)
	first.Seq, second.Seq = 1, 2
	passed := func(step realname.StepName) ([]realname.Step, []realname.Attempt) {
		return []realname.Step{{Name: step, Outcome: realname.StepPassed}},
			[]realname.Attempt{{Step: step, Passed: true, Evidence: realname.Evidence{Provider: "p", RequestID: "r"}}}
	}
	s := State{
		Sessions: map[string]Session{
			"s1": {ID: "s1", AccountID: "a", Method: realname.BankUKey, Closed: realname.Verified, HasState: true},
			"s2": {ID: "s2", AccountID: "a", Method: realname.AccountHolder, Closed: realname.Verified, HasState: true},
			"s3": {
				ID: "s3", AccountID: "a", Method: realname.ICCard, HasState: true, HasOpened: true, OpenStep: "card",
				Steps: []realname.Step{{Name: "card", Outcome: realname.StepPending}}, StepDue: now.Add(time.Minute),
				ExpiresAt: now.Add(time.Hour),
			},
		},
		Accounts: map[string]Account{"a": {
			ID: "a", USCC: "u", Origin: realname.MigratedLocal,
			Holder: realname.Aspect{}.Pass(realname.AccountHolder, "s2", now),
		}},
		Enterprises: map[string]Enterprise{},
		Executions:  map[string]string{"s1": "SUCCEEDED", "s2": "SUCCEEDED", "s3": "RUNNING"},
		Latest:      map[string]string{"a ic_card": "s3"},
		Cards:       map[string]string{"a": "c"},
		CardOwners:  map[string]realname.CardOwner{"c": {USCC: "u", Accounts: []string{"a"}}},
		Received:    map[string]bool{},
		Published:   map[string]bool{},
	}
	for _, n := range []realname.Notice{first, second} {
		for _, event := range n.Events {
			s.Received[event.ID], s.Published[event.ID] = true, true
		}
	}
	for id, step := range map[string]realname.StepName{"s1": "bank", "s2": "account_holder"} {
		x := s.Sessions[id]
		x.Steps, x.Attempts = passed(step)
		x.Enterprise.USCC = "u"
		s.Sessions[id] = x
	}
	s.Enterprises["u"] = Enterprise{
		Aspect:   realname.Aspect{}.Pass(realname.BankUKey, "s1", now),
		Standing: realname.Touched,
		Holders:  map[string]realname.Aspect{"a": {Method: realname.AccountHolder, SessionID: "s2", At: now}},
		Members:  []realname.Member{{AccountID: "a", Holder: "h"}},
		Trail:    realname.TrailHead{Entries: 1, Hash: hash, Notices: 2}, Audit: []map[string]any{entry},
		Notices: []realname.Notice{first, second},
	}
	return s
}

func TestEveryDisagreementIsFound(t *testing.T) {
	session := func(id string, change func(*Session)) func(State) {
		return func(s State) { x := s.Sessions[id]; change(&x); s.Sessions[id] = x }
	}
	enterprise := func(change func(*Enterprise)) func(State) {
		return func(s State) { e := s.Enterprises["u"]; change(&e); s.Enterprises["u"] = e }
	}
	for want, damage := range map[string]func(State){
		"nothing says by whom":                    session("s1", func(x *Session) { x.Attempts[0].Evidence.RequestID = "" }),
		"HolderVerified s2HolderVerified did not": func(s State) { s.Received["s2HolderVerified"] = false },
		"SessionClosed s1SessionClosed did not":   func(s State) { delete(s.Published, "s1SessionClosed") },
		`is bound to [] of "u"`:                   func(s State) { s.CardOwners["c"] = realname.CardOwner{USCC: "u"} },
		`is bound to [a] of "v"`: func(s State) {
			s.CardOwners["c"] = realname.CardOwner{USCC: "v", Accounts: []string{"a"}}
		},
		"account a has the card": func(s State) { s.Cards["a"] = "another" },
		"and no card is bound": func(s State) {
			session("s1", func(x *Session) { x.Method = realname.ICCard })(s)
			delete(s.Cards, "a")
			delete(s.CardOwners, "c")
		},
		"past its deadline and": session("s3", func(x *Session) { x.ExpiresAt = now.Add(-time.Second) }),
		"told by 2 events": enterprise(func(e *Enterprise) {
			e.Notices[0].Events = append(e.Notices[0].Events, e.Notices[0].Events...)
		}),
		"never delivered":      session("s1", func(x *Session) { x.Signal = &realname.Signal{Kind: realname.SignalPassed} }),
		"live, and its exec":   func(s State) { s.Executions["s3"] = "FAILED" },
		"closed, and its exec": func(s State) { s.Executions["s1"] = "RUNNING" },
		"past its deadline":    session("s3", func(x *Session) { x.StepDue = now.Add(-time.Second) }),
		"workflow opened":      session("s3", func(x *Session) { x.OpenStep = "bank" }),
		"with 0 tries":         session("s1", func(x *Session) { x.Attempts = nil }),
		"with 2 tries":         session("s1", func(x *Session) { x.Attempts = append(x.Attempts, x.Attempts[0]) }),
		"step bank is failed":  session("s1", func(x *Session) { x.Steps[0].Outcome = realname.StepFailed }),
		"and no session":       session("s1", func(x *Session) { x.HasState = false }),
		"signal ended was never": func(s State) {
			session("s1", func(x *Session) { x.Signal = &realname.Signal{Kind: realname.SignalEnded} })(s)
			delete(s.Executions, "s1") // it was canceled before its execution began
		},
		"ended was never delivered": func(s State) {
			session("s1", func(x *Session) { x.Signal = &realname.Signal{Kind: realname.SignalEnded} })(s)
			s.Executions["s1"] = "RUNNING"
		},
		"not its account's latest": func(s State) { delete(s.Latest, "a ic_card") },
		"which is not its own":     func(s State) { s.Latest["a account_holder"] = "s1" },
		"has not passed by":        enterprise(func(e *Enterprise) { e.Aspect = realname.Aspect{} }),
		"no such evidence":         enterprise(func(e *Enterprise) { e.Aspect.SessionID = "s2" }),
		"holder of a has not":      func(s State) { s.Accounts["a"] = Account{ID: "a", USCC: "u"} },
		"knows the holder of":      enterprise(func(e *Enterprise) { e.Holders = nil }),
		"have one holder":          enterprise(func(e *Enterprise) { e.Members = append(e.Members, e.Members[0]) }),
		"no account of it": enterprise(func(e *Enterprise) {
			e.Members = append(e.Members, realname.Member{AccountID: "b"})
		}),
		"was not delivered":   enterprise(func(e *Enterprise) { e.Notices[0].Delivered = time.Time{} }),
		"notice 2 is missing": enterprise(func(e *Enterprise) { e.Notices = e.Notices[:1] }),
		"told by 0 events":    enterprise(func(e *Enterprise) { e.Notices[0].Events = e.Notices[0].Events[:1] }),
		"its trail knows":     enterprise(func(e *Enterprise) { e.Trail.Notices = 1 }),
		"entry 1: changed":    enterprise(func(e *Enterprise) { e.Audit[0]["action"] = "other" }),
		"entry 2: missing":    enterprise(func(e *Enterprise) { e.Trail.Entries = 2 }),
		"its standing is":     enterprise(func(e *Enterprise) { e.Standing = realname.Untouched }),
	} {
		t.Run(want, func(t *testing.T) {
			s := sound(t)
			if wrong := s.Check(now); len(wrong) > 0 {
				t.Fatalf("nothing is wrong yet: %q", wrong)
			}
			damage(s)
			if wrong := strings.Join(s.Check(now), "\n"); !strings.Contains(wrong, want) {
				t.Errorf("found %q", wrong)
			}
		})
	}
}
