// Package server is the embedded default: the service in one process, with the
// gateway, the functions' own handlers, a table and the workflow engine. It has two
// forms. The demonstration has a sandbox in place of the outside world. The production
// form reaches the same outside as a stage on AWS and has no sandbox routes.
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
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"realname/local/engine"
	"realname/local/faults"
	"realname/local/meter"
	"realname/local/metrics"
	"realname/local/partitions"
	"realname/local/state"
	"realname/shared/auth"
	"realname/shared/clock"
	"realname/shared/edge"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/dynamojson"
	"realname/shared/table/memory"
	"realname/shared/table/sqlite"
	"realname/shared/vault"
	"realname/shared/verification"
	"realname/shared/wiring"
	"realname/shared/workflow"
)

// Options configures the embedded default.
type Options struct {
	Data           fs.FS // accounts.csv and the others
	Web            fs.FS // the built pages; nil for a start page
	Limits         realname.Limits
	TokenTTL       time.Duration
	IdleTimeout    time.Duration
	RepairEvery    time.Duration
	RetentionEvery time.Duration
	NotifyEvery    time.Duration // how often notify and reset-messages look for what is due
	NotifyFirst    time.Duration // the delay after the first failed attempt to deliver an event
	CORSOrigins    []string
	Secure         bool // browsers reach the service by TLS
	Aborts         []faults.Abort
	Rate           float64
	Burst          int
	// SourcePerMinute is how many requests one address may send on one public route in a
	// minute. 0 allows any number.
	SourcePerMinute int
	Concurrency     map[string]int // by function; see gateway.Config
	Log             *slog.Logger
	Metrics         *metrics.Metrics // may be nil
	Meter           *meter.Meter     // counts the units that AWS would bill; nil disables it
	// Simulators replace the sandbox.
	Simulators Simulators
	// SecondOpinion asks one more registry if the first finds an element different.
	SecondOpinion bool
	// Table and Keys are kept ones. If they are nil, both end with the process.
	Table Table
	Keys  *state.Keys
	State *state.Dir // of both; nil in memory
	// NewAccountID returns the IDs of the loaded accounts. If it is nil, they are UUIDs.
	NewAccountID func() string
	// Now is the clock. If it is nil, it is the machine's.
	Now func() time.Time
	// FormerWorkflow runs all sessions on the state machine of version 1.0, as a stage that
	// was updated goes on with the executions that it had started.
	FormerWorkflow bool
}

// Server is a running embedded default.
type Server struct {
	opts      Options
	form      form
	now       func() time.Time
	table     Table
	engine    *engine.Engine
	keys      *state.Keys
	seal      *vault.Vault
	rings     map[auth.Kind]*auth.Ring // the token keys
	functions map[string]any
	wizard    http.Handler // the pages
	instances *instances
	watches   *watches
	sources   *edge.Sources // nil without a limit
	started   time.Time
	stopping  *atomic.Bool
	gateway   http.Handler // the gateway
	handler   http.Handler
	sandbox   // empty in the production form
}

// Names that AWS resources have in the embedded default.
const (
	tableName = "realname"
	finishARN = "arn:aws:lambda:local:000000000000:function:finish"
	stage     = "local"
	issuer    = "realname"
)

// start prepares the parts that both forms have.
func start(o Options) (*Server, error) {
	s := &Server{
		opts: o, now: o.Now, table: o.Table, keys: o.Keys, instances: &instances{of: map[string]any{}},
		stopping: new(atomic.Bool), watches: new(watches),
		sandbox: sandbox{faults: &faults.Faults{}},
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.started = s.now()
	if o.SourcePerMinute > 0 {
		s.sources = &edge.Sources{PerMinute: o.SourcePerMinute, Now: s.now}
	}
	if s.table == nil {
		s.table = memory.New(s.now)
	}
	if s.keys == nil {
		var err error
		if s.keys, err = state.NewKeys(); err != nil {
			return nil, err
		}
	}
	s.seal = vault.New(s.keys.Load, s.now)
	s.keys.OnReplace(s.seal.Forget)
	s.rings = map[auth.Kind]*auth.Ring{
		auth.Person: s.tokenKeys(auth.Person), auth.Machine: s.tokenKeys(auth.Machine),
	}
	return s, s.loadEngine()
}

func (s *Server) loadEngine() (err error) {
	var kept engine.Store
	if db, ok := s.table.(*sqlite.DB); ok {
		kept = db.Executions()
	}
	machines, of := workflow.Definitions(), workflow.Of
	if s.opts.FormerWorkflow {
		const former = "former"
		machines, of = map[string][]byte{former: workflow.Former}, func([]byte) string { return former }
	}
	s.engine, err = engine.Load(engine.Config{
		Store:       kept,
		Definitions: machines, Of: of,
		Substitutions: map[string]string{
			"Partition": "aws", "TableName": tableName, "FinishFunctionArn": finishARN,
			"WaitSeconds": fmt.Sprint(max(1, int(s.opts.Limits.SessionTimeout.Seconds()))),
		},
		Now:    s.now,
		After:  func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop },
		Random: mathrand.Float64, NewToken: uuid.NewString,
		Changed: func(status engine.Status) { s.opts.Metrics.Execution(strings.ToLower(string(status))) },
		Invoke: func(ctx context.Context, functionARN string, payload []byte) ([]byte, error) {
			return s.invoke(ctx, functionARN[strings.LastIndexByte(functionARN, ':')+1:], payload)
		},
		PutItem: func(ctx context.Context, _ string, item map[string]any) error {
			return dynamojson.Put(ctx, s.opts.Meter.Table(s.table), item)
		},
	})
	return err
}

// verification connects the use cases to the ports of the form.
func (s *Server) verification() *verification.Verification {
	v := &verification.Verification{
		Ports: &realname.Ports{
			Store: s.store(), Sealer: s.seal, Limits: s.opts.Limits,
			Now: s.now, NewID: wiring.NewID, Wait: clock.Wait, Log: s.opts.Log,
			Recipients: s.form.recipients,
		},
		Workflow:    s.form.workflow(embedded{s.engine}),
		NewCode:     func() (string, error) { return auth.NewCode(rand.Reader) },
		RepairAfter: s.form.repairAfter,
	}
	if s.opts.Meter == nil { // the meter counts what AWS would: there, pauses take their whole time
		v.Watch = s.watches.watch
	}
	s.form.providers(s, v)
	return v
}

func (s *Server) store() *store.Store { return store.New(s.form.table(partitions.Limited(s.table))) }

// settings is the store of staff's settings, without injected faults.
func (s *Server) settings() *store.Store {
	return store.New(s.opts.Meter.Table(partitions.Limited(s.table)))
}

// api returns the common part of a function. Functions share the count of an address's
// requests, by route.
func (s *Server) api() httpapi.API {
	a := httpapi.API{Log: s.opts.Log, Now: s.now}
	if s.sources != nil {
		a.Sources = s.sources
	}
	return a
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Run replaces the deployed schedules and the table's stream until the context
// ends.
func (s *Server) Run(ctx context.Context) {
	defer s.engine.Close()
	defer s.pump(ctx)()
	defer s.watches.hear(s.table)()
	var schedules sync.WaitGroup
	schedules.Go(func() { s.every(ctx, s.opts.RepairEvery, "repair") })
	schedules.Go(func() { s.every(ctx, s.opts.RetentionEvery, "retention") })
	schedules.Go(func() { s.every(ctx, s.opts.NotifyEvery, "notify") })
	schedules.Go(func() { s.every(ctx, s.opts.NotifyEvery, "reset-messages") })
	schedules.Go(func() { s.expire(ctx) })
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
