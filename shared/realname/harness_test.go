package realname_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"realname/local/data"
	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/vault"
)

// The demonstration account "pass" and what verifies it.
const account = "account-1"

var enterpriseAnswer = realname.EnterpriseAnswer{
	Name: "河北安达进出口贸易有限公司", USCC: "91130100MA0R01NM09", OrgCode: "MA0R01NM0",
	LegalRepresentative: realname.Person{Name: "赵安国", IDType: "resident_id", IDNumber: "130105197803121016"},
}

// bench is the use cases over a real store, with hooks where a request meets
// the outside world.
type bench struct {
	*testing.T
	*realname.Verification
	table    *memory.Table
	mu       sync.Mutex
	now      time.Time
	registry func(ctx context.Context) (realname.CheckResult, error)
	sms      func() error
	signals  []string
	lost     bool // whether signals get lost
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	b.registry = func(context.Context) (realname.CheckResult, error) {
		return realname.CheckResult{Outcome: realname.Match, Provider: "test"}, nil
	}
	b.sms = func() error { return nil }
	b.table = memory.New(b.clock)
	set, err := data.Read(data.Demo(), b.clock())
	if err != nil {
		t.Fatal(err)
	}
	ids := counter("account")
	seal, st := vault.Ephemeral(), store.New(b.table)
	loader := data.Loader{Store: st, Sealer: seal, Hasher: auth.NewSandboxHasher(rand.Reader), Now: b.clock, NewID: ids}
	if err := loader.Load(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	b.Verification = &realname.Verification{
		Store: st, Workflow: b, Sealer: seal, Registry: b, SMS: b,
		Limits: realname.DefaultLimits(), Now: b.clock, NewID: counter("id"),
		NewCode: func() (string, error) { return "123456", nil },
		Wait: func(_ context.Context, d time.Duration) error {
			b.advance(d)
			return nil
		},
		Log: slog.New(slog.DiscardHandler), RepairAfter: time.Second,
	}
	return b
}

func counter(prefix string) func() string {
	var mu sync.Mutex
	n := 0
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("%s-%d", prefix, n)
	}
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// CheckEnterprise implements realname.Registry by the test's hook.
func (b *bench) CheckEnterprise(ctx context.Context, _ realname.EnterpriseQuery) (realname.CheckResult, error) {
	return b.registry(ctx)
}

// SendCode implements realname.SMS by the test's hook.
func (b *bench) SendCode(context.Context, realname.SMSMessage) (realname.CheckResult, error) {
	return realname.CheckResult{Outcome: realname.Match, Provider: "test"}, b.sms()
}

// Start implements realname.Workflow: it opens the first step, as the state
// machine does.
func (b *bench) Start(ctx context.Context, e realname.Execution) error {
	return b.hear(ctx, "start", e.SessionID, e.Method.Steps()[0])
}

// Passed implements realname.Workflow; the token of a step is its session's ID.
func (b *bench) Passed(ctx context.Context, token string) error {
	return b.hear(ctx, "passed", token, realname.StepLegalRepresentative)
}

// Ended implements realname.Workflow.
func (b *bench) Ended(ctx context.Context, token string, _ realname.Status) error {
	return b.hear(ctx, "ended", token, "")
}

func (b *bench) hear(ctx context.Context, signal, session string, opens realname.StepName) error {
	b.mu.Lock()
	lost := b.lost
	if !lost {
		b.signals = append(b.signals, signal)
	}
	b.mu.Unlock()
	if lost {
		return context.DeadlineExceeded
	}
	if opens == "" {
		return nil
	}
	return b.table.Transact(ctx, table.Put(table.Item{
		Key: table.Key{PK: "SESSION#" + session, SK: "STEP"}, Version: 1,
		Body: map[string]any{"step": string(opens), "taskToken": session},
	}, table.Always()))
}

func (b *bench) caller() realname.Caller {
	return realname.Caller{AccountID: account, IssuedAt: b.clock().Add(time.Hour)}
}

// begin starts a session and returns its ID.
func (b *bench) begin(m realname.Method) string {
	b.Helper()
	var id string
	_, err := b.Verification.Start(b.Context(), realname.StartRequest{
		Caller: b.caller(), Method: m, ConsentVersion: realname.ConsentVersion,
		Render: func(s realname.Session) realname.Reply { id = s.ID; return realname.Reply{} },
	})
	if err != nil {
		b.Fatal(err)
	}
	return id
}

func (b *bench) submit(session string) error {
	_, err := b.SubmitEnterprise(b.Context(), b.request(session), enterpriseAnswer)
	return err
}

func (b *bench) request(session string) realname.SubmitRequest {
	return realname.SubmitRequest{
		Caller: b.caller(), SessionID: session,
		Render: func(_ realname.Session, err error) realname.Reply { return render(err) },
	}
}

func (b *bench) triesLeft(session string) int {
	b.Helper()
	s := b.session(session)
	st, _ := s.Step(realname.StepEnterprise)
	return s.TriesLeft(st)
}

func (b *bench) attempts(session string) []realname.Attempt {
	b.Helper()
	all, err := store.New(b.table).Attempts(b.Context(), session)
	if err != nil {
		b.Fatal(err)
	}
	return all
}

func render(err error) realname.Reply {
	if err != nil {
		return realname.Reply{Status: 422}
	}
	return realname.Reply{Status: 200}
}

func (b *bench) session(id string) realname.Session {
	b.Helper()
	view, err := b.Verification.Session(b.Context(), b.caller(), id)
	if err != nil {
		b.Fatal(err)
	}
	return view.Session
}

// askCode asks for a code for the legal representative's bank card.
func (b *bench) askCode(session string) (realname.Reply, error) {
	return b.Verification.SendCode(b.Context(), realname.CodeRequest{
		Caller: b.caller(), SessionID: session, Step: realname.StepLegalRepresentative,
		Mobile: "13900001001", BankCardNumber: "6222021000001000016",
		Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
	})
}
