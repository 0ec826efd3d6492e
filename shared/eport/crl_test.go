package eport_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"realname/shared/eport"
	"realname/shared/realname"
)

func TestRevokedCardIsRefused(t *testing.T) {
	for _, root := range []string{"sm2", "rsa"} {
		l := newLab(t)
		l.issue("root", root, "/C=CN/CN=Root", authority, "")
		l.issue("card", "sm2", subject, signing, "root")
		l.issue("other-card", "sm2", subject, signing, "root")
		l.list("root", "card")
		v := l.verifier(l.trust(eport.DefaultPolicy(), "root"))
		l.refuses(v, "card", l.sign("card", challenge), realname.CodeCardRevoked)
		l.accepts(v, "other-card", l.sign("other-card", challenge), eport.SM2SM3)
	}
}

func TestCardOfARevokedAuthorityIsRefused(t *testing.T) {
	l := newLab(t)
	l.issue("root", "sm2", "/C=CN/CN=Root", authority, "")
	l.issue("middle", "sm2", "/C=CN/CN=Middle", authority, "root")
	l.issue("card", "sm2", subject, signing, "middle")
	l.list("middle")
	l.list("root", "middle")
	l.refuses(l.verifier(l.trust(eport.DefaultPolicy(), "root", "middle")), "card", l.sign("card", challenge),
		realname.CodeCardRevoked)
}

func TestListThatCannotCountFailsClosedUnlessThePolicyIsSoft(t *testing.T) {
	l := simple(t, "sm2", signing)
	sig := l.sign("card", challenge)
	list, err := os.ReadFile(l.path("root.crl"))
	if err != nil {
		t.Fatal(err)
	}
	l.issue("stranger", "sm2", "/C=CN/CN=Root", authority, "")
	l.listAs("stranger", "stranger.crl", "", nil)
	foreign, err := os.ReadFile(l.path("stranger.crl"))
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) string { return l.now.UTC().AddDate(0, 0, n).Format("060102150405Z") }
	l.listAs("root", "future.crl", "", []string{"-crl_lastupdate", day(1), "-crl_nextupdate", day(9)})
	future, err := os.ReadFile(l.path("future.crl"))
	if err != nil {
		t.Fatal(err)
	}
	eighth := l.now.AddDate(0, 0, 8)
	strict, soft := eport.DefaultPolicy(), eport.DefaultPolicy()
	soft.Revocation = eport.Soft
	forged := append([]byte{}, list...)
	forged[len(forged)-1] ^= 1
	for name, c := range map[string]struct {
		list []byte
		at   time.Time
		code realname.Code
	}{
		"stale":             {list, eighth, realname.CodeCRLStale},
		"from the future":   {future, l.now, realname.CodeCRLStale},
		"missing":           {nil, l.now, realname.CodeCRLUnavailable},
		"no list":           {[]byte("<html>"), l.now, realname.CodeCRLUnavailable},
		"forged":            {forged, l.now, realname.CodeCRLUnavailable},
		"another's by name": {foreign, l.now, realname.CodeCRLUnavailable},
		"too long":          {make([]byte, 17<<20), l.now, realname.CodeCRLUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			l := &lab{T: t, dir: l.dir, now: c.at, lists: l.lists}
			if c.list == nil {
				_ = os.Remove(l.path("root.crl")) // the file may not exist
			} else {
				l.write("root.crl", string(c.list))
			}
			l.refuses(l.verifier(l.trust(strict, "root")), "card", sig, c.code)
			l.accepts(l.verifier(l.trust(soft, "root")), "card", sig, eport.SM2SM3+" "+string(c.code))
		})
	}
}

func TestStaleListStillRevokes(t *testing.T) {
	l := simple(t, "sm2", signing)
	l.list("root", "card")
	l.now = l.now.AddDate(0, 0, 8)
	policy := eport.DefaultPolicy()
	policy.Revocation = eport.Soft
	l.refuses(l.verifier(l.trust(policy, "root")), "card", l.sign("card", challenge), realname.CodeCardRevoked)
}

func TestAuthorityWithoutListsIsAccepted(t *testing.T) {
	l := simple(t, "sm2", signing)
	trust := eport.NewTrust(eport.DefaultPolicy(), []eport.Authority{{Certificate: l.certificate("root"), NoCRL: true}})
	l.accepts(l.verifier(trust), "card", l.sign("card", challenge), eport.SM2SM3)
	if n := l.asked.Load(); n != 0 {
		t.Errorf("%d lists fetched", n)
	}
}

func TestListCountsForTheCertificatesOfItsScopeOnly(t *testing.T) {
	l := newLab(t)
	l.issue("root", "sm2", "/C=CN/CN=Root", authority, "")
	one, two := l.lists.URL+"/one.crl", l.lists.URL+"/two.crl"
	l.issue("card", "sm2", subject, signing+"crlDistributionPoints=URI:"+two+"\n", "root")
	scope := func(settings string) string {
		return "issuingDistributionPoint=critical,@idp\n[idp]\n" + settings + "\n"
	}
	l.listAs("root", "one.crl", scope("fullname=URI:"+one), nil, "card")
	l.listAs("root", "two.crl", scope("fullname=URI:"+two), nil)
	l.listAs("root", "two-revoked.crl", scope("fullname=URI:"+two), nil, "card")
	l.listAs("root", "cas.crl", scope("onlyCA=TRUE"), nil)
	l.listAs("root", "users.crl", scope("onlyuser=TRUE"), nil)
	l.listAs("root", "indirect.crl", scope("indirectCRL=TRUE"), nil)
	l.listAs("root", "reasons.crl", scope("onlysomereasons=keyCompromise"), nil)
	l.listAs("root", "delta.crl", "2.5.29.27=critical,ASN1:INTEGER:1\n", nil)
	l.listAs("root", "unknown.crl", "1.2.156.9.9=critical,ASN1:UTF8String:x\n", nil)
	l.listAs("root", "unknown-plain.crl", "1.2.156.9.9=ASN1:UTF8String:x\n", nil)
	sig := l.sign("card", challenge)
	for _, c := range []struct {
		lists []string
		code  realname.Code
	}{
		{[]string{"one.crl", "two.crl"}, ""},
		{[]string{"one.crl"}, realname.CodeCRLUnavailable},
		{[]string{"one.crl", "two-revoked.crl"}, realname.CodeCardRevoked},
		{[]string{"cas.crl"}, realname.CodeCRLUnavailable},
		{[]string{"users.crl"}, ""},
		{[]string{"indirect.crl"}, realname.CodeCRLUnavailable},
		{[]string{"reasons.crl"}, realname.CodeCRLUnavailable},
		{[]string{"delta.crl"}, realname.CodeCRLUnavailable},
		{[]string{"unknown.crl"}, realname.CodeCRLUnavailable},
		{[]string{"unknown-plain.crl"}, ""},
		{[]string{"gone.crl", "users.crl"}, ""},
	} {
		a := eport.Authority{Certificate: l.certificate("root")}
		for _, file := range c.lists {
			a.CRLs = append(a.CRLs, l.lists.URL+"/"+file)
		}
		t.Log(c.lists)
		l.refuses(l.verifier(eport.NewTrust(eport.DefaultPolicy(), []eport.Authority{a})), "card", sig, c.code)
	}
}

// shelf is a shared store of lists.
type shelf struct {
	raw map[string][]byte
	at  map[string]time.Time
}

func (s *shelf) LoadCRL(_ context.Context, address string) ([]byte, time.Time, error) {
	return s.raw[address], s.at[address], nil
}

func (s *shelf) SaveCRL(_ context.Context, address string, raw []byte, at, _ time.Time) error {
	s.raw[address], s.at[address] = raw, at
	return nil
}

func TestListIsFetchedOnceAndSharedAndRenewed(t *testing.T) {
	l := simple(t, "sm2", signing)
	sig := l.sign("card", challenge)
	trust := l.trust(eport.DefaultPolicy(), "root")
	common := &shelf{map[string][]byte{}, map[string]time.Time{}}
	first, second := l.verifier(trust), l.verifier(trust)
	first.CRLs.Shelf, second.CRLs.Shelf = common, common
	for range 3 {
		l.accepts(first, "card", sig, eport.SM2SM3)
	}
	l.accepts(second, "card", sig, eport.SM2SM3)
	if n := l.asked.Load(); n != 1 {
		t.Errorf("the list was fetched %d times, want once", n)
	}
	l.list("root", "card")
	l.accepts(first, "card", sig, eport.SM2SM3) // the old list counts for an hour
	l.now = l.now.Add(61 * time.Minute)
	l.refuses(first, "card", sig, realname.CodeCardRevoked)
	l.refuses(second, "card", sig, realname.CodeCardRevoked)
	if n := l.asked.Load(); n != 2 {
		t.Errorf("the lists were fetched %d times, want twice", n)
	}
}

func TestListAtHandCountsWhileNoNewerOneCanBeHad(t *testing.T) {
	l := simple(t, "sm2", signing)
	sig := l.sign("card", challenge)
	v := l.verifier(l.trust(eport.DefaultPolicy(), "root"))
	l.accepts(v, "card", sig, eport.SM2SM3)
	l.lists.Close()
	l.now = l.now.AddDate(0, 0, 2)
	l.accepts(v, "card", sig, eport.SM2SM3)
	l.now = l.now.AddDate(0, 0, 6)
	l.refuses(v, "card", sig, realname.CodeCRLStale)
}

func TestEarlierListDoesNotTakeALatersPlace(t *testing.T) {
	l := simple(t, "sm2", signing)
	sig := l.sign("card", challenge)
	old, err := os.ReadFile(l.path("root.crl"))
	if err != nil {
		t.Fatal(err)
	}
	this := l.now.UTC().Format("060102150405Z")
	l.listAs("root", "root.crl", "",
		[]string{"-crl_lastupdate", this, "-crl_nextupdate", l.now.UTC().AddDate(0, 0, 5).Format("060102150405Z")}, "card")
	v := l.verifier(l.trust(eport.DefaultPolicy(), "root"))
	l.refuses(v, "card", sig, realname.CodeCardRevoked)
	l.write("root.crl", string(old))
	l.now = l.now.Add(2 * time.Hour)
	l.refuses(v, "card", sig, realname.CodeCardRevoked)
}

func TestFailingAddressIsLeftAloneForAWhile(t *testing.T) {
	l := simple(t, "sm2", signing)
	sig := l.sign("card", challenge)
	if err := os.Remove(l.path("root.crl")); err != nil {
		t.Fatal(err)
	}
	v := l.verifier(l.trust(eport.DefaultPolicy(), "root"))
	for range 3 {
		l.refuses(v, "card", sig, realname.CodeCRLUnavailable)
	}
	if n := l.asked.Load(); n != 1 {
		t.Errorf("asked %d times, want once", n)
	}
	l.list("root")
	l.now = l.now.Add(31 * time.Second)
	l.accepts(v, "card", sig, eport.SM2SM3)
}

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		elsewhere = elsewhere || r.URL.Path == "/elsewhere"
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer s.Close()
	if _, err := eport.Fetch(t.Context(), s.URL); err == nil || elsewhere {
		t.Errorf("followed: %v", err)
	}
	if _, err := eport.Fetch(t.Context(), "http://127.0.0.1:1/x.crl"); err == nil || errors.Is(err, context.Canceled) {
		t.Error("an address that does not answer gave a list")
	}
}
