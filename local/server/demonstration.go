package server

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/awslabs/aws-lambda-go-api-proxy/core"

	"realname/local/data"
	"realname/local/faults"
	"realname/local/sandbox/eport"
	"realname/local/sandbox/journal"
	"realname/local/sandbox/platform"
	"realname/local/sandbox/provider"
	"realname/shared/auth"
	"realname/shared/notify"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/verification"
	"realname/shared/wiring"
)

// sandbox is the outside world of a demonstration.
type sandbox struct {
	provider *provider.Provider
	faults   *faults.Faults
	receiver *platform.Receiver
	Accounts []data.Account
	Warnings []string // unusual values of the data files
	Card     *eport.Sandbox
}

// New returns a demonstration. It loads the data and connects the parts.
func New(ctx context.Context, o Options) (*Server, error) {
	s, err := start(o)
	if err != nil {
		return nil, err
	}
	set, err := data.Read(o.Data, s.now())
	if err != nil {
		return nil, err
	}
	for _, a := range o.Aborts {
		s.faults.AbortAt(a)
	}
	s.Accounts, s.Warnings = set.Accounts, set.Warnings
	s.provider = provider.New(set.Sandbox, s.now)
	s.receiver = platform.New(s.now)
	if err := s.keepSandbox(); err != nil {
		return nil, err
	}
	s.form = s.demonstration()
	if err := s.openCards(set.Accounts); err != nil {
		return nil, err
	}
	if err := s.load(ctx, set); err != nil {
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
	if err := s.openGateway(); err != nil {
		return nil, err
	}
	if s.handler, err = s.sandboxRoutes(ctx); err != nil {
		return nil, err
	}
	return s, s.engine.Resume(ctx)
}

// keepSandbox makes a kept demonstration show after a restart what its sandbox sent and
// received before.
func (s *Server) keepSandbox() error {
	if s.opts.State == nil {
		return nil
	}
	j, err := journal.Open(s.opts.State.Journal(), func(kind string, value json.RawMessage) error {
		return errors.Join(s.provider.Recall(kind, value), s.receiver.Recall(kind, value))
	})
	if err != nil {
		return err
	}
	s.provider.Keep(j)
	s.receiver.Keep(j)
	return nil
}

// load stores the accounts, the machine client and the banks. In a kept demonstration,
// only the first start does; what an interrupted one left is removed.
func (s *Server) load(ctx context.Context, set data.Set) error {
	if s.opts.State != nil {
		if !s.opts.State.Loading() {
			return nil
		}
		if err := s.clear(ctx); err != nil {
			return err
		}
	}
	id := s.opts.NewAccountID
	if id == nil {
		id = wiring.NewID
	}
	loader := data.Loader{Store: store.New(s.table), Sealer: s.seal, Hasher: s.form.hasher, Now: s.now, NewID: id}
	if err := loader.Load(ctx, set); err != nil {
		return err
	}
	if err := s.addSandboxClient(ctx); err != nil {
		return err
	}
	if err := s.addBanks(ctx, s.seal); err != nil || s.opts.State == nil {
		return err
	}
	return s.opts.State.Loaded()
}

// clear removes every item.
func (s *Server) clear(ctx context.Context) error {
	items, err := s.items(ctx)
	if err != nil {
		return err
	}
	for _, it := range items {
		if err := s.table.Transact(ctx, table.Delete(it.Key, table.Always())); err != nil {
			return fmt.Errorf("remove what an interrupted start left: %w", err)
		}
	}
	return nil
}

// demonstration returns the form whose outside world is the sandbox.
func (s *Server) demonstration() form {
	schedule := notify.DefaultSchedule()
	schedule.First = s.opts.NotifyFirst
	page := "/bank-result"
	if s.opts.Web == nil {
		page = ""
	}
	return form{
		stage: stage, issuer: issuer, lockout: auth.DefaultLockout(), hasher: auth.NewSandboxHasher(rand.Reader),
		repairAfter: s.opts.RepairEvery,
		// Changes by the command line take effect quickly in a demonstration.
		settingsLife: time.Second,
		table: func(t table.Table) table.Table {
			return s.faults.FaultyTable(table.Counted(s.opts.Meter.Table(t)))
		},
		workflow:  func(w realname.Workflow) realname.Workflow { return s.faults.FaultyWorkflow(w) },
		providers: (*Server).sandboxProviders, recipients: s.opts.Simulators.recipients(),
		mail: s.provider, resetRetry: s.opts.NotifyFirst, wrongPace: 50 * time.Millisecond,
		bus:      s.faults.FaultyBus(s.receiver),
		receiver: func(r notify.Receiver) notify.Receiver { return s.faults.FaultyReceiver(r) },
		schedule: schedule, site: site, resultPage: page,
	}
}

// sandboxProviders connects the checks to the sandbox, with injected faults.
func (s *Server) sandboxProviders(v *verification.Verification) {
	s.checks(v)
	checks := s.faults.FaultyChecks(v.Registry, v.IDCards, v.BankCards, v.SMS)
	v.Registry, v.IDCards, v.BankCards, v.SMS = checks, checks, checks, checks
}

// site returns the origin at which the browser reached this process.
func site(r *http.Request) string {
	e, _ := core.GetAPIGatewayV2ContextFromContext(r.Context())
	return "http://" + e.DomainName
}
