package server

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/account"
	"realname/functions/account-holder"
	"realname/functions/authorizer"
	"realname/functions/credentials"
	"realname/functions/enterprise"
	"realname/functions/finish"
	"realname/functions/legal-representative"
	"realname/functions/login"
	"realname/functions/methods"
	"realname/functions/notify"
	"realname/functions/operators"
	"realname/functions/repair"
	"realname/functions/reset-messages"
	"realname/functions/retention"
	"realname/functions/sessions"
	"realname/functions/sms-codes"
	"realname/local/faults"
	"realname/local/gateway"
	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/httpapi"
	"realname/shared/realname"
	judge "realname/shared/signin"
)

// connect creates every function like its bootstrap, with the embedded ports.
func (s *Server) connect() {
	v, log := s.verification(), s.opts.Log
	persons, machines := s.rings[auth.Person], s.rings[auth.Machine]
	published := auth.Ring{Keys: slices.Concat(persons.Keys, machines.Keys)}
	view := httpapi.SessionView{Sealer: s.seal, Now: s.now, Recipients: v.Recipients}
	verifier := &auth.Verifier{
		Persons: persons.PublicKeys, Machines: machines.PublicKeys, Name: s.form.issuer, Audience: s.form.stage,
		Now: s.now,
	}
	personal := auth.Issuer{
		Signing: persons.Current, Name: s.form.issuer, Audience: s.form.stage, TTL: s.opts.IdleTimeout,
		Now: s.now, NewID: v.NewID,
	}
	passwords := judge.Credentials{
		Store: s.store(), Hasher: s.form.hasher, Lockout: s.form.lockout, Now: s.now,
		NewSecret: func() (string, error) { return auth.NewSecret(rand.Reader) },
		NewID:     func() string { return rand.Text()[:16] },
	}
	a := s.accounts(v, passwords)
	s.functions = map[string]any{
		"authorizer": authorizer.New(authorizer.Ports{Verifier: verifier, Log: log}),
		"login": httpapi.Lambda(login.New(login.Ports{
			API: s.api(), Store: s.store(), Credentials: passwords, Issuer: &personal, Keys: published.PublicKeys, Now: s.now,
			Life: realname.SignInLife{Idle: s.opts.IdleTimeout, Most: s.opts.TokenTTL},
		})),
		"account":     httpapi.Lambda(account.New(account.Ports{API: s.api(), Accounts: a})),
		"operators":   httpapi.Lambda(operators.New(operators.Ports{API: s.api(), Accounts: a})),
		"credentials": httpapi.Lambda(credentials.New(credentials.Ports{API: s.api(), Accounts: a})),
		"methods":     httpapi.Lambda(methods.New(methods.Ports{API: s.api(), Verification: v})),
		"sessions":    httpapi.Lambda(sessions.New(sessions.Ports{API: s.api(), Verification: v, View: view})),
		"enterprise":  httpapi.Lambda(enterprise.New(enterprise.Ports{API: s.api(), Verification: v, View: view})),
		"legal-representative": httpapi.Lambda(legalrepresentative.New(legalrepresentative.Ports{
			API: s.api(), Verification: v, View: view,
		})),
		"account-holder": httpapi.Lambda(accountholder.New(accountholder.Ports{
			API: s.api(), Verification: v, View: view,
		})),
		"sms-codes":      httpapi.Lambda(smscodes.New(smscodes.Ports{API: s.api(), Verification: v, View: view})),
		"finish":         finish.New(finish.Ports{Verification: v, Log: log}),
		"notify":         notify.New(notify.Ports{Deliverer: s.deliverer(s.seal), Log: log}),
		"reset-messages": resetmessages.New(resetmessages.Ports{Accounts: a, Log: log}),
		"repair":         repair.New(repair.Ports{Verification: v, Overdue: s.store().OverdueErasures, Log: log}),
	}
	s.functions["retention"] = s.retention(*a)
	s.connectBanks(v, view)
	s.connectCards(v, view)
	tokens := personal
	tokens.Signing, tokens.TTL = machines.Current, s.opts.TokenTTL
	s.machines(&tokens)
}

// retention returns the function that erases in its own name.
func (s *Server) retention(a accounts.Accounts) retention.Function {
	ports := *a.Ports
	ports.Actor = retention.Actor
	a.Ports = &ports
	st := s.store()
	return retention.New(retention.Ports{
		Erasure: &accounts.Erasure{Accounts: &a, Values: st}, Store: st, Log: s.opts.Log,
		CertificateEnds: s.form.certificate,
	})
}

// invoke invokes a function like Lambda, with the JSON of an event.
func (s *Server) invoke(ctx context.Context, function string, payload []byte) (answer []byte, err error) {
	err = s.invocation(ctx, function, function, func(ctx context.Context, f any) error {
		// A handler reuses the bytes of its answer in the next invocation. Invocations
		// run concurrently here, so each needs its own handler.
		answer, err = lambda.NewHandler(f).Invoke(ctx, payload)
		return err
	})
	return answer, err
}

// serve invokes a function for a request to the API.
func (s *Server) serve(ctx context.Context, function string, e gateway.Request) (a gateway.Response, err error) {
	err = s.invocation(ctx, function, function+" "+e.RouteKey, func(ctx context.Context, f any) error {
		a, err = f.(httpapi.Function)(ctx, e) // openGateway has checked the type
		return err
	})
	return a, err
}

// authorize invokes the authorizer.
func (s *Server) authorize(ctx context.Context, q gateway.Question) (a gateway.Admission, err error) {
	const function = "authorizer"
	err = s.invocation(ctx, function, function, func(ctx context.Context, f any) error {
		a, err = f.(authorizer.Function)(ctx, q)
		return err
	})
	return a, err
}

// invocation calls a function as Lambda does: a panic becomes an error, and invocations
// share no state. The meter counts the invocation by its name.
func (s *Server) invocation(
	ctx context.Context, function, name string, call func(ctx context.Context, f any) error,
) (err error) {
	f := s.instances.get(function)
	if f == nil {
		f = s.functions[function]
	}
	if f == nil {
		return fmt.Errorf("there is no function %q", function)
	}
	began := s.now()
	end := s.opts.Metrics.Invoking(function)
	defer func() { end(err != nil, s.now().Sub(began)) }()
	defer func() {
		switch p := recover().(type) {
		case nil:
		case faults.Aborted:
			s.opts.Log.LogAttrs(ctx, slog.LevelWarn, "invocation aborted on request", slog.String("function", p.Function),
				slog.Int("call", p.Call))
			err = fmt.Errorf("%s was aborted after its outside call %d", p.Function, p.Call)
		default:
			err = fmt.Errorf("%s crashed: %v", function, p)
		}
	}()
	return call(s.opts.Meter.Invocation(faults.Invocation(ctx, function), name), f)
}

// Invoke runs one function with an event, for `realname invoke`.
func (s *Server) Invoke(ctx context.Context, function string, event json.RawMessage) ([]byte, error) {
	return s.invoke(ctx, function, event)
}
