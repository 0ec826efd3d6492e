package accounts_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/verification"
)

// guesses is the number of concurrent guesses of one code. The last guess is correct.
const guesses = 8

func guess(n int) string {
	if n == guesses-1 {
		return "123456"
	}
	return fmt.Sprintf("00000%d", n)
}

// abreast is a table that delays every read of an SMS code until all guesses have read
// it.
type abreast struct {
	table.Table
	mu      sync.Mutex
	waiting int
	all     chan struct{} // nil: reads do not wait
}

func (a *abreast) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	items, err := a.Table.Get(ctx, keys...)
	for _, k := range keys {
		if strings.HasPrefix(k.SK, "SMS#") {
			a.wait()
		}
	}
	return items, err
}

func (a *abreast) wait() {
	a.mu.Lock()
	all := a.all
	if a.waiting++; all != nil && a.waiting == guesses {
		close(all)
		a.all = nil
	}
	a.mu.Unlock()
	if all != nil {
		<-all
	}
}

// atOnce sends the guesses and counts the error codes.
func (a *abreast) atOnce(send func(guess string) error) map[realname.Code]int {
	a.waiting, a.all = 0, make(chan struct{})
	var mu sync.Mutex
	var done sync.WaitGroup
	count := map[realname.Code]int{}
	for n := range guesses {
		done.Go(func() {
			err := send(guess(n))
			mu.Lock()
			defer mu.Unlock()
			count[realname.CodeOf(err)]++
		})
	}
	done.Wait()
	return count
}

// Of concurrent guesses only one is judged, and not necessarily the correct one.
// Concurrent guesses therefore have no advantage over sequential ones.
func TestOfResetCodesGuessedAtOnceOneIsJudged(t *testing.T) {
	tbl := &abreast{Table: memory.New(func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) })}
	a, caller := accountsOn(t, tbl)
	view, err := a.Store.LoadAccount(t.Context(), realname.AccountQuery{AccountID: caller.AccountID})
	if err != nil {
		t.Fatal(err)
	}
	const mobile = "13700000001"
	account := view.Account
	account.Mobile, err = a.Sealer.Seal([]byte(mobile), realname.AccountItem(account.ID), realname.FieldMobile)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Store.Commit(t.Context(), realname.Writing(account)); err != nil {
		t.Fatal(err)
	}
	a.Sessions.SMS, a.Sessions.NewCode = smsProvider{}, func() (string, error) { return "123456", nil }
	if _, err := a.SendResetCode(t.Context(), accounts.ResetCodeRequest{
		LoginName: account.LoginName, Mobile: mobile,
		Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
	}); err != nil {
		t.Fatal(err)
	}
	count := tbl.atOnce(func(guess string) error {
		return a.ResetPassword(t.Context(), accounts.ResetRequest{
			LoginName: account.LoginName, Mobile: mobile, SMSCode: guess, NewPassword: "a new one",
		})
	})
	if count[""]+count[realname.CodeSMSCodeWrong] != 1 || count[realname.CodeConflict] != guesses-1 {
		t.Errorf("%v", count)
	}
}

// smsProvider is a provider that accepts every message.
type smsProvider struct{}

func (smsProvider) SendCode(context.Context, realname.SMSMessage) (realname.CheckResult, error) {
	return realname.CheckResult{Outcome: realname.Match, Provider: "test"}, nil
}

// The same holds for the code of a step. There, a correct guess also shows by the
// request to the provider that it causes.
func TestOfStepCodesGuessedAtOnceOneIsJudged(t *testing.T) {
	b := domaintest.New(t)
	tbl := &abreast{Table: b.Table}
	b.Store = store.New(tbl)
	id := b.Begin(realname.LegalRepresentative)
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	if _, err := b.AskCode(id); err != nil {
		t.Fatal(err)
	}
	provider := &bankCards{}
	b.BankCards = provider
	count := tbl.atOnce(func(guess string) (refusal error) {
		r := b.Request(id)
		r.Render = func(_ realname.Session, err error) realname.Reply { refusal = err; return domaintest.Render(err) }
		_, err := b.SubmitLegalRepresentative(t.Context(), r, verification.IdentityAnswer{
			By: realname.ByBankCard, BankCardNumber: "6222021000001000016", Mobile: "13900001001", SMSCode: guess,
		})
		if err != nil {
			return err
		}
		return refusal
	})
	if provider.asked+count[realname.CodeSMSCodeWrong] != 1 || count[realname.CodeConflict] != guesses-1 {
		t.Errorf("the provider was asked %d times, %v", provider.asked, count)
	}
}

// bankCards is a provider that always answers with a match.
type bankCards struct{ asked int }

// CheckBankCard implements realname.BankCards.
func (p *bankCards) CheckBankCard(context.Context, realname.BankCardQuery) (realname.CheckResult, error) {
	p.asked++
	return realname.CheckResult{Outcome: realname.Match, Provider: "test", RequestID: "r"}, nil
}
