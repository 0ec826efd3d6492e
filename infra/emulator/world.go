package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"realname/e2e/world"
	"realname/local/data"
	banksandbox "realname/local/sandbox/bank"
	eportsandbox "realname/local/sandbox/eport"
	platformsandbox "realname/local/sandbox/platform"
	"realname/local/sandbox/tencent"
	embedded "realname/local/server"
	"realname/shared/auth"
	"realname/shared/auth/client"
	"realname/shared/awsapi"
	"realname/shared/awsapi/sdk"
	"realname/shared/bank"
	"realname/shared/eport"
	"realname/shared/notify/webhook"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/dynamo"
	"realname/shared/vault"
	"realname/shared/vault/awskms"
	"realname/shared/wiring"
)

// The simulator's key pair, and the name of the deployed stage.
const (
	tencentID, tencentKey = "simulated-id", "simulated-key"
	stage                 = "dev"
)

// people holds the accounts of the end-to-end suite, their cards, and the platform.
type people struct {
	set      data.Set
	cards    *eportsandbox.Sandbox
	platform *platformsandbox.Receiver // of the events of a stage
}

func newWorld() (people, error) {
	dir, err := os.MkdirTemp("", "realname-world-")
	if err != nil {
		return people{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // an undeleted temporary directory is harmless
	if err := world.Write(dir); err != nil {
		return people{}, err
	}
	set, err := data.Read(os.DirFS(dir), time.Now())
	if err != nil {
		return people{}, err
	}
	var holders []eportsandbox.Enterprise
	for _, a := range set.Accounts {
		holders = append(holders, eportsandbox.Enterprise{
			LoginName: a.LoginName, Name: a.Enterprise.Name, USCC: a.Enterprise.USCC,
		})
	}
	cards, err := eportsandbox.New(holders, "", time.Now)
	return people{set, cards, platformsandbox.New(time.Now)}, err
}

// server is an HTTP server on loopback.
type server struct {
	url   string
	close func()
}

func serve(handler http.Handler) (server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return server{}, err
	}
	s := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(listener) }() // it ends when it is closed
	return server{"http://" + listener.Addr().String(), func() { _ = s.Close() }}, nil
}

// simulate starts the simulator of Tencent Cloud.
func (p people) simulate() (server, error) {
	return serve(tencent.New(tencent.Config{
		SecretID: tencentID, SecretKey: tencentKey, Data: p.set.Sandbox, Now: time.Now, Random: func() float64 { return 1 },
	}))
}

// control starts the E-Port client control, as on a clerk's computer.
func (p people) control() (server, error) {
	s, err := serve(p.cards.Control())
	p.cards.RunningAt(strings.TrimPrefix(s.url, "http://"))
	return s, err
}

// setUp sets up a new deployment: the vault's keysets, the providers' credentials, and
// the sender's address.
func (p people) setUp(ctx context.Context, w *workshop) error {
	w.say("keys create")
	create := []string{
		"keys", "create", "--stage", stage, "--secret", w.outputs.Core.VaultSecretARN, "--key", w.outputs.Core.VaultKeyARN,
	}
	if err := w.command("keys", w.environment(), "bin/realname", create...); err != nil {
		return err
	}
	if err := w.command("keys", w.environment(), "bin/realname", create...); err == nil ||
		!strings.Contains(w.tail("keys"), "already") {
		return errors.New("keys create: want an error for existing keysets, got none")
	}
	text, err := simulated()
	if err != nil {
		return err
	}
	if _, err := secretsmanager.NewFromConfig(w.aws()).PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &w.outputs.Core.TencentSecretARN, SecretString: &text,
	}); err != nil {
		return err
	}
	from := sender
	_, err = sesv2.NewFromConfig(w.aws()).CreateEmailIdentity(ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: &from})
	return err
}

// simulated is the secret with the credentials of the simulator.
func simulated() (string, error) {
	raw, err := json.Marshal(map[string]string{"secretId": tencentID, "secretKey": tencentKey})
	return string(raw), err
}

// load adds a machine client, banks, cards, the platform and the accounts. front is the
// address of the stage.
func (p people) load(ctx context.Context, w *workshop, front string) error {
	w.say("loading %d accounts", len(p.set.Accounts))
	secrets := secretsmanager.NewFromConfig(w.aws())
	wrapped := func(ctx context.Context) ([]byte, error) {
		out, err := secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &w.outputs.Core.VaultSecretARN})
		if err != nil {
			return nil, err
		}
		return out.SecretBinary, nil
	}
	ports := wiring.Ports{AWS: func() awsapi.Config { return sdk.Config(w.aws()) }}
	st := store.New(dynamo.New(ports.Client(awsapi.DynamoDB), w.outputs.Core.TableName, table.KeysOnly(), time.Now))
	sealer := vault.New(awskms.Load(ports.Client(awsapi.KMS), stage, wrapped), time.Now)
	if err := errors.Join(addMachine(ctx, st), addBanks(ctx, st, sealer), p.trustCards(ctx, st),
		p.addPlatform(ctx, st, sealer, front)); err != nil {
		return err
	}
	loader := data.Loader{
		Store:  st,
		Sealer: sealer, Hasher: auth.NewHasher(rand.Reader), Now: time.Now, NewID: wiring.NewID,
	}
	return loader.Load(ctx, p.set)
}

// addMachine adds the machine client of the embedded default, which the suite uses.
func addMachine(ctx context.Context, st *store.Store) error {
	c := client.Client{Description: "test stack", Scopes: client.Scopes(), PerMinute: 600, CreatedAt: time.Now()}
	c.Rotate(embedded.SandboxClientSecret, time.Now(), 0)
	return store.SaveSetting(ctx, st, store.ClientSettings, store.Setting[client.Client]{
		Name: embedded.SandboxClient, Value: c,
	})
}

// elsewhere is the origin of a bank at another site. Nobody can choose it, because it has
// no keys.
const elsewhere = "https://bank.example"

// addBanks adds the sandbox's banks to the settings, as staff would, and a bank elsewhere.
func addBanks(ctx context.Context, st *store.Store, sealer *vault.Vault) error {
	banks, err := banksandbox.Settings(sealer)
	if err != nil {
		return err
	}
	banks = append(banks, bank.Bank{Code: "ELSEWHERE", EntryURL: elsewhere + "/enter"})
	for _, b := range banks {
		if err := store.SaveSetting(ctx, st, store.BankSettings, store.Setting[bank.Bank]{
			Name: b.Code, Value: b,
		}); err != nil {
			return err
		}
	}
	return nil
}

// trustCards makes the stage trust the sandbox's authorities.
func (p people) trustCards(ctx context.Context, st *store.Store) error {
	for name, value := range p.cards.Settings() {
		if err := store.SaveSetting(ctx, st, store.CardSettings, store.Setting[eport.Setting]{
			Name: name, Value: value,
		}); err != nil {
			return err
		}
	}
	return nil
}

// platformRoute is the route of the sandbox platform, as in the embedded default.
const platformRoute = "/sandbox/receiver"

// addPlatform sets the webhook to the platform, which is behind the front.
func (p people) addPlatform(ctx context.Context, st *store.Store, sealer *vault.Vault, front string) error {
	target, secret := webhook.Target{URL: front + platformRoute}, webhook.NewSecret()
	if err := target.Rotate(sealer, "1", secret, time.Now(), 0); err != nil {
		return err
	}
	p.platform.Trust(secret, true)
	return store.SaveSetting(ctx, st, store.WebhookSettings, store.Setting[webhook.Target]{
		Name: webhook.Platform, Value: target,
	})
}
