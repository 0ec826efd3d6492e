package accounts_test

import (
	"errors"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
)

func TestAnAddressIsTheAccountsOnceItsLinkIsOpened(t *testing.T) {
	o := newOwn(t)
	if err := o.changeEmail("x"); realname.CodeOf(err) != realname.CodeInvalidRequest {
		t.Errorf("no address: %v", err)
	}
	if err := o.changeEmail("new@example.com"); err != nil {
		t.Fatal(err)
	}
	want := accounts.ConfirmationMail{To: "new@example.com", Secret: "secret", Language: "en", Hours: 24}
	if len(o.mails.sent) != 1 || o.mails.sent[0] != want || o.account().Email != "" {
		t.Errorf("sent %+v", o.mails.sent)
	}
	if err := o.changeEmail("new@example.com"); realname.CodeOf(err) != realname.CodeSMSLimit {
		t.Errorf("within the minute: %v", err)
	}
	if err := o.ConfirmEmail(t.Context(), "another", nil); realname.CodeOf(err) != realname.CodeLinkExpired {
		t.Errorf("another link: %v", err)
	}
	for range 2 { // the second is the same request
		if err := o.ConfirmEmail(t.Context(), "secret", again); err != nil {
			t.Fatal(err)
		}
	}
	a := o.account()
	address, err := o.Sealer.Open(a.Email, realname.AccountItem(a.ID), realname.FieldEmail)
	if err != nil || string(address) != "new@example.com" || a.PendingEmail != "" || a.TokensFrom.IsZero() {
		t.Errorf("%q, %v, %+v", address, err, a)
	}
	if err := o.ConfirmEmail(t.Context(), "secret", nil); realname.CodeOf(err) != realname.CodeLinkExpired {
		t.Errorf("a used link: %v", err)
	}
	if err := o.changeEmail("new@example.com"); err != nil || len(o.mails.sent) != 1 {
		t.Errorf("the same address: %v, sent %d", err, len(o.mails.sent))
	}
}

func TestAMailThatDidNotGoOutIsNotCounted(t *testing.T) {
	o := newOwn(t)
	change := func() error { return o.changeEmail("new@example.com") }
	o.mails.err = errors.New("no network")
	for range o.Limits.SMSPerNumberPerDay + 1 {
		if err := change(); realname.CodeOf(err) != realname.CodeUnavailable || !errors.Is(err, o.mails.err) {
			t.Fatalf("%v", err)
		}
	}
	o.mails.err = nil
	if err := change(); err != nil {
		t.Fatal(err)
	}
	if err := change(); realname.CodeOf(err) != realname.CodeSMSLimit {
		t.Errorf("after one that went out: %v", err)
	}
}

// A mail that asks to confirm an address counts like a message, on the account and on the
// address.
func TestAMailCountsLikeAMessage(t *testing.T) {
	o := newOwn(t)
	o.Limits.SMSPerAccountPerDay, o.Limits.SMSPerNumberPerDay = 2, 1
	o.Limits.SMSInterval = 0
	o.NewSecret = func() (string, error) { return o.NewID(), nil }
	for address, want := range []string{"", "", string(realname.CodeSMSLimit)} {
		err := o.changeEmail(string(rune('a'+address)) + "@example.com")
		if string(realname.CodeOf(err)) != want {
			t.Errorf("mail %d: %v", address+1, err)
		}
	}
	o.Limits.SMSPerAccountPerDay = 3
	if err := o.changeEmail("A@example.com"); realname.CodeOf(err) != realname.CodeSMSLimit {
		t.Errorf("the first address again: %v", err)
	}
}

func TestALinkOfAnEarlierAddressIsExpired(t *testing.T) {
	o := newOwn(t)
	for n, secret := range []string{"first", "second"} {
		o.NewSecret = func() (string, error) { return secret, nil }
		if err := o.changeEmail(string(rune('a'+n)) + "@example.com"); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.ConfirmEmail(t.Context(), "first", nil); realname.CodeOf(err) != realname.CodeLinkExpired {
		t.Errorf("the earlier link: %v", err)
	}
	o.edit(func(a *realname.Account) { a.Disabled = o.Now() })
	if err := o.ConfirmEmail(t.Context(), "second", nil); realname.CodeOf(err) != realname.CodeLinkExpired {
		t.Errorf("of a closed account: %v", err)
	}
	o.edit(func(a *realname.Account) { a.Disabled = time.Time{} })
	if err := o.ConfirmEmail(t.Context(), "second", nil); err != nil {
		t.Errorf("the later link: %v", err)
	}
}
