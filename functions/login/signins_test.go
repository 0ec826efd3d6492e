package login_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"realname/api"
	"realname/functions/authorizer"
	"realname/functions/login"
	"realname/local/domaintest"
	"realname/shared/auth"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/signin"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// desk is the function and its authorizer, over a clock that the test moves.
type desk struct {
	*testing.T
	now        time.Time
	store      *store.Store
	table      *domaintest.RacingTable
	function   httpapi.Function
	authorizer authorizer.Function
}

const (
	edge    = "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
)

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.now }
	d.table = &domaintest.RacingTable{Table: memory.New(clock)}
	d.store = store.New(d.table)
	hasher := auth.NewSandboxHasher(rand.Reader)
	hash, err := hasher.Hash("right")
	if err != nil {
		t.Fatal(err)
	}
	owner := realname.Account{
		ID: "a1", LoginName: "owner", USCC: "91130100MA0R01NM09", PasswordHash: hash, CreatedAt: d.now,
	}
	enterprise := realname.Enterprise{USCC: owner.USCC}
	if err := d.store.CreateAccount(t.Context(), owner, enterprise, realname.HolderIndex{}); err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := auth.NewLocalSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	id := domaintest.Counter("id")
	log := slog.New(slog.DiscardHandler)
	d.authorizer = authorizer.New(authorizer.Ports{
		Verifier: &auth.Verifier{
			Persons: signer.PublicKeys, Machines: signer.PublicKeys, Name: "i", Audience: "s", Now: clock,
		},
		Log: log,
	})
	d.function = httpapi.Lambda(login.New(login.Ports{
		API: httpapi.API{Log: log, Now: clock}, Store: d.store, Now: clock,
		Credentials: signin.Credentials{
			Store: d.store, Hasher: hasher, Lockout: auth.DefaultLockout(), Now: clock, NewID: id,
			NewSecret: func() (string, error) { return auth.NewSecret(rand.Reader) },
		},
		Issuer: &auth.Issuer{Signer: signer, Name: "i", Audience: "s", TTL: 30 * time.Minute, Now: clock, NewID: id},
		Life:   realname.SignInLife{Idle: 30 * time.Minute, Most: 2 * time.Hour},
	}))
	return d
}

// ask sends a request. Status 403 is the authorizer's refusal.
func (d *desk) ask(
	method, path, token, body string, set func(*events.APIGatewayV2HTTPRequest),
) (status int, answer string, cookies []string) {
	d.Helper()
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: path, Body: body, Headers: map[string]string{"content-type": "application/json"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method}, TimeEpoch: d.now.UnixMilli(),
		},
	}
	if set != nil {
		set(&e)
	}
	if token != "" {
		who, err := d.authorizer(d.Context(), events.APIGatewayV2CustomAuthorizerV2Request{
			Headers: map[string]string{"authorization": "Bearer " + token},
		})
		if err != nil {
			d.Fatal(err)
		}
		if !who.IsAuthorized {
			return 403, "", nil
		}
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: who.Context}
	}
	got, err := d.function(d.Context(), e)
	if err != nil {
		d.Fatal(err)
	}
	return got.StatusCode, got.Body, got.Cookies
}

// signsIn returns a token and the browser's cookie.
func (d *desk) signsIn(agent, cookie string) (api.LoginResponse, string) {
	d.Helper()
	status, body, cookies := d.ask("POST", "/v1/login", "", `{"loginName":"owner","password":"right"}`,
		func(e *events.APIGatewayV2HTTPRequest) {
			e.RequestContext.HTTP.UserAgent, e.Headers["user-agent"] = agent, agent
			if cookie != "" {
				e.Cookies = []string{cookie}
			}
		})
	var in api.LoginResponse
	if status != 200 || json.Unmarshal([]byte(body), &in) != nil || len(cookies) != 1 {
		d.Fatalf("%d %s %v", status, body, cookies)
	}
	cookie, _, _ = strings.Cut(cookies[0], ";")
	return in, cookie
}

func (d *desk) wants(status int, method, path, token string) string {
	d.Helper()
	got, body, _ := d.ask(method, path, token, "", nil)
	if got != status {
		d.Fatalf("%s %s: got %d %s, want %d", method, path, got, body, status)
	}
	return body
}

func (d *desk) list(token string) []api.SignIn {
	d.Helper()
	var all api.SignInList
	if err := json.Unmarshal([]byte(d.wants(200, "GET", "/v1/account/sign-ins", token)), &all); err != nil {
		d.Fatal(err)
	}
	return all.SignIns
}

func (d *desk) renews(token string) api.LoginResponse {
	d.Helper()
	var in api.LoginResponse
	if err := json.Unmarshal([]byte(d.wants(200, "POST", "/v1/login/renewals", token)), &in); err != nil {
		d.Fatal(err)
	}
	return in
}

const signIns = "/v1/account/sign-ins"

func TestASignInEndsByInactivity(t *testing.T) {
	d := newDesk(t)
	begun := d.now
	in, _ := d.signsIn(edge, "")
	if !in.ExpiresAt.Equal(begun.Add(30*time.Minute)) || !in.EndsAt.Equal(begun.Add(2*time.Hour)) {
		t.Errorf("%+v", in)
	}
	d.now = begun.Add(30*time.Minute - time.Second)
	later := d.renews(in.Token)
	if !later.ExpiresAt.Equal(d.now.Add(30*time.Minute)) || !later.EndsAt.Equal(in.EndsAt) {
		t.Errorf("%+v", later)
	}
	d.now = begun.Add(30 * time.Minute)
	d.wants(403, "POST", "/v1/login/renewals", in.Token)
	d.wants(200, "GET", signIns, later.Token)
	d.now = later.ExpiresAt
	d.wants(403, "POST", "/v1/login/renewals", later.Token)
	again, _ := d.signsIn(firefox, "")
	if all := d.list(again.Token); len(all) != 1 || !all[0].Current {
		t.Errorf("an ended sign-in is listed: %+v", all)
	}
}

func TestASignInEndsAfterItsLongestLife(t *testing.T) {
	d := newDesk(t)
	begun := d.now
	in, _ := d.signsIn(edge, "")
	for range 8 {
		d.now = d.now.Add(14 * time.Minute)
		in = d.renews(in.Token)
	}
	if !in.ExpiresAt.Equal(begun.Add(2 * time.Hour)) {
		t.Errorf("after %v, it expires %v", d.now.Sub(begun), in.ExpiresAt)
	}
	d.now = begun.Add(2 * time.Hour)
	d.wants(403, "POST", "/v1/login/renewals", in.Token)
}

func TestSignInsAreListedAndEndedOneByOne(t *testing.T) {
	d := newDesk(t)
	office, cookie := d.signsIn(edge, "")
	d.now = d.now.Add(time.Minute)
	window, _ := d.signsIn(edge, cookie) // the same browser
	d.now = d.now.Add(time.Minute)
	home, _ := d.signsIn(firefox, "")
	all := d.list(office.Token)
	if len(all) != 2 || all[0].Current || !all[1].Current || *all[0].Browser != "Firefox" || *all[0].System != "Linux" ||
		*all[1].Browser != "Edge" || *all[1].System != "Windows" || !all[0].FirstAt.Equal(d.now) ||
		!all[1].FirstAt.Equal(d.now.Add(-2*time.Minute)) || !all[1].LastAt.Equal(d.now.Add(-time.Minute)) {
		t.Errorf("%+v", all)
	}
	d.wants(404, "DELETE", signIns+"/unknown", home.Token)
	d.wants(204, "DELETE", signIns+"/"+all[1].Id, home.Token)
	for _, ended := range []string{office.Token, window.Token} { // at once, although the authorizer accepts them
		d.wants(401, "GET", signIns, ended)
		d.wants(401, "POST", "/v1/login/renewals", ended)
		d.wants(401, "DELETE", signIns, ended)
	}
	d.wants(404, "DELETE", signIns+"/"+all[1].Id, home.Token)
	if left := d.list(home.Token); len(left) != 1 {
		t.Errorf("%+v", left)
	}
	known, err := d.store.LoadAccounts(t.Context(), []string{"a1"})
	if err != nil || len(known[0].Devices) != 1 {
		t.Errorf("the device is not forgotten: %+v, %v", known, err)
	}
}

func TestSigningOutEverywhereEndsAll(t *testing.T) {
	d := newDesk(t)
	office, _ := d.signsIn(edge, "")
	home, _ := d.signsIn(firefox, "")
	d.wants(204, "DELETE", signIns, home.Token)
	for _, ended := range []string{office.Token, home.Token} {
		d.wants(401, "GET", signIns, ended)
	}
	known, err := d.store.LoadAccounts(t.Context(), []string{"a1"})
	if err != nil || len(known[0].Devices) != 0 || known[0].Edition() != 1 {
		t.Errorf("%+v, %v", known, err)
	}
	again, _ := d.signsIn(edge, "")
	d.wants(200, "GET", signIns, again.Token)
}

// Signing out ends one sign-in. Its tokens stay dead when the same browser signs in
// again.
func TestSigningOutEndsOneSignIn(t *testing.T) {
	d := newDesk(t)
	office, cookie := d.signsIn(edge, "")
	home, _ := d.signsIn(firefox, "")
	d.wants(204, "POST", "/v1/logout", office.Token)
	d.wants(401, "GET", signIns, office.Token)
	if left := d.list(home.Token); len(left) != 1 {
		t.Errorf("%+v", left)
	}
	again, kept := d.signsIn(edge, cookie)
	d.wants(401, "GET", signIns, office.Token)
	if all := d.list(again.Token); len(all) != 2 || kept != cookie {
		t.Errorf("%+v, %s after %s", all, kept, cookie)
	}
}

func TestTheEleventhDeviceEndsTheLeastRecentlyUsed(t *testing.T) {
	d := newDesk(t)
	var tokens []string
	for n := range 11 {
		d.now = d.now.Add(time.Second)
		in, _ := d.signsIn(fmt.Sprint("client-", n), "")
		tokens = append(tokens, in.Token)
		if n == 1 {
			d.now = d.now.Add(time.Second)
			tokens[0] = d.renews(tokens[0]).Token
		}
	}
	d.wants(401, "GET", signIns, tokens[1])
	d.wants(200, "GET", signIns, tokens[0])
	if all := d.list(tokens[10]); len(all) != 10 || all[0].Browser != nil {
		t.Errorf("%+v", all)
	}
}

// A renewal that a sign-out overtakes issues no token.
func TestARenewalThatASignOutOvertakesIsRefused(t *testing.T) {
	d := newDesk(t)
	office, _ := d.signsIn(edge, "")
	home, _ := d.signsIn(firefox, "")
	d.table.Meanwhile = func() { d.wants(204, "DELETE", signIns, home.Token) }
	d.wants(401, "POST", "/v1/login/renewals", office.Token)
}
