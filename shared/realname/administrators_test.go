package realname_test

import (
	"fmt"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestOfHoldersAtOneInstantTheLastSessionIsShown(t *testing.T) {
	for range 20 { // the order of a map is random
		e := realname.Enterprise{Holders: map[string]realname.Aspect{
			"a": {Method: realname.AccountHolder, SessionID: "s1", At: noon},
			"b": {Method: realname.AccountHolder, SessionID: "s3", At: noon},
			"c": {Method: realname.AccountHolder, SessionID: "s2", At: noon},
			"d": {Method: realname.AccountHolder, SessionID: "s9", At: noon.Add(-1)},
		}}
		if got := e.Holder().SessionID; got != "s3" {
			t.Fatalf("got %s", got)
		}
	}
}

func TestAnAdministratorsHolderIsKeptWhileTheAccountIsOpen(t *testing.T) {
	passed := realname.Aspect{
		Method: realname.AccountHolder, SessionID: "s", At: noon,
		By: map[realname.Method]time.Time{realname.AccountHolder: noon},
	}
	admin := realname.Account{ID: "a", Origin: realname.SingleWindow, Holder: passed}
	before := realname.Enterprise{Holders: map[string]realname.Aspect{"b": passed}}
	e := before.WithAdministrator(admin)
	if h := e.Holders["a"]; len(e.Holders) != 2 || h.SessionID != "s" || h.By != nil || e.Standing != realname.Touched {
		t.Errorf("%+v", e)
	}
	if len(before.Holders) != 1 {
		t.Errorf("the given enterprise was changed: %+v", before)
	}
	first := realname.Enterprise{}.WithAdministrator(admin)
	if state := first.HolderState(admin); len(first.Holders) != 1 || !state.Passed || state.By.SessionID != "s" {
		t.Errorf("%+v", first)
	}
	admin.Disabled = noon
	if e = e.WithAdministrator(admin); len(e.Holders) != 1 || e.Holders["b"].SessionID != "s" {
		t.Errorf("after the account was closed: %+v", e)
	}
	admin.Disabled, admin.Holder = time.Time{}, realname.Aspect{}
	if e = e.WithAdministrator(admin); len(e.Holders) != 1 {
		t.Errorf("after the holder was withdrawn: %+v", e)
	}
	operator := realname.Account{ID: "o", Role: realname.RoleOperator, Holder: passed}
	got := realname.Enterprise{}.WithAdministrator(operator)
	if len(got.Holders) != 0 || got.Standing != realname.Unfounded {
		t.Errorf("an operator: %+v", got)
	}
}

func TestHoldersOfAnOldRecordTouchIt(t *testing.T) {
	e := realname.Enterprise{Holders: map[string]realname.Aspect{"a": {Method: realname.AccountHolder}}}
	origins := map[string]realname.Origin{"a": realname.SingleWindow}
	if got := realname.StandingOf(origins, e); got != realname.Touched {
		t.Errorf("got %q", got)
	}
}

func TestAWithdrawalIsAnnouncedAndAudited(t *testing.T) {
	was := realname.Enterprise{
		USCC: "U", Standing: realname.Touched, Aspect: realname.Aspect{Method: realname.ICCard, SessionID: "s"},
	}
	is := realname.Enterprise{USCC: "V", Standing: realname.Touched}
	ids := 0
	newID := func() string { ids++; return fmt.Sprint("id", ids) }
	var c realname.Change
	c.Withdraw(was, is, "a", "staff", noon, newID)
	c.Withdraw(is, was, "a", "staff", noon, newID) // nothing is withdrawn
	if len(c.Announcements) != 1 || len(c.Audit) != 1 {
		t.Fatalf("%+v", c)
	}
	wantEvent := realname.Announcement{
		ID: "id1", Type: realname.VerificationWithdrawn, At: noon, USCC: "U", AccountID: "a", SessionID: "s",
		Method: realname.ICCard, Aspect: realname.EnterpriseAspect,
	}
	if got := c.Announcements[0]; got != wantEvent {
		t.Errorf("got %+v", got)
	}
	entry := c.Audit[0]
	if entry.Action != realname.AuditWithdrawn || entry.Actor != "staff" || entry.USCC != "U" || entry.SessionID != "s" {
		t.Errorf("got %+v", entry)
	}
}
