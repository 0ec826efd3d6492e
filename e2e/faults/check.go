package faults

import (
	"fmt"
	"slices"
	"time"

	"realname/shared/audit"
	"realname/shared/realname"
)

// Check returns the inconsistencies of a service that has come to rest, with no
// work in progress. now is the service's time.
func (s State) Check(now time.Time) []string {
	var wrong []string
	report := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for id, x := range s.Sessions {
		s.checkSession(id, x, now, report)
	}
	s.checkLatest(report)
	for id, a := range s.Accounts {
		s.checkAspect("holder of "+id, a.Holder, realname.HolderAspect,
			func(x Session) bool { return x.AccountID == id }, report)
	}
	for uscc, e := range s.Enterprises {
		s.checkAspect("enterprise "+uscc, e.Aspect, realname.EnterpriseAspect,
			func(x Session) bool { return x.Enterprise.USCC == uscc }, report)
		s.checkHolders(uscc, e, report)
		s.checkRoster(uscc, e, report)
		for _, f := range audit.Verify(e.Audit, audit.Head{Entries: e.Trail.Entries, Hash: e.Trail.Hash}) {
			report("enterprise %s: audit entry %d: %s", uscc, f.Seq, f.Fault)
		}
		s.checkNotices(uscc, e, report)
	}
	s.checkCards(report)
	slices.Sort(wrong)
	return wrong
}

// checkSession reports a stuck session, a verified session without its
// evidence, and evidence without its session.
func (s State) checkSession(id string, x Session, now time.Time, report func(string, ...any)) {
	if !x.HasState {
		report("session %s: tries or a step, and no session", id)
		return
	}
	execution := s.Executions[id]
	switch {
	case x.Signal != nil:
		report("session %s: the signal %s was never delivered", id, x.Signal.Kind)
	// Repair closes a passed session whose workflow does not react. The execution
	// then waits for an answer that never comes, and ends with its own timeout.
	case x.Closed != "" && execution == "RUNNING" && now.Before(x.StepDue):
	case x.Closed != "" && execution != "SUCCEEDED":
		report("session %s: closed, and its execution is %q", id, execution)
	case x.Closed == "" && execution != "RUNNING":
		report("session %s: live, and its execution is %q", id, execution)
	case x.Closed == "" && (now.After(x.StepDue) || now.After(x.ExpiresAt)):
		report("session %s: past its deadline and not closed", id)
	}
	passed := map[realname.StepName]int{}
	for _, a := range x.Attempts {
		if !a.Passed {
			continue
		}
		passed[a.Step]++
		if e := a.Evidence; e.Provider == "" || e.RequestID == "" && e.CertificateSerial == "" {
			report("session %s: step %s passed, and nothing says by whom", id, a.Step)
		}
	}
	for _, step := range x.Steps {
		if (step.Outcome == realname.StepPassed) != (passed[step.Name] == 1) {
			report("session %s: step %s is %s with %d tries that passed", id, step.Name, step.Outcome, passed[step.Name])
		}
		if x.Closed == realname.Verified && step.Outcome != realname.StepPassed {
			report("session %s: verified, and step %s is %s", id, step.Name, step.Outcome)
		}
		if x.Closed == "" && step.Outcome == realname.StepPending {
			if !x.HasOpened || x.OpenStep != step.Name {
				report("session %s: step %s is due, and the workflow opened %q", id, step.Name, x.OpenStep)
			}
			break
		}
	}
	if x.Closed == realname.Verified {
		s.checkVerified(id, x, report)
	}
}

// checkVerified reports an aspect that a session verified but that is not
// verified, unless a later change explains it.
func (s State) checkVerified(id string, x Session, report func(string, ...any)) {
	e, a := s.Enterprises[x.Enterprise.USCC], s.Accounts[x.AccountID]
	if covers(x.Method, realname.EnterpriseAspect) && e.Changes == 0 && !e.Aspect.PassedBy(x.Method) {
		report("session %s: verified, and enterprise %s has not passed by %s", id, x.Enterprise.USCC, x.Method)
	}
	if covers(x.Method, realname.HolderAspect) && !a.Holder.Passed() {
		report("session %s: verified, and the holder of %s has not passed", id, x.AccountID)
	}
	told := map[realname.AnnouncementType]int{}
	for _, n := range e.Notices {
		for _, event := range n.Events {
			if event.SessionID == id {
				told[event.Type]++
			}
		}
	}
	for event, due := range map[realname.AnnouncementType]bool{
		realname.SessionClosed: true, realname.EnterpriseVerified: covers(x.Method, realname.EnterpriseAspect),
		realname.HolderVerified: covers(x.Method, realname.HolderAspect),
	} {
		if due && told[event] != 1 {
			report("session %s: verified, and told by %d events %s", id, told[event], event)
		}
	}
}

// covers reports whether a method verifies an aspect (R3, R5 to R7).
func covers(m realname.Method, a realname.AspectName) bool {
	switch m {
	case realname.LegalRepresentative:
		return true
	case realname.AccountHolder:
		return a == realname.HolderAspect
	}
	return a == realname.EnterpriseAspect
}

func (s State) checkAspect(
	what string, a realname.Aspect, name realname.AspectName, own func(Session) bool, report func(string, ...any),
) {
	if !a.Passed() {
		return
	}
	x, there := s.Sessions[a.SessionID]
	if !there || x.Closed != realname.Verified || x.Method != a.Method || !covers(a.Method, name) || !own(x) {
		report("%s: passed by %s of session %q, which is no such evidence", what, a.Method, a.SessionID)
	}
}

// checkHolders reports an enterprise that disagrees with its administrators'
// accounts about their passes, or whose standing does not follow from its
// administrators and its changes.
func (s State) checkHolders(uscc string, e Enterprise, report func(string, ...any)) {
	standing := realname.Unfounded
	for _, m := range e.Members {
		a := s.Accounts[m.AccountID]
		switch {
		case m.Role == realname.RoleOperator:
		case a.Origin.Applicable():
			standing = realname.Touched
		case standing == realname.Unfounded:
			standing = realname.Untouched
		}
		open := m.Holder != "" && m.Role != realname.RoleOperator // a closed account has no holder in the roster
		if known, is := e.Holders[m.AccountID].SessionID, a.Holder.SessionID; open && known != is || !open && known != "" {
			report("enterprise %s: knows the holder of %s by session %q, the account by %q", uscc, m.AccountID, known, is)
		}
	}
	if e.Changes > 0 || e.Aspect.Passed() {
		standing = realname.Touched
	}
	if e.Standing != standing && e.Standing != realname.Touched {
		report("enterprise %s: its standing is %q, its accounts and changes give %q", uscc, e.Standing, standing)
	}
}

func (s State) checkLatest(report func(string, ...any)) {
	for latest, id := range s.Latest {
		if x := s.Sessions[id]; x.AccountID+" "+string(x.Method) != latest {
			report("%s has the latest session %q, which is not its own", latest, id)
		}
	}
	for id, x := range s.Sessions {
		if x.HasState && x.Closed == "" && s.Latest[x.AccountID+" "+string(x.Method)] != id {
			report("session %s: live, and not its account's latest", id)
		}
	}
}

func (s State) checkRoster(uscc string, e Enterprise, report func(string, ...any)) {
	holders := map[string]string{}
	for _, m := range e.Members {
		if a, there := s.Accounts[m.AccountID]; !there || a.USCC != uscc {
			report("enterprise %s: member %s is no account of it", uscc, m.AccountID)
		}
		if other, taken := holders[m.Holder]; taken && m.Holder != "" {
			report("enterprise %s: %s and %s have one holder", uscc, other, m.AccountID)
		}
		holders[m.Holder] = m.AccountID
	}
}

// checkCards reports a card that serves two enterprises, or an account and a
// card that disagree about each other.
func (s State) checkCards(report func(string, ...any)) {
	for account, card := range s.Cards {
		if o := s.CardOwners[card]; o.USCC != s.Accounts[account].USCC || !slices.Contains(o.Accounts, account) {
			report("account %s: its card %s is bound to %s of %q", account, card, o.Accounts, o.USCC)
		}
	}
	for card, o := range s.CardOwners {
		for _, account := range o.Accounts {
			if s.Cards[account] != card {
				report("card %s: account %s has the card %q", card, account, s.Cards[account])
			}
		}
	}
	for id, x := range s.Sessions {
		if x.Method == realname.ICCard && x.Closed == realname.Verified && s.Cards[x.AccountID] == "" {
			report("session %s: verified, and no card is bound", id)
		}
	}
}

// checkNotices reports a gap in the numbering, and an event that was never
// delivered.
func (s State) checkNotices(uscc string, e Enterprise, report func(string, ...any)) {
	seen := map[int64]bool{}
	for _, n := range e.Notices {
		seen[n.Seq] = true
		for _, event := range n.Events {
			if !s.Received[event.ID] || !s.Published[event.ID] {
				report("enterprise %s: event %s %s did not arrive", uscc, event.Type, event.ID)
			}
		}
		if n.Delivered.IsZero() {
			report("enterprise %s: notice %d was not delivered", uscc, n.Seq)
		}
	}
	for seq := int64(1); seq <= e.Trail.Notices; seq++ {
		if !seen[seq] {
			report("enterprise %s: notice %d is missing", uscc, seq)
		}
	}
	if int64(len(e.Notices)) > e.Trail.Notices {
		report("enterprise %s: %d notices, and its trail knows %d", uscc, len(e.Notices), e.Trail.Notices)
	}
}
