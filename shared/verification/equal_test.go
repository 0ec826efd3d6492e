package verification_test

import (
	"fmt"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/verification"
)

// equals runs a request while another one that counts the same is stored first, on a table
// that repeats each put.
func (b *bench) equals(other, request func() error) (otherErr, requestErr error) {
	whole := b.Store
	repeating := store.New(domaintest.Repeating{Table: b.Table})
	b.Store = &domaintest.Racing{Store: repeating, Meanwhile: func() {
		b.Store = repeating
		otherErr = other()
	}}
	defer func() { b.Store = whole }()
	return otherErr, request()
}

// Two requests that count the same at once both count, also if the table takes a repeated
// put whose item it holds for the first one's.
func TestEqualMessagesAreBothCounted(t *testing.T) {
	b := newBench(t)
	id := b.toLegal()
	ask := func(number string) func() error {
		return func() error {
			_, err := b.Verification.SendCode(b.Context(), verification.CodeRequest{
				Caller: b.Caller(), SessionID: id, Step: realname.StepLegalRepresentative,
				Mobile: number, BankCardNumber: cardNumber,
				Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
			})
			return err
		}
	}
	first, second := b.equals(ask(mobile), ask("13900001002"))
	if first != nil {
		t.Fatal(first)
	}
	wantCode(t, second, realname.CodeConflict)
	if ofAccount, _, code := b.messages(id); ofAccount != 1 || code == nil {
		t.Errorf("%d messages of the account, %+v", ofAccount, code)
	}
}

func TestEqualChallengesAreBothCounted(t *testing.T) {
	b := newCardBench(t)
	session := b.Begin(realname.ICCard)
	ask := func() error { return b.asksChallenge(session) }
	if first, second := b.equals(ask, ask); first != nil || second != nil {
		t.Fatal(first, second)
	}
	day := b.stored("ACCOUNT#"+domaintest.AccountID, "DAY#")
	if n := len(b.stored("CHALLENGE#", "")); len(day) != 1 || fmt.Sprint(day[0]["cardChallenges"]) != "2" || n != 2 {
		t.Errorf("%v for %d challenges", day, n)
	}
}

func TestOfEqualGuessesOneIsJudged(t *testing.T) {
	b := newBench(t)
	id := b.toLegal()
	if _, err := b.AskCode(id); err != nil {
		t.Fatal(err)
	}
	b.Store = store.New(domaintest.Repeating{Table: b.Table})
	_, _, code := b.messages(id)
	for n, want := range []realname.Code{realname.CodeSMSCodeWrong, realname.CodeConflict} {
		read := *code
		err := b.Codes().Guess(t.Context(), &read, code.NumberIndex, mobile, "654321")
		if realname.CodeOf(err) != want {
			t.Errorf("guess %d of the code as it was read: %v", n+1, err)
		}
	}
}
