package verification_test

import (
	"sync"
	"testing"

	"realname/local/domaintest"
	"realname/shared/realname"
)

// Two enterprises bind one certificate at the same moment. A policy that identifies
// enterprises only by name would allow that.
func TestOneCertificateServesOneEnterprise(t *testing.T) {
	b := newCardBench(t)
	var both sync.WaitGroup
	both.Add(2)
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) {
		both.Done()
		both.Wait() // both requests have read that the certificate is free
		return realname.CardResult{}, nil
	}}
	accounts := []string{domaintest.AccountID, "account-2"}
	codes := make([]realname.Code, 2)
	challenges := []string{b.challenge(accounts[0], ""), b.challenge(accounts[1], "")}
	var done sync.WaitGroup
	for i, a := range accounts {
		done.Go(func() {
			_, err := b.BindCard(t.Context(), b.of(a), cardAnswer(challenges[i], "one"))
			codes[i] = realname.CodeOf(err)
		})
	}
	done.Wait()
	winner, loser := 0, 1
	if codes[0] != "" {
		winner, loser = 1, 0
	}
	if codes[winner] != "" || codes[loser] != realname.CodeConflict {
		t.Fatalf("got %q", codes)
	}
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) { return realname.CardResult{}, nil }}
	bind := func(a string) realname.Code {
		_, err := b.BindCard(t.Context(), b.of(a), cardAnswer(b.challenge(a, ""), "one"))
		return realname.CodeOf(err)
	}
	if got := bind(accounts[loser]); got != realname.CodeCardBoundElsewhere {
		t.Errorf("the other enterprise: %q", got)
	}
	if err := b.UnbindCard(t.Context(), b.of(accounts[winner])); err != nil {
		t.Fatal(err)
	}
	if got := bind("account-2"); got != "" {
		t.Errorf("after it was unbound: %q", got)
	}
	// The certificate cannot verify another enterprise either.
	s := b.Begin(realname.ICCard)
	err := b.answerCard(s, b.challenge(domaintest.AccountID, s), "one")
	if realname.CodeOf(err) != realname.CodeCardBoundElsewhere {
		t.Errorf("verifying with another's bound card: %v", err)
	}
}

// When an enterprise's code changes, its accounts move, and their cards with them.
func TestACardOfAColleagueMovesWithTheEnterprise(t *testing.T) {
	b := newCardBench(t)
	bind := func(account string) realname.Code {
		_, err := b.BindCard(t.Context(), b.of(account), cardAnswer(b.challenge(account, ""), "one"))
		return realname.CodeOf(err)
	}
	s := b.Begin(realname.ICCard)
	session := func() realname.Code {
		challenge := b.challenge(domaintest.AccountID, s)
		return realname.CodeOf(b.answerCard(s, challenge, "one"))
	}
	if code := bind("account-2"); code != "" {
		t.Fatal(code)
	}
	if code := session(); code != realname.CodeCardBoundElsewhere {
		t.Errorf("of another enterprise: %q", code)
	}
	view, err := b.Store.LoadAccount(t.Context(), realname.AccountQuery{AccountID: "account-2"})
	if err != nil {
		t.Fatal(err)
	}
	view.Account.USCC = domaintest.EnterpriseAnswer.USCC
	if err := b.Store.Commit(t.Context(), realname.Writing(view.Account)); err != nil {
		t.Fatal(err)
	}
	if code := bind(domaintest.AccountID); code != "" {
		t.Errorf("bound by a colleague under the former code: %q", code)
	}
	if code := session(); code != "" {
		t.Errorf("in a session: %q", code)
	}
	owner, err := b.Store.LoadCardOwner(t.Context(), "one")
	if err != nil || owner.USCC != domaintest.EnterpriseAnswer.USCC || len(owner.Accounts) != 2 {
		t.Errorf("%+v, %v", owner, err)
	}
}

func TestRebindingFreesTheCardBefore(t *testing.T) {
	b := newCardBench(t)
	bind := func(a, certificate string) realname.Code {
		_, err := b.BindCard(t.Context(), b.of(a), cardAnswer(b.challenge(a, ""), certificate))
		return realname.CodeOf(err)
	}
	for _, step := range []struct {
		account, certificate string
		want                 realname.Code
	}{
		{domaintest.AccountID, "one", ""},
		{domaintest.AccountID, "two", ""},
		{domaintest.AccountID, "two", ""},
		{"account-2", "two", realname.CodeCardBoundElsewhere},
		{"account-2", "one", ""},
		{domaintest.AccountID, "one", realname.CodeCardBoundElsewhere},
	} {
		if got := bind(step.account, step.certificate); got != step.want {
			t.Errorf("%s binds %s: %q, want %q", step.account, step.certificate, got, step.want)
		}
	}
	card, err := b.Card(t.Context(), b.of(domaintest.AccountID))
	if err != nil || card.ID != "two" {
		t.Errorf("%+v %v", card, err)
	}
}
