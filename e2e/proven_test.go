package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"realname/api"
	"realname/e2e/world"
	"realname/local/remote"
	"realname/shared/table"
)

// joined imports another administrator of the enterprise and signs in as that
// person.
func (p *place) joined(t *testing.T, e world.Enterprise, login, origin string, n int) *clerk {
	t.Helper()
	row := fmt.Sprintf("%s,%s,%s,%s,%s,%s,,,,,李玲芳,resident_id,%s,,,\n", login, world.Password, origin, e.Name, e.USCC,
		e.OrgCode, stranger(n))
	file := filepath.Join(t.TempDir(), "accounts.csv")
	if err := os.WriteFile(file, []byte(accountsHeader+row), 0o600); err != nil {
		t.Fatal(err)
	}
	p.says(t, "import", file)
	e.LoginName = login
	return p.login(t, e)
}

// reads returns the states of both aspects that the platform reads.
func (p *place) reads(t *testing.T, uscc string) [2]string {
	t.Helper()
	a := p.machine(t).status(uscc)
	var s api.RealNameStatus
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &s) != nil {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return [2]string{string(s.Enterprise.State), string(s.Holder.State)}
}

var (
	neither = [2]string{"not_passed", "not_passed"}
	both    = [2]string{"passed", "passed"}
)

// If a migrated administrator gave the enterprise another company's code, the
// enterprise never reads as passed, even once only administrators who
// registered elsewhere remain.
func TestAStrangersCodeNeverReadsPassed(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	registered := p.joined(t, c.who, "registered-beside", "single_window", 300)
	facts := c.factsOfEnterprise()
	uscc, org := world.Codes(801)
	facts["uscc"], facts["orgCode"] = uscc, org
	if a := c.changes("enterprise", facts); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	p.says(t, "erase", "--yes", "--login", c.who.LoginName)
	if got := p.reads(t, uscc); got != neither {
		t.Errorf("the stranger's code reads %v", got)
	}
	// The service revokes the token with the former code, and the account can
	// still sign in.
	registered.wants(registered.get("/v1/account"), 401, "token_revoked")
	registered.token = registered.tokenFor(world.Password)
	if a := registered.start("bank_ukey"); a.Status != http.StatusCreated {
		t.Errorf("start: %d %s", a.Status, a.Body)
	}
	if a, _ := registered.account(); a.Aspects.Enterprise.State != "not_passed" || a.Aspects.Holder.State != "not_passed" {
		t.Errorf("the account page shows %+v", a.Aspects)
	}
}

// A withdrawal stays in force after its administrator is erased.
func TestAWithdrawalOutlivesItsAdministrator(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	p.joined(t, c.who, "registered-beside", "single_window", 301)
	c.verify()
	if got := p.reads(t, c.who.USCC); got != both {
		t.Fatalf("verified reads %v", got)
	}
	c.changed(c.changes("legal-representative", map[string]any{
		"name": "来者", "idType": "resident_id", "idNumber": stranger(302), "confirmWithdrawal": true,
		"currentPassword": world.Password,
	}), world.Password)
	p.says(t, "erase", "--yes", "--login", c.who.LoginName)
	if got := p.reads(t, c.who.USCC); got != neither {
		t.Errorf("after withdrawal and erasure it reads %v", got)
	}
}

// Once the legal representative of an enterprise that registered elsewhere is
// erased, the registration no longer counts as proof. The service accepts
// another legal representative only as unverified, and the administrators must
// verify the enterprise here.
func TestAnErasedLegalRepresentativeEndsTheWordOfRegistration(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.RegisteredHere)
	if got := p.reads(t, c.who.USCC); got != both {
		t.Fatalf("registered reads %v", got)
	}
	p.says(t, "erase", "--yes", "--enterprise", c.who.USCC)
	if got := p.reads(t, c.who.USCC); got != neither {
		t.Errorf("after the erasure it reads %v", got)
	}
	c.eventually("both aspects are announced as withdrawn", func() bool {
		told := 0
		for _, m := range c.received().Webhooks {
			if m.Body.Type == "VerificationWithdrawn" && m.Body.Data.USCC == c.who.USCC {
				told++
			}
		}
		return told >= 2
	})
	a := c.changes("legal-representative", map[string]any{
		"name": "来者", "idType": "resident_id", "idNumber": stranger(303), "currentPassword": world.Password,
	})
	c.changed(a, world.Password)
	if got := p.reads(t, c.who.USCC); got != neither {
		t.Errorf("with another legal representative it reads %v", got)
	}
	c.begin()
}

// A legal representative who is entered after an erasure withdraws
// verifications as any other change does.
func TestALegalRepresentativeAfterAnErasureIsAChange(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	c.verify()
	p.says(t, "erase", "--yes", "--enterprise", c.who.USCC)
	person := map[string]any{
		"name": "来者", "idType": "resident_id", "idNumber": stranger(304), "currentPassword": world.Password,
	}
	c.wants(c.changes("legal-representative", person), 409, "withdrawal_confirmation_required")
	person["confirmWithdrawal"] = true
	if done := c.changed(c.changes("legal-representative", person), world.Password); len(done.Withdrawn) != 1 {
		t.Errorf("withdrawn: %v", done.Withdrawn)
	}
	if got := p.reads(t, c.who.USCC); got[0] != "not_passed" {
		t.Errorf("it reads %v", got)
	}
}

func TestAnErasedOperatorDoesNotComeBack(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	o := c.addOperator(1, stranger(305))
	p.says(t, "erase", "--yes", "--login", o.Operator.LoginName)
	body := map[string]any{"name": "来者", "idType": "resident_id", "idNumber": stranger(306), "active": true}
	c.wants(c.put("/v1/operators/"+o.Operator.Id, body, "If-Match", "*"), 404, "not_found")
	c.wants(c.delete("/v1/operators/"+o.Operator.Id, "If-Match", "*"), 404, "not_found")
	c.wants(c.post("/v1/operators/"+o.Operator.Id+"/activation-codes", nil), 404, "not_found")
}

func TestAnOperatorsTokenEndsWithTheCode(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	op := c.signIn(c.addOperator(1, stranger(307)))
	facts := c.factsOfEnterprise()
	facts["uscc"], facts["orgCode"] = world.Codes(802)
	c.changed(c.changes("enterprise", facts), world.Password)
	op.wants(op.get("/v1/account"), 401, "token_revoked")
	op.token = op.tokenFor(newPassword)
	if a, _ := op.account(); a.Enterprise.Uscc != facts["uscc"] {
		t.Errorf("%+v", a.Enterprise)
	}
}

// All administrators of one enterprise change it at the same time. The service
// applies or refuses each change, and none fails.
func TestChangesAtOnceAreDoneOrRefused(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	clerks := []*clerk{c}
	for n := range 4 {
		clerks = append(clerks, p.joined(t, c.who, fmt.Sprint("beside-", n), "migrated_local", 310+n))
	}
	for round := range 5 {
		for _, w := range clerks {
			w.token = w.tokenFor(world.Password)
		}
		var all sync.WaitGroup
		for n, w := range clerks {
			facts := c.factsOfEnterprise()
			facts["uscc"], facts["orgCode"] = world.Codes(810 + round)
			facts["address"] = fmt.Sprint("新址", n)
			all.Go(func() {
				if a := w.put("/v1/account/enterprise", facts, "If-Match", "*"); a.Status >= 500 {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		all.Wait()
	}
}

// The command finds a record that a former version let read as passed, and
// withdraws it permanently.
func TestACommandFindsWhatReadsPassedWithoutProof(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	key := table.Key{PK: "ENTERPRISE#" + c.who.USCC, SK: "PROFILE"}
	tb := remote.New(p.URL).Table()
	items, err := tb.Get(t.Context(), key)
	if err != nil || len(items) != 1 {
		t.Fatal(items, err)
	}
	delete(items[0].Body, "standing") // as stored before standings existed, without its migrated administrator
	items[0].Body["origins"] = map[string]any{"someone": "single_window"}
	if err := tb.Transact(t.Context(), table.Put(items[0], table.Always())); err != nil {
		t.Fatal(err)
	}
	if got := p.reads(t, c.who.USCC); got != both {
		t.Fatalf("the old record reads %v", got)
	}
	out, ok := p.commandLine(t, "enterprise", "audit-states")
	if ok || !strings.Contains(out, c.who.USCC+"  enterprise: an administrator was migrated") ||
		!strings.Contains(out, "2 aspects") {
		t.Errorf("succeeded %v: %s", ok, out)
	}
	p.says(t, "enterprise", "audit-states", "--fix", "--uscc", c.who.USCC)
	if got := p.reads(t, c.who.USCC); got != neither {
		t.Errorf("after the fix it reads %v", got)
	}
	if found := says[struct{ Found []any }](t, p, "enterprise", "audit-states"); len(found.Found) != 0 {
		t.Errorf("found again: %v", found.Found)
	}
	c.begin()
}
