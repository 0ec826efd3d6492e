package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"realname/api"
	"realname/e2e/world"
	"realname/local/data"
	"realname/local/engine"
	"realname/local/meter"
	"realname/local/sandbox/tencent"
	"realname/shared/auth"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/dynamojson"
	"realname/shared/table/memory"
	"realname/shared/vault"
	"realname/shared/workflow"
)

// peer is an implementation of the method by legal representative, whose functions run
// as on Lambda, at a simulated AWS and a simulated Tencent Cloud of its own.
type peer struct {
	testing.TB
	functions map[string]*instance // by the route that each serves, or by name
	meter     *meter.Meter
	people    []world.Enterprise
	consent   string
	// A peer with a workflow has how each ended, and the table in which it opens the steps.
	closed chan string
	table  *memory.Table
}

// nodePeer is where `npm run build` puts the function in Node.
const nodePeer = "peers/node/dist/index.cjs"

// nodeQuiet keeps the SDK from announcing the end of its support for this Node.
const nodeQuiet = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true"

// The routes of the comparison, in the order of a verification.
const (
	routeStart               = "/v1/sessions"
	routeEnterprise          = "/v1/sessions/{id}/enterprise"
	routeLegalRepresentative = "/v1/sessions/{id}/legal-representative"
	routeAccountHolder       = "/v1/sessions/{id}/account-holder"
)

// outside is the world around a peer.
type outside struct {
	aws     *simulatedAWS
	awsURL  string
	tencent string
	table   *memory.Table
}

func newOutside(t testing.TB, people []world.Enterprise) outside {
	t.Helper()
	set := crowdFor(t, people).data(t)
	sim := httptest.NewServer(tencent.New(tencent.Config{
		SecretID: "AKIDpeer", SecretKey: "peer", Data: set.Sandbox, Rate: 1000, Now: time.Now, Random: mathrand.Float64,
	}))
	t.Cleanup(sim.Close)
	m := meter.New()
	o := outside{table: memory.New(time.Now), tencent: sim.URL}
	o.aws = &simulatedAWS{
		table: m.Table(o.table), meter: m, plaintexts: map[string][]byte{}, secrets: map[string]map[string]any{},
	}
	server := httptest.NewServer(o.aws)
	t.Cleanup(server.Close)
	o.awsURL = server.URL
	return o
}

// newNodePeer starts the function in Node and imports the accounts.
func newNodePeer(t testing.TB, people []world.Enterprise) *peer {
	t.Helper()
	o := newOutside(t, people)
	wrapped := base64.StdEncoding.EncodeToString([]byte("data key"))
	o.aws.plaintexts[wrapped] = []byte(strings.Repeat("k", 32))
	f := newInstance(t, "node", []string{
		nodeQuiet, "AWS_ENDPOINT_URL=" + o.awsURL, "PEER_TABLE=peer", "PEER_DATA_KEY=" + wrapped,
		"PEER_TENCENT_ENDPOINT=" + o.tencent, "PEER_TENCENT_SECRET_ID=AKIDpeer", "PEER_TENCENT_SECRET_KEY=peer",
	}, "node", nodePeer)
	var accounts []any
	for i, e := range people {
		h := e.Administrator
		accounts = append(accounts, map[string]any{
			"id": accountOf(i), "enterprise": map[string]string{"name": e.Name, "uscc": e.USCC},
			"administrator": map[string]string{"name": h.Name, "idType": h.IDType, "idNumber": h.IDNumber},
		})
	}
	event, err := json.Marshal(map[string]any{"accounts": accounts})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.invoke("import", event); err != nil {
		t.Fatal(err)
	}
	return &peer{TB: t, people: people, meter: o.aws.meter, consent: "1", functions: map[string]*instance{
		routeStart: f, routeEnterprise: f, routeLegalRepresentative: f, routeAccountHolder: f,
	}}
}

func accountOf(i int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", i+1) }

// newOwnPeer starts this project's functions and imports the accounts.
func newOwnPeer(t testing.TB, people []world.Enterprise, flags ...string) *peer {
	t.Helper()
	o := newOutside(t, people)
	keys, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	wrapped := base64.StdEncoding.EncodeToString([]byte("keysets"))
	o.aws.plaintexts[wrapped] = keys
	o.aws.secrets["arn:vault"] = map[string]any{"SecretBinary": wrapped}
	o.aws.secrets["arn:tencent"] = map[string]any{"SecretString": `{"secretId":"AKIDpeer","secretKey":"peer"}`}
	imports(t, o, keys, people)
	p := &peer{
		TB: t, people: people, meter: o.aws.meter, functions: map[string]*instance{}, closed: make(chan string, len(people)),
		table: o.table,
	}
	start := func(name string) *instance {
		binary := buildFunction(t, t.TempDir(), "../functions/"+name+"/bootstrap", flags...)
		return newInstance(t, name, []string{
			"AWS_ENDPOINT_URL=" + o.awsURL, "REALNAME_STAGE=bench", "REALNAME_ISSUER=realname", "REALNAME_TABLE=realname",
			"REALNAME_VAULT_SECRET_ARN=arn:vault", "REALNAME_TENCENT_SECRET_ARN=arn:tencent",
			"REALNAME_TENCENT_ENDPOINT=" + o.tencent, "REALNAME_REGISTRY_PROVIDERS=tencent",
			"REALNAME_ID_CARD_PROVIDERS=tencent", "REALNAME_BANK_CARD_PROVIDERS=tencent",
			"REALNAME_STATE_MACHINE_ARN=arn:aws:states:eu-central-1:000000000000:stateMachine:verification",
			"REALNAME_PUBLIC_URL=https://realname.example",
		}, binary)
	}
	finish := start("finish")
	o.aws.engine, err = engine.Load(engine.Config{
		Definitions: workflow.Definitions(), Of: workflow.Of,
		Substitutions: map[string]string{
			"Partition": "aws", "TableName": "realname", "FinishFunctionArn": "finish", "WaitSeconds": "86400",
		},
		Now: time.Now, After: func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop },
		Random: mathrand.Float64, NewToken: uuid.NewString,
		Changed: func(s engine.Status) {
			if s != engine.Running {
				p.closed <- string(s)
			}
		},
		Invoke: func(_ context.Context, _ string, payload []byte) ([]byte, error) {
			return finish.invoke("finish", payload)
		},
		PutItem: func(ctx context.Context, _ string, item map[string]any) error {
			return dynamojson.Put(ctx, o.aws.table, item)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.aws.engine.Close)
	p.functions["finish"] = finish
	for route, name := range map[string]string{
		routeStart: "sessions", routeEnterprise: "enterprise", routeLegalRepresentative: "legal-representative",
		routeAccountHolder: "account-holder",
	} {
		p.functions[route] = start(name)
	}
	var m api.Methods
	a := start("methods").request(accountOf(0), "GET", "/v1/methods", "", nil)
	if a.Status != 200 || json.Unmarshal(a.Body, &m) != nil {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	p.consent = consentOf(m, "legal_representative").Version
	return p
}

// imports stores the accounts of people as this project does.
func imports(t testing.TB, o outside, keys []byte, people []world.Enterprise) {
	t.Helper()
	set := crowdFor(t, people).data(t)
	for i := range set.Accounts {
		set.Accounts[i].Password = "" // nobody signs in
	}
	n := 0
	load := data.Loader{
		Store: store.New(o.table), Sealer: vault.New(func() (vault.Keys, error) { return vault.Read(keys) }, time.Now),
		Hasher: auth.NewSandboxHasher(nil), Now: time.Now, NewID: func() string { n++; return accountOf(n - 1) },
	}
	if err := load.Load(t.Context(), set); err != nil {
		t.Fatal(err)
	}
}

// verifies takes enterprise n through all four steps.
func (p *peer) verifies(n int) {
	p.Helper()
	s := p.begins(n)
	c := &clerk{TB: p, who: p.people[n]}
	for _, step := range []struct {
		route string
		body  map[string]any
	}{
		{routeEnterprise, c.enterprise()},
		{routeLegalRepresentative, c.legalRepresentative()},
		{routeAccountHolder, c.accountHolder()},
	} {
		p.opens(s, step.route)
		if a := p.posts(n, step.route, s, step.body); a.Status != 200 {
			p.Fatalf("%s: %d %s", step.route, a.Status, a.Body)
		}
	}
	if p.closed == nil {
		return
	}
	select {
	case status := <-p.closed:
		if status != string(engine.Succeeded) {
			p.Fatalf("the workflow ended as %s", status)
		}
	case <-time.After(patient):
		p.Fatal("the workflow does not end")
	}
}

// opens waits until the workflow has opened the step of the route, which is over before a
// person has read the page.
func (p *peer) opens(session, route string) {
	p.Helper()
	step := strings.ReplaceAll(path.Base(route), "-", "_")
	for end := time.Now().Add(patient); p.table != nil; time.Sleep(time.Millisecond) {
		items, err := p.table.Get(p.Context(), table.Key{PK: string(store.SessionPartition) + session, SK: "STEP"})
		if err != nil {
			p.Fatal(err)
		}
		if len(items) == 1 && items[0].Body["step"] == step {
			return
		}
		if time.Now().After(end) {
			p.Fatalf("%s is not open", step)
		}
	}
}

func (p *peer) begins(n int) (session string) {
	p.Helper()
	a := p.posts(n, routeStart, "", map[string]any{"method": "legal_representative", "consentVersion": p.consent})
	if a.Status != 201 {
		p.Fatalf("start: %d %s", a.Status, a.Body)
	}
	return a.session(p).Id
}

func (p *peer) posts(n int, route, session string, body map[string]any) answer {
	p.Helper()
	return p.functions[route].request(accountOf(n), "POST", route, session, body)
}

// honest is how many enterprises isHonest uses.
const honest = 2

// isHonest checks that a peer verifies, and that it refuses what it must: a wrong name, a
// step out of order, a second session, a session of another account, a bad body.
func (p *peer) isHonest() {
	p.Helper()
	const n = 0
	c := &clerk{TB: p, who: p.people[n]}
	s := p.begins(n)
	wrong := c.enterprise()
	wrong["name"] = c.who.Name + "分"
	if got := c.wants(p.posts(n, routeEnterprise, s, wrong), 422, "enterprise_mismatch"); *got.AttemptsLeft != 4 {
		p.Errorf("%+v", got)
	}
	c.wants(p.posts(n, routeAccountHolder, s, c.accountHolder()), 409, "step_not_open")
	c.wants(p.posts(n+1, routeEnterprise, s, c.enterprise()), 404, "not_found")
	c.wants(p.posts(n, routeStart, "", map[string]any{"method": "legal_representative", "consentVersion": p.consent}),
		409, "session_live")
	bad := c.enterprise()
	bad["surplus"] = 1
	c.wants(p.posts(n, routeEnterprise, s, bad), 400, "invalid_request")
	p.posts(n, routeEnterprise, s, c.enterprise())
	card := c.legalRepresentative()
	card["validFrom"], card["validTo"] = "20170312", "20370312"
	if a := p.posts(n, routeLegalRepresentative, s, card); a.Status != 422 {
		p.Errorf("%d %s", a.Status, a.Body)
	}
	p.posts(n, routeLegalRepresentative, s, c.legalRepresentative())
	holder := c.accountHolder()
	holder["name"] = p.people[n+1].Administrator.Name
	c.wants(p.posts(n, routeAccountHolder, s, holder), 422, "holder_mismatch")
	if a := p.posts(n, routeAccountHolder, s, c.accountHolder()); a.Status != 200 {
		p.Errorf("%d %s", a.Status, a.Body)
	}
	if p.closed != nil {
		<-p.closed
	}
	p.verifies(n + 1)
}

// Both implementations of the comparison verify and refuse alike.
func TestPeersVerifyAndRefuse(t *testing.T) {
	if _, err := os.Stat(nodePeer); err != nil {
		t.Skip("the function in Node is not built: make bench builds it")
	}
	t.Parallel()
	people := world.Passing(honest)
	t.Run("own", func(t *testing.T) { newOwnPeer(t, people).isHonest() })
	t.Run("node", func(t *testing.T) { newNodePeer(t, people).isHonest() })
}

// units returns what the table billed.
func (p *peer) units() (sum meter.Use) {
	for _, u := range p.meter.Read().Functions {
		sum.Calls += u.Calls
		sum.ReadUnits += u.ReadUnits
		sum.WriteUnits += u.WriteUnits
		sum.IndexWriteUnits += u.IndexWriteUnits
	}
	return sum
}
