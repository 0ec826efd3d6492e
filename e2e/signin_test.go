package e2e

import (
	"encoding/json"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

// signIns lists the sign-ins of the clerk's account.
func (c *clerk) signIns() []api.SignIn {
	c.Helper()
	var all api.SignInList
	a := c.get("/v1/account/sign-ins")
	if a.Status != 200 || json.Unmarshal(a.Body, &all) != nil {
		c.Fatalf("%d %s", a.Status, a.Body)
	}
	return all.SignIns
}

// The account holder sees each signed-in device, ends one or all, and their tokens stop
// working at once, everywhere.
func TestASignInIsEndedAtOnce(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	stolen, other := *c, *c
	stolen.token, other.token = c.tokenFor(world.Password), c.tokenFor(world.Password)
	all := c.signIns()
	if len(all) != 3 || all[0].Current || all[1].Current || !all[2].Current {
		t.Fatalf("%+v", all)
	}
	s := stolen.begin()
	if a := c.delete("/v1/account/sign-ins/" + all[1].Id); a.Status != 204 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for _, path := range []string{"/v1/account", "/v1/methods", "/v1/sessions", "/v1/operators", "/v1/account/sign-ins"} {
		stolen.wants(stolen.get(path), 401, "token_revoked")
	}
	stolen.refused(s.Id, "enterprise", c.enterprise(), 401, "token_revoked")
	stolen.wants(stolen.post("/v1/login/renewals", []byte(nil)), 401, "token_revoked")
	c.wants(c.delete("/v1/account/sign-ins/"+all[1].Id), 404, "not_found")
	if left := other.signIns(); len(left) != 2 {
		t.Errorf("%+v", left)
	}
	var renewed api.LoginResponse
	if a := other.post("/v1/login/renewals", []byte(nil)); a.Status != 200 || json.Unmarshal(a.Body, &renewed) != nil {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	other.token = renewed.Token
	if a := c.delete("/v1/account/sign-ins"); a.Status != 204 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for _, gone := range []*clerk{c, &other} {
		gone.wants(gone.get("/v1/account"), 401, "token_revoked")
	}
}

// Another account's sign-in cannot be told from one that does not exist.
func TestAnotherAccountsSignInIsNotFound(t *testing.T) {
	c, stranger := shared.clerkOf(t, world.Pass), shared.clerkOf(t, world.Pass)
	stranger.wants(stranger.delete("/v1/account/sign-ins/"+c.signIns()[0].Id), 404, "not_found")
	if len(c.signIns()) != 1 {
		t.Error("a stranger ended the sign-in")
	}
}
