// Package server is the embedded default: the service in one process, with the
// gateway, the functions' own handlers, a table in memory, the workflow engine and
// a sandbox provider. It is for development and demonstration, and all its data is
// in memory.
package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"realname/local/data"
	"realname/local/engine"
	"realname/local/faults"
	"realname/local/meter"
	"realname/local/sandbox/eport"
	"realname/local/sandbox/platform"
	"realname/local/sandbox/provider"
	"realname/shared/auth"
	"realname/shared/clock"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/dynamojson"
	"realname/shared/table/memory"
	"realname/shared/vault"
	"realname/shared/verification"
	"realname/shared/wiring"
	"realname/shared/workflow"
)

// Options configures the embedded default.
type Options struct {
	Data        fs.FS // accounts.csv and the others
	Web         fs.FS // the built pages; nil for a start page
	Limits      realname.Limits
	TokenTTL    time.Duration
	RepairEvery time.Duration
	NotifyEvery time.Duration // how often notify looks for due notices
	NotifyFirst time.Duration // the delay after the first failed attempt to deliver an event
	CORSOrigins []string
	Aborts      []faults.Abort
	Rate        float64
	Burst       int
	Log         *slog.Logger
	Meter       *meter.Meter // counts the units that AWS would bill; nil disables it
	// Tencent is a simulator of Tencent Cloud that replaces the sandbox.
	Tencent *Tencent
	// NewAccountID returns the IDs of the loaded accounts. If it is nil, they are UUIDs.
	NewAccountID func() string
}

// Server is a running embedded default.
type Server struct {
	opts      Options
	now       func() time.Time
	table     *memory.Table
	engine    *engine.Engine
	provider  *provider.Provider
	faults    *faults.Faults
	keyset    *keyset
	seal      *vault.Vault
	hasher    *auth.Hasher
	rings     map[auth.Kind]*auth.Ring // the token keys
	receiver  *platform.Receiver
	functions map[string]any
	wizard    http.Handler // the pages
	instances *instances
	handler   http.Handler
	Accounts  []data.Account
	Warnings  []string       // unusual values of the data files
	Card      *eport.Sandbox // the sandbox's E-Port
}

// Names that AWS resources have in the embedded default.
const (
	tableName = "realname"
	finishARN = "arn:aws:lambda:local:000000000000:function:finish"
	stage     = "local"
	issuer    = "realname"
)

// New loads the data and connects the parts.
func New(ctx context.Context, o Options) (*Server, error) {
	set, err := data.Read(o.Data, time.Now())
	if err != nil {
		return nil, err
	}
	s := &Server{
		opts: o, now: time.Now, faults: &faults.Faults{}, instances: &instances{of: map[string]any{}}, Accounts: set.Accounts,
		Warnings: set.Warnings,
	}
	for _, a := range o.Aborts {
		s.faults.AbortAt(a)
	}
	s.table = memory.New(s.now)
	s.provider = provider.New(set.Sandbox, s.now)
	if err := s.loadEngine(); err != nil {
		return nil, err
	}
	if s.keyset, err = newKeyset(); err != nil {
		return nil, err
	}
	s.receiver = platform.New(s.now)
	s.seal = vault.New(s.keyset.load, s.now)
	s.hasher = auth.NewSandboxHasher(rand.Reader)
	if o.NewAccountID == nil {
		o.NewAccountID = wiring.NewID
	}
	loader := data.Loader{Store: store.New(s.table), Sealer: s.seal, Hasher: s.hasher, Now: s.now, NewID: o.NewAccountID}
	if err := loader.Load(ctx, set); err != nil {
		return nil, err
	}
	if err := s.openCards(set.Accounts); err != nil {
		return nil, err
	}
	if err := s.addSandboxClient(ctx); err != nil {
		return nil, err
	}
	s.rings = map[auth.Kind]*auth.Ring{}
	for _, kind := range []auth.Kind{auth.Person, auth.Machine} {
		if s.rings[kind], err = s.tokenKeys(kind); err != nil {
			return nil, err
		}
	}
	if err := s.addBanks(ctx, s.seal); err != nil {
		return nil, err
	}
	s.connect()
	if err := s.connectPages(); err != nil {
		return nil, err
	}
	for _, a := range o.Aborts {
		if s.functions[a.Function] == nil {
			return nil, fmt.Errorf("abort: there is no function %q", a.Function)
		}
	}
	s.handler, err = s.routes(ctx)
	return s, err
}

func (s *Server) loadEngine() (err error) {
	s.engine, err = engine.Load(engine.Config{
		Definition: workflow.Definition,
		Substitutions: map[string]string{
			"Partition": "aws", "TableName": tableName, "FinishFunctionArn": finishARN,
			"StepTimeoutSeconds": fmt.Sprint(max(1, int(s.opts.Limits.StepTimeout.Seconds()))),
		},
		Now:    s.now,
		After:  func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop },
		Random: mathrand.Float64, NewToken: uuid.NewString,
		Invoke: func(ctx context.Context, functionARN string, payload []byte) ([]byte, error) {
			return s.invoke(ctx, functionARN[strings.LastIndexByte(functionARN, ':')+1:], payload)
		},
		PutItem: func(ctx context.Context, _ string, item map[string]any) error {
			return dynamojson.Put(ctx, s.opts.Meter.Table(s.table), item)
		},
	})
	return err
}

// verification connects the use cases to the embedded ports, with injected faults.
func (s *Server) verification() *verification.Verification {
	checks := s.faults.FaultyChecks(s.providers())
	return &verification.Verification{
		Ports: &realname.Ports{
			Store: s.store(), Sealer: s.seal, Limits: s.opts.Limits,
			Now: s.now, NewID: wiring.NewID, Wait: clock.Wait, Log: s.opts.Log,
		},
		Workflow: s.faults.FaultyWorkflow(embedded{s.engine}),
		Registry: checks, IDCards: checks, BankCards: checks, SMS: checks,
		NewCode:     func() (string, error) { return auth.NewCode(rand.Reader) },
		RepairAfter: s.opts.RepairEvery,
	}
}

func (s *Server) store() *store.Store {
	return store.New(s.faults.FaultyTable(table.Counted(s.opts.Meter.Table(s.table))))
}

// settings is the store of staff's settings, without injected faults.
func (s *Server) settings() *store.Store { return store.New(s.opts.Meter.Table(s.table)) }

func (s *Server) api() httpapi.API { return httpapi.API{Log: s.opts.Log, Now: s.now} }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Run replaces the deployed schedules and the table's stream until the context
// ends.
func (s *Server) Run(ctx context.Context) {
	defer s.engine.Close()
	defer s.pump(ctx)()
	var schedules sync.WaitGroup
	schedules.Go(func() { s.every(ctx, s.opts.RepairEvery, "repair") })
	schedules.Go(func() { s.every(ctx, s.opts.NotifyEvery, "notify") })
	schedules.Wait()
}

// every invokes a function like its deployed schedule.
func (s *Server) every(ctx context.Context, interval time.Duration, function string) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if _, err := s.invoke(ctx, function,
				[]byte(`{"source":"aws.events","detail-type":"Scheduled Event","detail":{}}`)); err != nil {
				s.opts.Log.LogAttrs(ctx, slog.LevelError, function+" failed", slog.String("error", err.Error()))
			}
		}
	}
}
