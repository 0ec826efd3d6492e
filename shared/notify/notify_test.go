package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"realname/shared/notify"
	"realname/shared/notify/webhook"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/vault"
)

const (
	uscc  = "91130100MA0R01NM09"
	other = "91130100MA0R02FL1P"
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
func (b *bench) rotate(id string, overlap time.Duration) string {
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
	return secret
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

func TestANoticeGoesToBusAndWebhookOnce(t *testing.T) {
	b := newBench(t)
	b.announce(uscc, "e1", "e2")
	if done := b.run(); done != (notify.Result{Delivered: 1}) {
		t.Errorf("%+v", done)
	}
	b.run()
	b.want("e1", "e2")
	if fmt.Sprint(b.bus.ids) != "[e1 e2]" {
		t.Errorf("bus got %v", b.bus.ids)
	}
	var m struct {
		Type      string
		Timestamp time.Time
		Data      map[string]any
	}
	if err := json.Unmarshal(b.platform.bodies[0], &m); err != nil {
		t.Fatal(err)
	}
	if m.Type != "EnterpriseVerified" || !m.Timestamp.Equal(b.now) ||
		m.Data["uscc"] != uscc || m.Data["version"] != 1.0 || m.Data["sequence"] != 1.0 {
		t.Errorf("%s", b.platform.bodies[0])
	}
}

// A withdrawal's event names the aspect; events of other types do not.
func TestAWithdrawalSaysWhichAspect(t *testing.T) {
	b := newBench(t)
	b.announce(uscc, "e1")
	c := realname.Change{}
	for _, aspect := range []realname.AspectName{realname.EnterpriseAspect, realname.HolderAspect} {
		c.Announcements = append(c.Announcements, realname.Announcement{
			ID: string(aspect), Type: realname.VerificationWithdrawn, At: b.now, USCC: uscc, Aspect: aspect,
		})
	}
	if err := b.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	b.run()
	b.want("e1", "enterprise", "holder")
	for i, want := range []any{nil, "enterprise", "holder"} {
		var m struct{ Data map[string]any }
		err := json.Unmarshal(b.platform.bodies[i], &m)
		if err != nil || m.Data["aspect"] != want || m.Data["version"] != 1.0 {
			t.Errorf("%s", b.platform.bodies[i])
		}
	}
}

// The receiver is down for an hour, while the schedule runs every minute and five
// enterprises announce more events. When it is up again, every event arrives once,
// and each enterprise's events arrive in order.
func TestAnHourWithoutAReceiverLosesNothing(t *testing.T) {
	b := newBench(t)
	b.platform.set(func() { b.platform.status = http.StatusServiceUnavailable })
	enterprises := []string{uscc, other, "c", "d", "e"}
	want := map[string][]string{}
	for minute := range 60 {
		if of := enterprises[minute%len(enterprises)]; minute%3 == 0 {
			id := fmt.Sprintf("%s/%02d", of, minute)
			b.announce(of, id+"a", id+"b")
			want[of] = append(want[of], id+"a", id+"b")
		}
		b.run()
		b.now = b.now.Add(time.Minute)
	}
	b.want()
	if tries := b.notices(uscc)[0].Tries; tries < 5 || tries > 8 {
		t.Errorf("%d attempts in an hour, want 5 to 8: the delay must grow", tries)
	}
	b.platform.set(func() { b.platform.status = 0 })
	for range 31 { // the longest delay is 30 minutes
		b.run()
		b.now = b.now.Add(time.Minute)
	}
	got := map[string][]string{}
	for _, id := range b.platform.arrived() {
		of, _, _ := strings.Cut(id, "/")
		got[of] = append(got[of], id)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("arrived %v\nwant    %v", got, want)
	}
}

func TestLaterEventsWaitForTheirEnterprisesEarlierOnesOnly(t *testing.T) {
	b := newBench(t)
	b.platform.set(func() { b.platform.refuse["e1"] = true })
	b.announce(uscc, "e1")
	b.announce(uscc, "e2")
	b.announce(other, "o1")
	b.run()
	b.want("o1")
	b.platform.set(func() { b.platform.refuse["e1"] = false })
	b.run()
	b.want("o1") // not before the delay is over
	b.now = b.now.Add(30 * time.Second)
	b.run()
	b.want("o1", "e1", "e2")
}

func TestARefusedEventIsAbandonedAfterADayAndCanBeReplayed(t *testing.T) {
	b := newBench(t)
	b.platform.set(func() { b.platform.refuse["e1"] = true })
	b.announce(uscc, "e1")
	b.announce(uscc, "e2")
	dead := 0
	for range 25 * 60 {
		dead += b.run().Dead
		b.now = b.now.Add(time.Minute)
	}
	b.want("e2")
	letters, err := b.store.DeadNotices(t.Context())
	if err != nil || dead != 1 || len(letters) != 1 || letters[0].Events[0].ID != "e1" {
		t.Fatalf("%d dead, letters %+v, %v", dead, letters, err)
	}
	if tried := letters[0].Dead.Sub(letters[0].TriedFrom); tried < 24*time.Hour || tried > 25*time.Hour {
		t.Errorf("tried for %v", tried)
	}
	b.platform.set(func() { b.platform.refuse["e1"] = false })
	if err := notify.Replay(t.Context(), b.store, uscc, 1, b.now); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(time.Second)
	b.run()
	b.want("e2", "e1")
	if letters, err = b.store.DeadNotices(t.Context()); err != nil || len(letters) != 0 {
		t.Errorf("still dead: %v %v", letters, err)
	}
	if err := notify.Replay(t.Context(), b.store, uscc, 9, b.now); !errors.Is(err, notify.ErrNoNotice) {
		t.Error(err)
	}
}

// dying is a table whose process dies after a number of calls.
type dying struct {
	table.Table
	left int
}

type died struct{}

func (d *dying) Query(ctx context.Context, q table.Query) (table.Page, error) {
	defer d.spend()
	return d.Table.Query(ctx, q)
}

func (d *dying) Transact(ctx context.Context, w ...table.Write) error {
	defer d.spend()
	return d.Table.Transact(ctx, w...)
}

func (d *dying) spend() {
	if d.left--; d.left == 0 {
		panic(died{})
	}
}

func TestAProcessThatDiesAnywhereLosesNothingAndKeepsTheOrder(t *testing.T) {
	for calls := 1; calls < 15; calls++ {
		b := newBench(t)
		b.announce(uscc, "e1", "e2")
		b.announce(uscc, "e3")
		func() {
			defer func() {
				if p := recover(); p != nil && p != (died{}) {
					panic(p)
				}
			}()
			d := b.instance()
			d.Outbox = store.New(&dying{b.table, calls})
			if _, failed := d.Deliver(t.Context(), []string{uscc}); failed != nil {
				t.Error(failed)
			}
		}()
		b.now = b.now.Add(time.Hour)
		b.run()
		// At least once and in order: without the repetitions of the notice during
		// which the process died, the whole list remains.
		got := strings.Join(b.platform.arrived(), " ")
		got = strings.Replace(got, "e1 e2 e1 e2", "e1 e2", 1)
		got = strings.Replace(got, "e3 e3", "e3", 1)
		if got != "e1 e2 e3" {
			t.Errorf("died after call %d: arrived %v", calls, b.platform.arrived())
		}
	}
}

func TestTwoInstancesAtOnceDeliverOnceAndInOrder(t *testing.T) {
	b := newBench(t)
	var want []string
	for i := range 20 {
		id := fmt.Sprintf("e%02d", i)
		b.announce(uscc, id)
		want = append(want, id)
	}
	var all sync.WaitGroup
	for range 2 {
		d := b.instance()
		all.Go(func() {
			if _, failed := d.Deliver(t.Context(), []string{uscc}); failed != nil {
				t.Error(failed)
			}
		})
	}
	all.Wait()
	for range 3 { // deliver the notices that one instance left to the other
		b.now = b.now.Add(time.Hour)
		b.run()
	}
	b.want(want...)
}

func TestARunStopsWhenTheReceiverDoesNotRespond(t *testing.T) {
	b := newBench(t)
	b.platform.set(func() { b.platform.status = http.StatusServiceUnavailable })
	for i := range 10 {
		b.announce(fmt.Sprint("enterprise-", i), fmt.Sprint("e", i))
	}
	if done := b.run(); done.Failed != 3 {
		t.Errorf("%d attempts while the receiver is down, want 3", done.Failed)
	}
	b.platform.set(func() { b.platform.status = 0 })
	b.now = b.now.Add(time.Minute)
	b.run()
	if got := b.platform.arrived(); len(got) != 10 {
		t.Errorf("arrived %v", got)
	}
}

func TestABusThatFailsHoldsBackTheWebhookAndPublishesOnce(t *testing.T) {
	b := newBench(t)
	b.bus.err = errors.New("throttled")
	b.announce(uscc, "e1")
	b.run()
	b.want()
	b.bus.err = nil
	b.platform.set(func() { b.platform.refuse["e1"] = true })
	for range 3 {
		b.now = b.now.Add(time.Hour)
		b.run()
	}
	if fmt.Sprint(b.bus.ids) != "[e1]" {
		t.Errorf("bus got %v", b.bus.ids)
	}
}

func TestBothSecretsSignDuringTheOverlap(t *testing.T) {
	b := newBench(t)
	old := b.platform.secrets[0]
	b.rotate("s2", time.Hour)
	renewed := b.platform.secrets[1]
	step := func(id string, arrives bool, secrets ...string) {
		t.Helper()
		b.platform.set(func() { b.platform.secrets, b.platform.got = secrets, nil })
		b.announce("enterprise-"+id, id)
		b.run()
		if got := b.platform.arrived(); (len(got) == 1) != arrives {
			t.Errorf("%s arrived as %v", id, got)
		}
	}
	b.now = b.now.Add(time.Second)
	step("e1", true, old)
	step("e2", true, renewed)
	b.now = b.now.Add(time.Hour)
	step("e3", false, old)
	step("e4", true, renewed)
}

func TestAnUnreadableNoticeDoesNotHoldUpOthers(t *testing.T) {
	b := newBench(t)
	b.announce(uscc, "e1")
	b.announce(uscc, "e2")
	key := table.Key{PK: "OUTBOX#" + uscc, SK: "EVENT#000000000001"}
	items, err := b.table.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	items[0].Body["due"] = "soon"
	if err := b.table.Transact(t.Context(), table.Put(items[0], table.Always())); err != nil {
		t.Fatal(err)
	}
	b.run()
	b.want("e2")
}

func TestTheURLMustKeepEventsSecret(t *testing.T) {
	for url, ok := range map[string]bool{
		"https://platform.example/hook":     true,
		"http://127.0.0.1:8080/x":           true,
		"http://localhost/x":                true,
		"http://[::1]/x":                    true,
		"http://platform.example/hook":      false,
		"ftp://platform.example":            false,
		"https://user:pw@platform.example/": false,
		"":                                  false,
		"https:///x":                        false,
	} {
		if err := webhook.CheckURL(url); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// seeing is a receiver that looks at the outbox while it receives.
type seeing struct {
	see func()
	err error
}

func (s *seeing) Receive(context.Context, notify.Event) error {
	s.see()
	return s.err
}

// Each move in the list costs two write units, and most notices are delivered at once.
func TestANoticeMovesInTheListOnlyAfterAFailure(t *testing.T) {
	b := newBench(t)
	listed := func() string {
		t.Helper()
		items, err := b.table.Get(t.Context(), table.Key{PK: "OUTBOX#" + uscc, SK: "EVENT#000000000001"})
		if err != nil {
			t.Fatal(err)
		}
		at, _, _ := strings.Cut(items[0].GSI2.SK, "#")
		return at
	}
	b.announce(uscc, "e1")
	first := listed()
	during := ""
	receiver := &seeing{see: func() { during = listed() }, err: errors.New("refused")}
	b.Receiver = receiver
	b.now = b.now.Add(time.Second)
	b.run()
	if during != first {
		t.Errorf("listed at %s, and while it is delivered at %s", first, during)
	}
	if at := listed(); at != "20260302T090031.000000000Z" {
		t.Errorf("after a failure listed at %s", at)
	}
	b.now = b.now.Add(time.Minute)
	receiver.err = nil
	if b.run(); during != "20260302T090031.000000000Z" || listed() != "" {
		t.Errorf("listed at %s while it is delivered, and at %q afterwards", during, listed())
	}
}

// A notice whose process died stays listed. It is not attempted before its time.
func TestANoticeUnderWayIsLeftAlone(t *testing.T) {
	b := newBench(t)
	b.announce(uscc, "e1")
	other := b.instance()
	b.Receiver = &seeing{see: func() {
		if _, err := other.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
	}, err: errors.New("died")}
	b.run()
	b.want()
	b.now = b.now.Add(30 * time.Second)
	if _, err := other.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.want("e1")
}
