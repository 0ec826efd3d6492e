package notify_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"realname/shared/notify"
	"realname/shared/notify/webhook"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
	"realname/shared/vault"
)

// platform is a webhook's receiver over HTTP that verifies signatures.
type platform struct {
	*httptest.Server
	mu      sync.Mutex
	secrets []string
	status  int             // of every response, if not 0
	refuse  map[string]bool // events that are always refused
	got     []string        // IDs in order of arrival
	bodies  [][]byte
}

func newPlatform(t *testing.T) *platform {
	p := &platform{refuse: map[string]bool{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	id := r.Header.Get("webhook-id")
	switch {
	case err != nil || p.status != 0:
		w.WriteHeader(max(p.status, 400))
	case p.refuse[id]:
		w.WriteHeader(http.StatusUnprocessableEntity)
	case !p.verified(body, r.Header):
		w.WriteHeader(http.StatusUnauthorized)
	default:
		p.got = append(p.got, id)
		p.bodies = append(p.bodies, body)
	}
}

func (p *platform) verified(body []byte, h http.Header) bool {
	for _, s := range p.secrets {
		hook, err := standardwebhooks.NewWebhook(s)
		if err == nil && hook.VerifyIgnoringTimestamp(body, h) == nil { // these tests move their clock
			return true
		}
	}
	return false
}

func (p *platform) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

func (p *platform) arrived() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

type bus struct {
	err error
	ids []string
}

func (b *bus) Publish(_ context.Context, events []notify.Event) error {
	if b.err != nil {
		return b.err
	}
	for _, e := range events {
		b.ids = append(b.ids, e.ID)
	}
	return nil
}

// bench is a deliverer over a real store and a real receiver, with a clock.
type bench struct {
	*testing.T
	*notify.Deliverer
	platform *platform
	bus      *bus
	table    *memory.Table
	store    *store.Store
	seal     *vault.Vault
	now      time.Time
}

func newBench(t *testing.T) *bench {
	b := &bench{
		T: t, platform: newPlatform(t), bus: &bus{}, seal: vault.Ephemeral(),
		now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	}
	clock := func() time.Time { return b.now }
	b.table = memory.New(clock)
	b.store = store.New(b.table)
	b.Deliverer = b.instance()
	b.rotate("s1", 0)
	return b
}

// instance returns the deliverer of another process over the same table.
func (b *bench) instance() *notify.Deliverer {
	clock := func() time.Time { return b.now }
	return &notify.Deliverer{
		Outbox: b.store, Bus: b.bus, Schedule: notify.DefaultSchedule(),
		Now: clock, Log: slog.New(slog.DiscardHandler),
		Receiver: &webhook.Receiver{
			Targets: &store.Settings[webhook.Target]{Store: b.store, Kind: store.WebhookSettings, Now: clock},
			Sealer:  b.seal, Client: webhook.NewClient(http.DefaultTransport), Now: clock,
		},
	}
}

// rotate adds a new secret to the webhook and to the receiver, and returns it.
func (b *bench) rotate(id string, overlap time.Duration) {
	b.Helper()
	secret := webhook.NewSecret()
	change := func(s *store.Setting[webhook.Target]) error {
		s.Value.URL = b.platform.URL
		return s.Value.Rotate(b.seal, id, secret, b.now, overlap)
	}
	err := store.ChangeSetting(b.Context(), b.store, store.WebhookSettings, webhook.Platform, change)
	if err != nil {
		b.Fatal(err)
	}
	b.platform.set(func() { b.platform.secrets = append(b.platform.secrets, secret) })
}

// announce commits a change that announces these events of the enterprise.
func (b *bench) announce(uscc string, ids ...string) {
	b.Helper()
	c := realname.Change{}
	for _, id := range ids {
		c.Announcements = append(c.Announcements, realname.Announcement{
			ID: id, Type: realname.EnterpriseVerified, At: b.now, USCC: uscc, SessionID: "s",
		})
	}
	if err := b.store.Commit(b.Context(), c); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) run() notify.Result {
	b.Helper()
	done, err := b.Due(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return done
}

func (b *bench) want(ids ...string) {
	b.Helper()
	if got := b.platform.arrived(); fmt.Sprint(got) != fmt.Sprint(ids) {
		b.Errorf("arrived %v, want %v", got, ids)
	}
}

func (b *bench) notices(uscc string) []realname.Notice {
	b.Helper()
	n, _, err := b.store.Notices(b.Context(), uscc)
	if err != nil {
		b.Fatal(err)
	}
	return n
}
