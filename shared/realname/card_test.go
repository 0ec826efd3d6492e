package realname_test

import (
	"slices"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestACardsChallengeIsAnsweredOnceInTime(t *testing.T) {
	challenge := realname.CardChallenge{AccountID: "a", SessionID: "s", ExpiresAt: noon}
	used := challenge
	used.UsedAt = noon.Add(-time.Minute)
	for name, c := range map[string]struct {
		challenge        *realname.CardChallenge
		account, session string
		at               time.Time
		want             realname.Code
	}{
		"in time":         {&challenge, "a", "s", noon.Add(-1), ""},
		"at its end":      {&challenge, "a", "s", noon, realname.CodeCardChallengeExpired},
		"used":            {&used, "a", "s", noon.Add(-1), realname.CodeCardChallengeUsed},
		"another account": {&challenge, "b", "s", noon.Add(-1), realname.CodeCardChallengeElsewhere},
		"another session": {&challenge, "a", "t", noon.Add(-1), realname.CodeCardChallengeElsewhere},
		"unknown":         {nil, "a", "s", noon.Add(-1), realname.CodeCardChallengeUnknown},
	} {
		if got := realname.CodeOf(c.challenge.Answerable(c.account, c.session, c.at)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if realname.CardChallengeLife != 2*time.Minute {
		t.Errorf("a challenge lives %v", realname.CardChallengeLife)
	}
	for code, want := range map[realname.Code]bool{
		realname.CodeCardSignatureWrong: true, realname.CodeCardWrongEnterprise: true,
		realname.CodeCardRevoked: false, "": false,
	} {
		if got := realname.CardCharged(code); got != want {
			t.Errorf("%s: charged %v", code, got)
		}
	}
}

func TestACardServesOneEnterprise(t *testing.T) {
	account := realname.Account{ID: "a", USCC: "U"}
	owner := func(uscc string, accounts ...string) realname.CardOwner {
		return realname.CardOwner{USCC: uscc, Accounts: accounts}
	}
	for name, c := range map[string]struct {
		owner realname.CardOwner
		want  bool
	}{
		"nobody's":                          {owner(""), false},
		"nobody's any more":                 {owner("V"), false},
		"the enterprise's":                  {owner("U", "b"), false},
		"the account's own, before it left": {owner("V", "a"), false},
		"another enterprise's":              {owner("V", "b"), true},
		"another enterprise's too":          {owner("V", "a", "b"), true},
	} {
		if got := c.owner.TakenFrom(account); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	with := owner("V", "b").With(account)
	for _, o := range []realname.CardOwner{with, with.With(account)} {
		if o.USCC != "U" || !slices.Equal(o.Accounts, []string{"b", "a"}) {
			t.Errorf("%+v", o)
		}
	}
	if got := with.Without("b").Accounts; !slices.Equal(got, []string{"a"}) || len(with.Accounts) != 2 {
		t.Errorf("got %v of %v", got, with.Accounts)
	}
}

func TestCardViewsAreTheSameByTheirVersions(t *testing.T) {
	view := func(change func(v *realname.CardView)) realname.CardView {
		v := realname.CardView{Challenge: &realname.CardChallenge{Version: 1}}
		v.Bound.Version, v.Owner.Version = 2, 3
		change(&v)
		return v
	}
	none := func(v *realname.CardView) { v.Challenge = nil }
	same := view(func(*realname.CardView) {})
	for name, c := range map[string]struct {
		a, b realname.CardView
		want bool
	}{
		"the same":      {same, view(func(*realname.CardView) {}), true},
		"no challenges": {view(none), view(none), true},
		"another challenge": {
			same, view(func(v *realname.CardView) { v.Challenge = &realname.CardChallenge{Version: 2} }), false,
		},
		"a challenge, then not": {same, view(none), false},
		"no challenge, then":    {view(none), same, false},
		"another card":          {same, view(func(v *realname.CardView) { v.Bound.Version = 9 }), false},
		"another owner":         {same, view(func(v *realname.CardView) { v.Owner.Version = 9 }), false},
	} {
		if got := c.a.SameVersions(c.b); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
