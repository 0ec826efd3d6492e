package realname_test

import (
	"slices"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestTheLatestOfSeveralAdministratorsIsShown(t *testing.T) {
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	e := realname.Enterprise{Holders: map[string]realname.Aspect{
		"a": {Method: realname.AccountHolder, SessionID: "s1", At: day},
		"b": {Method: realname.LegalRepresentative, SessionID: "s2", At: day.Add(time.Hour)},
	}}
	if h := e.Holder(); h.SessionID != "s2" {
		t.Errorf("%+v", h)
	}
	if h := (realname.Enterprise{}).Holder(); h.Passed() {
		t.Errorf("no administrator: %+v", h)
	}
}

// An enterprise counts as verified by registration while every administrator it has
// ever had registered through the Single Window or with a card. Closing an account
// does not change that.
func TestAnEnterpriseIsUntouchedByTheAdministratorsItEverHad(t *testing.T) {
	account := func(id string, o realname.Origin) realname.Account { return realname.Account{ID: id, Origin: o} }
	operator, closed := account("op", realname.MigratedLocal), account("c", realname.MigratedInspection)
	operator.Role, closed.Disabled = realname.RoleOperator, time.Unix(1, 0)
	registered, card := account("r", realname.SingleWindow), account("i", realname.ICCardLogin)
	moved := account("m", realname.MigratedLocal)
	left := registered
	left.Disabled = time.Unix(1, 0)
	for name, c := range map[string]struct {
		accounts []realname.Account
		passed   bool
	}{
		"no administrator":         {nil, false},
		"registered":               {[]realname.Account{registered}, true},
		"signs in with a card":     {[]realname.Account{card}, true},
		"both":                     {[]realname.Account{registered, card}, true},
		"moved in":                 {[]realname.Account{moved}, false},
		"one of them moved in":     {[]realname.Account{registered, moved}, false},
		"moved in first":           {[]realname.Account{moved, registered}, false},
		"an operator":              {[]realname.Account{operator}, false},
		"with an operator":         {[]realname.Account{registered, operator}, true},
		"the one moved in closed":  {[]realname.Account{closed, registered}, false},
		"registered, then closed":  {[]realname.Account{registered, left}, true},
		"moved in and then closed": {[]realname.Account{registered, moved, closed}, false},
	} {
		e := realname.Enterprise{}
		for _, a := range c.accounts {
			e = e.WithAdministrator(a)
		}
		for _, aspect := range []realname.AspectName{realname.EnterpriseAspect, realname.HolderAspect} {
			if e.State(aspect).Passed != c.passed {
				t.Errorf("%s: %s %+v", name, aspect, e)
			}
		}
	}
}

// A record without a standing gets the standing that follows from its facts.
func TestAnOldRecordGetsTheStandingOfItsFacts(t *testing.T) {
	verified := realname.Enterprise{Aspect: realname.Aspect{Method: realname.BankUKey}}
	for name, c := range map[string]struct {
		origins map[string]realname.Origin
		e       realname.Enterprise
		want    realname.Standing
	}{
		"no administrator": {nil, realname.Enterprise{}, realname.Unfounded},
		"registered": {
			map[string]realname.Origin{"a": realname.SingleWindow, "b": realname.ICCardLogin},
			realname.Enterprise{},
			realname.Untouched,
		},
		"one moved in": {
			map[string]realname.Origin{"a": realname.SingleWindow, "b": realname.MigratedLocal},
			realname.Enterprise{},
			realname.Touched,
		},
		"changed": {
			map[string]realname.Origin{"a": realname.SingleWindow}, realname.Enterprise{Changes: 1}, realname.Touched,
		},
		"verified":           {map[string]realname.Origin{"a": realname.SingleWindow}, verified, realname.Touched},
		"changed, none left": {nil, realname.Enterprise{Changes: 1}, realname.Touched},
	} {
		if got := realname.StandingOf(c.origins, c.e); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// An aspect is withdrawn if it was passed before a change and is not passed after it.
func TestTheAspectsThatNoLongerReadPassedAreWithdrawn(t *testing.T) {
	both := []realname.AspectName{realname.EnterpriseAspect, realname.HolderAspect}
	untouched := realname.Enterprise{Standing: realname.Untouched}
	verified := realname.Enterprise{Standing: realname.Touched, Aspect: realname.Aspect{
		Method: realname.ICCard, SessionID: "s",
	}}
	touched := realname.Enterprise{Standing: realname.Touched}
	for name, c := range map[string]struct {
		was, is realname.Enterprise
		want    []realname.AspectName
	}{
		"touched":             {untouched, touched, both},
		"withdrawn":           {verified, touched, both[:1]},
		"nothing":             {verified, verified, nil},
		"touched and passing": {untouched, verified, both[1:]},
		"passing":             {touched, verified, nil},
	} {
		if got := c.is.Withdrawn(c.was); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
