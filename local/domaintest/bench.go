// Package domaintest is the test bench of shared/verification and shared/accounts. It
// runs the use cases over the table in memory, with the demonstration data and a clock
// that tests advance. Its stores and tables that race or repeat serve other tests too. Only
// tests import it.
package domaintest

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
	"realname/shared/verification"
)

// AccountID is the demonstration account "pass".
const AccountID = "account-1"

// EnterpriseAnswer is the answer that passes the enterprise step of AccountID.
var EnterpriseAnswer = verification.EnterpriseAnswer{
	Name: "河北安达进出口贸易有限公司", USCC: "91130100MA0R01NM09", OrgCode: "MA0R01NM0",
	LegalRepresentative: realname.Person{Name: "赵安国", IDType: "resident_id", IDNumber: "130105197803121016"},
}

// Bench runs the use cases over a real store and replaces the outside world by hooks.
type Bench struct {
	*testing.T
	*verification.Verification
	Table           *memory.Table
	mu              sync.Mutex
	now             time.Time
	RegistryAnswers func(ctx context.Context) (realname.CheckResult, error)
	SMSAnswers      func() error
	Signals         []string
	Lost            bool // whether the workflow loses signals
}

// New returns a bench on which AccountID can start every method.
func New(t *testing.T) *Bench {
	t.Helper()
	b := &Bench{T: t, now: start}
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		return realname.CheckResult{Outcome: realname.Match, Provider: "test"}, nil
	}
	b.SMSAnswers = func() error { return nil }
	b.Table = memory.New(b.Clock)
	demo, err := demonstration()
	if err != nil {
		t.Fatal(err)
	}
	b.Table.Restore(demo.items...)
	seal, st := demo.vault, store.New(b.Table)
	b.Verification = &verification.Verification{
		Ports: &realname.Ports{
			Store: st, Sealer: seal, Limits: realname.DefaultLimits(), Now: b.Clock, NewID: Counter("id"),
			Wait: func(_ context.Context, d time.Duration) error {
				b.Advance(d)
				return nil
			},
			Log: slog.New(slog.DiscardHandler),
		},
		Workflow: b, Registry: b, SMS: b, RepairAfter: time.Second,
		NewCode: func() (string, error) { return "123456", nil },
	}
	return b
}

// start is the time of every new bench.
var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

type stored struct {
	vault *vault.Vault
	items []table.Item
}

// demonstration stores the demonstration data once for all benches of a process: most
// of a test's time would be its passwords' hashes.
var demonstration = sync.OnceValues(func() (stored, error) {
	clock := func() time.Time { return start }
	set, err := data.Read(data.Demo(), start)
	if err != nil {
		return stored{}, err
	}
	tab, seal := memory.New(clock), vault.Ephemeral()
	loader := data.Loader{
		Store: store.New(tab), Sealer: seal, Hasher: auth.NewSandboxHasher(rand.Reader),
		Now: clock, NewID: Counter("account"),
	}
	err = loader.Load(context.Background(), set)
	return stored{seal, tab.Dump()}, err
})

// Counter returns IDs that count from 1: prefix-1, prefix-2.
func Counter(prefix string) func() string {
	var mu sync.Mutex
	n := 0
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("%s-%d", prefix, n)
	}
}

// Clock returns the time of the bench.
func (b *Bench) Clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

// Advance moves the time of the bench forward.
func (b *Bench) Advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// CheckEnterprise implements realname.Registry with the test's hook.
func (b *Bench) CheckEnterprise(ctx context.Context, _ realname.EnterpriseQuery) (realname.CheckResult, error) {
	return b.RegistryAnswers(ctx)
}

// SendCode implements realname.SMS with the test's hook.
func (b *Bench) SendCode(context.Context, realname.SMSMessage) (realname.CheckResult, error) {
	return realname.CheckResult{Outcome: realname.Match, Provider: "test"}, b.SMSAnswers()
}

// Start implements realname.Workflow. Like the state machine, it opens the first step.
func (b *Bench) Start(ctx context.Context, e realname.Execution) error {
	return b.hear(ctx, "start", e.SessionID, e.Method.Steps()[0])
}

// Passed implements realname.Workflow; the token of a step is its session's ID.
func (b *Bench) Passed(ctx context.Context, token string) error {
	return b.hear(ctx, "passed", token, realname.StepLegalRepresentative)
}

// Ended implements realname.Workflow.
func (b *Bench) Ended(ctx context.Context, token string, _ realname.Status) error {
	return b.hear(ctx, "ended", token, "")
}

func (b *Bench) hear(ctx context.Context, signal, session string, opens realname.StepName) error {
	b.mu.Lock()
	lost := b.Lost
	if !lost {
		b.Signals = append(b.Signals, signal)
	}
	b.mu.Unlock()
	if lost {
		return context.DeadlineExceeded
	}
	if opens == "" {
		return nil
	}
	return b.Table.Transact(ctx, table.Put(table.Item{
		Key: table.Key{PK: "SESSION#" + session, SK: "STEP"}, Version: 1,
		Body: map[string]any{"step": string(opens), "taskToken": session},
	}, table.Always()))
}

// Caller returns AccountID with a token issued an hour from now, so that no change of
// the account revokes it.
func (b *Bench) Caller() realname.Caller {
	return realname.Caller{AccountID: AccountID, IssuedAt: b.Clock().Add(time.Hour)}
}

// Begin starts a session and returns its ID.
func (b *Bench) Begin(m realname.Method) string {
	b.Helper()
	var id string
	_, err := b.Verification.Start(b.Context(), verification.StartRequest{
		Caller: b.Caller(), Method: m, ConsentVersion: b.Recipients.ConsentVersion(m),
		Render: func(s realname.Session) realname.Reply { id = s.ID; return realname.Reply{} },
	})
	if err != nil {
		b.Fatal(err)
	}
	return id
}

// Submit submits EnterpriseAnswer.
func (b *Bench) Submit(session string) error {
	_, err := b.SubmitEnterprise(b.Context(), b.Request(session), EnterpriseAnswer)
	return err
}

// Request returns a submission of AccountID to the session.
func (b *Bench) Request(session string) verification.SubmitRequest {
	return verification.SubmitRequest{
		Caller: b.Caller(), SessionID: session,
		Render: func(_ realname.Session, err error) realname.Reply { return Render(err) },
	}
}

// TriesLeft returns how many failed attempts remain for the enterprise step.
func (b *Bench) TriesLeft(session string) int {
	b.Helper()
	s := b.SessionOf(session)
	st, _ := s.Step(realname.StepEnterprise)
	return s.TriesLeft(st)
}

// Attempts returns the stored attempts of the session.
func (b *Bench) Attempts(session string) []realname.Attempt {
	b.Helper()
	all, err := store.New(b.Table).Attempts(b.Context(), b.SessionOf(session))
	if err != nil {
		b.Fatal(err)
	}
	return all
}

// Render returns status 200, or 422 for a refusal.
func Render(err error) realname.Reply {
	if err != nil {
		return realname.Reply{Status: 422}
	}
	return realname.Reply{Status: 200}
}

// SessionOf returns the stored session.
func (b *Bench) SessionOf(id string) realname.Session {
	b.Helper()
	view, err := b.Session(b.Context(), b.Caller(), id)
	if err != nil {
		b.Fatal(err)
	}
	return view.Session
}

// AskCode asks for a code for the legal representative's bank card.
func (b *Bench) AskCode(session string) (realname.Reply, error) {
	return b.Verification.SendCode(b.Context(), verification.CodeRequest{
		Caller: b.Caller(), SessionID: session, Step: realname.StepLegalRepresentative,
		Mobile: "13900001001", BankCardNumber: "6222021000001000016",
		Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
	})
}

// Pass verifies the account by the method, from start to finish.
func (b *Bench) Pass(m realname.Method) {
	b.Helper()
	id := b.Begin(m)
	b.PassAll(id)
	if status, err := b.Finish(b.Context(), id); err != nil || status != realname.Verified {
		b.Fatalf("%s %v", status, err)
	}
}

// PassAll stores every step of a session as passed.
func (b *Bench) PassAll(id string) {
	b.Helper()
	s := b.SessionOf(id)
	for i := range s.Steps {
		s.Steps[i].Outcome = realname.StepPassed
	}
	var err error
	s.Subject, err = realname.SealPerson(
		b.Sealer, EnterpriseAnswer.LegalRepresentative, realname.SessionItem(id), realname.FieldSubject,
	)
	if err != nil {
		b.Fatal(err)
	}
	if err := b.Store.Commit(b.Context(), realname.Writing(s)); err != nil {
		b.Fatal(err)
	}
}
