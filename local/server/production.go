package server

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/awsapi"
	"realname/shared/notify"
	bus "realname/shared/notify/eventbridge"
	"realname/shared/provider/smtp"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/verification"
	"realname/shared/wiring"
	accountswiring "realname/shared/wiring/accounts"
	bankwiring "realname/shared/wiring/bank"
	"realname/shared/wiring/edge"
	"realname/shared/wiring/provider"
	"realname/shared/wiring/ses"
	"realname/shared/wiring/sns"
	verificationwiring "realname/shared/wiring/verification"
)

// Production returns the production form. It reaches providers, e-mail and the event
// bus through the same wiring as deployed functions, and has no sandbox routes.
func Production(ctx context.Context, o Options, p wiring.Ports) (*Server, error) {
	o.Limits, o.TokenTTL, o.IdleTimeout, o.Log = p.Config.Limits, p.Config.TokenTTL, p.Config.IdleTimeout, p.Log
	o.SourcePerMinute = p.Config.SourcePerMinute
	s, err := start(o)
	if err != nil {
		return nil, err
	}
	if s.form, err = s.production(p); err != nil {
		return nil, err
	}
	s.connect()
	if err := s.connectPages(); err != nil {
		return nil, err
	}
	if err := s.openGateway(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.healthy)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("/", s.pages())
	s.handler = s.routed(mux)
	return s, s.engine.Resume(ctx)
}

// production returns the form that a stage on AWS has, with the table, the workflow
// and the keys of this process.
func (s *Server) production(p wiring.Ports) (form, error) {
	// These defaults need neither AWS nor a network. Connect adds what is configured.
	usual := accountswiring.Over(p, store.New(s.table))
	mail, err := mailOf(p, usual)
	if err != nil {
		return form{}, err
	}
	page := p.Config.BankResultPage
	if s.opts.Web == nil {
		page = ""
	}
	return form{
		stage: p.Config.Stage, issuer: p.Config.Issuer, lockout: p.Config.Lockout, hasher: auth.NewHasher(rand.Reader),
		certificate: edge.CertificateEnds(p), repairAfter: p.Config.RepairAfter, settingsLife: store.SettingsLife,
		table:    s.opts.Metrics.Table,
		workflow: func(w realname.Workflow) realname.Workflow { return w },
		providers: func(s *Server, v *verification.Verification) {
			none := verificationwiring.Over(p, s.store())
			v.Registry, v.IDCards, v.BankCards, v.SMS = none.Registry, none.IDCards, none.BankCards, none.SMS
			provider.Connect(p, s.store(), v, sns.SNS(p))
		},
		recipients: p.Config.Recipients, controlDownload: p.Config.ControlDownload,
		mail: mail, resetRetry: usual.ResetRetry, wrongPace: usual.WrongPace,
		bus:      eventBus(p),
		receiver: func(r notify.Receiver) notify.Receiver { return r },
		schedule: p.Config.Outbox.Schedule, site: bankwiring.Site(p), resultPage: page,
		answered: func(route string, status int, took time.Duration) {
			s.opts.Metrics.Request(route, status, took)
			// The function logs its request itself. This line is that of a gateway's access log.
			s.opts.Log.LogAttrs(context.Background(), slog.LevelInfo, "answered", slog.String("route", route),
				slog.Int("status", status), slog.Int64("ms", took.Milliseconds()))
		},
	}, nil
}

// mailOf returns the mail server of the configuration or, without one, Amazon SES.
func mailOf(p wiring.Ports, usual *accounts.Accounts) (accounts.Mail, error) {
	c := p.Config.Mail
	if c.SMTP.Server == "" {
		return ses.Connect(p, usual).Mail, nil
	}
	var login struct{ User, Password string }
	if c.SMTP.LoginFile != "" {
		text, err := os.ReadFile(c.SMTP.LoginFile)
		if err != nil {
			return nil, fmt.Errorf("REALNAME_SMTP_LOGIN_FILE: %w", err)
		}
		if json.Unmarshal(text, &login) != nil || login.User == "" || login.Password == "" { // an error would quote the file
			return nil, errors.New("REALNAME_SMTP_LOGIN_FILE: want a JSON object with user and password")
		}
	}
	return smtp.New(smtp.Config{
		Server: c.SMTP.Server, User: login.User, Password: login.Password, From: c.From, Origin: c.Origin,
		Now: p.Now, NewID: wiring.NewID,
	}), nil
}

// eventBus returns the configured event bus. Without one, events go to the webhook
// only.
func eventBus(p wiring.Ports) notify.Bus {
	if p.Config.Outbox.EventBus == "" {
		return noBus{}
	}
	return bus.New(p.Client(awsapi.EventBridge), p.Config.Outbox.EventBus)
}

type noBus struct{}

func (noBus) Publish(context.Context, []notify.Event) error { return nil }
