package accounts_test

import (
	"fmt"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
)

// resets is two administrators with one bound number, whose clock the test moves.
type resets struct {
	*own
	now    time.Time
	logins [2]string
}

const boundNumber = "13800138000"

func newResets(t *testing.T) *resets {
	t.Helper()
	r := &resets{own: newOwn(t), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	r.Now = func() time.Time { return r.now }
	bind := func(a *realname.Account) {
		var err error
		a.Mobile, err = r.Sealer.Seal([]byte(boundNumber), realname.AccountItem(a.ID), realname.FieldMobile)
		if err != nil {
			t.Fatal(err)
		}
	}
	r.edit(bind)
	second := r.account()
	second.ID, second.LoginName, second.Version = "second", "second-"+second.LoginName, 0
	bind(&second)
	if err := r.store.Commit(t.Context(), realname.Writing(second, realname.NewLogin{Account: second})); err != nil {
		t.Fatal(err)
	}
	r.logins = [2]string{r.account().LoginName, second.LoginName}
	return r
}

// ask asks for a code, and reports the refusal and whether a message was sent.
func (r *resets) ask(login, mobile string) (refusal realname.Code, sent bool) {
	before := len(r.sms.sent)
	_, err := r.SendResetCode(r.Context(), accounts.ResetCodeRequest{
		LoginName: login, Mobile: mobile,
		Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
	})
	r.deliver()
	return realname.CodeOf(err), len(r.sms.sent) > before
}

// Requests that send no message leave the number's codes of the day to its owner.
func TestOnlyMessagesCountAgainstANumber(t *testing.T) {
	r := newResets(t)
	for n := range 40 {
		if refusal, sent := r.ask(fmt.Sprint("made-up-", n), boundNumber); refusal != "" || sent {
			t.Fatalf("a made-up name: %q, sent %v", refusal, sent)
		}
		if refusal, sent := r.ask(r.logins[0], fmt.Sprintf("1390013%04d", n)); refusal != "" || sent {
			t.Fatalf("another number: %q, sent %v", refusal, sent)
		}
	}
	for n := range 5 {
		if refusal, sent := r.ask(r.logins[0], boundNumber); refusal != "" || !sent {
			t.Fatalf("message %d: %q, sent %v", n+1, refusal, sent)
		}
		r.now = r.now.Add(time.Minute)
	}
	if refusal, _ := r.ask(r.logins[0], boundNumber); refusal != realname.CodeSMSLimit {
		t.Errorf("after five messages: %q", refusal)
	}
}

// The limits of a login name and a number that do not belong together are those of a
// pair that does.
func TestTheLimitsOfResetsAreTheSameForEveryPair(t *testing.T) {
	r := newResets(t)
	pairs := map[string][2]string{
		"bound": {r.logins[0], boundNumber}, "another number": {r.logins[0], "13900139000"},
		"made-up name": {"nobody", "13900139001"}, "made-up name, bound number": {"nobody", boundNumber},
	}
	answers := map[string]string{}
	for name, pair := range pairs {
		start := r.now
		for _, pause := range []time.Duration{
			0, time.Minute, 59 * time.Second, time.Second, time.Minute, time.Minute, time.Minute, time.Hour,
		} {
			r.now = r.now.Add(pause)
			refusal, _ := r.ask(pair[0], pair[1])
			answers[name] += fmt.Sprint(r.now.Sub(start), refusal, " ")
		}
		r.now = start
	}
	for name, got := range answers {
		if got != answers["bound"] {
			t.Errorf("%s: %s\nbound: %s", name, got, answers["bound"])
		}
	}
}

// Two accounts of one number share its messages. The answers do not reveal it.
func TestAccountsOfOneNumberShareItsMessages(t *testing.T) {
	r := newResets(t)
	sent := 0
	for n := range 10 {
		refusal, did := r.ask(r.logins[n%2], boundNumber)
		if refusal != "" {
			t.Fatalf("request %d: %q", n, refusal)
		}
		if did {
			sent++
		}
		r.now = r.now.Add(30 * time.Second)
	}
	if sent != 5 {
		t.Errorf("%d messages", sent)
	}
}
