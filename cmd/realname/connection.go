package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"realname/local/remote"
	"realname/local/state"
	"realname/shared/awsapi"
	"realname/shared/awsapi/sdk"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/dynamo"
	"realname/shared/wiring"
	"realname/shared/wiring/vault"
)

// connection selects the service that a command works on. Commands embed it.
//
//nolint:lll // kong reads the help from the tag
type connection struct {
	URL   string `name:"url" env:"REALNAME_URL" xor:"place" placeholder:"URL" help:"A running demonstration, such as http://127.0.0.1:8080. Without --url and --state, the stage on AWS from the environment variables REALNAME_… and AWS_…"`
	State string `env:"REALNAME_STATE" xor:"place" placeholder:"DIR" help:"State directory of a running realname serve."`
}

// service gives commands access to a running service.
type service struct {
	Table  table.Table
	Store  *store.Store
	Sealer realname.Sealer
	Config wiring.Config        // of a stage on AWS; the default values on one machine
	AWS    func() awsapi.Config // nil on one machine
	Now    func() time.Time
	// Running is the service in one process that the command works on; nil on AWS.
	Running *remote.Service
	// Demonstration reports that it holds invented accounts only.
	Demonstration bool
}

// running returns the service in one process, or nil for a stage on AWS.
func (c connection) running() *remote.Service {
	switch {
	case c.URL != "":
		return remote.New(c.URL)
	case c.State != "":
		return remote.At(state.SocketOf(c.State))
	}
	return nil
}

// open prepares the connection. It makes no calls; the first use does.
func (c connection) open(ctx context.Context) (service, error) {
	if at := c.running(); at != nil {
		s := connected(at.Table(), at.Vault(), wiring.Config{Limits: realname.DefaultLimits()}, nil)
		s.Running = at
		s.Demonstration = c.URL != "" || state.FormOf(c.State) == state.Demonstration // only that has a URL for commands
		return s, nil
	}
	cfg, err := wiring.FromEnv()
	if err != nil {
		return service{}, fmt.Errorf("no service is given: set --url, --state or the environment of a stage on AWS: %w", err)
	}
	// Unlike a function, a shell may use profiles and single sign-on.
	own, err := sdk.Load(ctx)
	if err != nil {
		return service{}, err
	}
	p := wiring.Ports{Config: cfg, Now: time.Now, Log: slog.Default(), AWS: func() awsapi.Config { return own }}
	t := dynamo.New(p.Client(awsapi.DynamoDB), cfg.Table, cfg.TableIndexes, p.Now)
	return connected(t, vault.Vault(p), cfg, p.AWS), nil
}

func connected(t table.Table, seal realname.Sealer, cfg wiring.Config, own func() awsapi.Config) service {
	return service{Table: t, Store: store.New(t), Sealer: seal, Config: cfg, AWS: own, Now: time.Now}
}
