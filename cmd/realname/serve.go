package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"text/tabwriter"
	"time"

	"realname/local/data"
	"realname/local/faults"
	"realname/local/meter"
	"realname/local/server"
	"realname/local/state"
	"realname/shared/realname"
	"realname/shared/telemetry/build"
	"realname/shared/telemetry/requestid"
	"realname/web"
)

//nolint:lll // kong reads the help from the tags
type serve struct {
	Addr        string   `default:"127.0.0.1:8080" help:"Address to listen on."`
	Data        string   `type:"existingdir" placeholder:"DIR" help:"Demonstration: directory of accounts.csv, registry.csv, identities.csv and bank-cards.csv."`
	Demo        bool     `help:"Demonstration: use the built-in data, the default without --data and --state."`
	State       stateDir `env:"REALNAME_STATE" placeholder:"DIR" help:"Keep everything in this directory. Alone it selects the production form; with --data or --demo the demonstration is kept."`
	Fresh       bool     `help:"Demonstration: begin again in the directory of --state and delete what it holds."`
	AcceptClock bool     `help:"Start although the clock lies behind the last write to the state directory."`
	Web         string   `type:"existingdir" placeholder:"DIR" help:"Directory of built pages. Defaults to the pages built into this program."`
	Rate        float64  `default:"10000" help:"Requests per second that the gateway accepts."`
	Burst       int      `default:"20000" help:"Requests at once that the gateway accepts."`
	CORSOrigin  []string `placeholder:"ORIGIN" help:"Origin that may call from another host. Can be repeated."`

	production
	demonstration
}

// stateDir is the path of a state directory. An empty one, such as that of a variable
// that is not set, must not select the demonstration in memory.
type stateDir string

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *stateDir) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("want a directory")
	}
	*d = stateDir(text)
	return nil
}

// production holds the flags of the production form.
//
//nolint:lll // kong reads the help from the tags
type production struct {
	TLSCert      string   `type:"existingfile" placeholder:"FILE" help:"Production: certificate chain in PEM. The service follows its changes."`
	TLSKey       string   `type:"existingfile" placeholder:"FILE" help:"Production: key of the certificate in PEM."`
	TrustedProxy []string `placeholder:"ADDRESS" help:"Production: address or network of a proxy that ends TLS and writes X-Forwarded-For. Can be repeated."`
	Metrics      string   `placeholder:"ADDR" help:"Production: address on which Prometheus reads /metrics, such as 127.0.0.1:9464."`
}

// demonstration holds the flags of the demonstration.
//
//nolint:lll // kong reads the help from the tags
type demonstration struct {
	Card                 string         `default:"127.0.0.1:61232" help:"Address of the sandbox card's client control, a WebSocket server. Empty disables it."`
	StepTimeout          time.Duration  `default:"30m" help:"How long a step waits for its answer."`
	SessionTimeout       time.Duration  `default:"24h" help:"How long a session lives in total."`
	SMSInterval          time.Duration  `default:"1m" help:"Time between two SMS codes."`
	ChecksPerDay         int            `default:"30" help:"Questions to providers per account and day."`
	CardChallengesPerDay int            `default:"50" help:"Challenges for the card per account and day."`
	RepairEvery          time.Duration  `default:"5s" help:"How often repair runs, and the age at which it resends a signal (deployed: every minute, 30 s)."`
	RetentionEvery       time.Duration  `default:"1h" help:"How often to erase persons whose retention has ended, a day after the announcement (deployed: every day)."`
	NotifyEvery          time.Duration  `default:"5s" help:"How often to retry undelivered events and messages (deployed: every minute)."`
	NotifyFirst          time.Duration  `default:"5s" help:"Delay after the first failed attempt to deliver an event. It doubles up to 30 minutes (deployed: 30 s)."`
	TokenTTL             time.Duration  `default:"2h" help:"How long a machine's token lives, and a person's sign-in at most."`
	IdleTimeout          time.Duration  `default:"30m" help:"How long a person's sign-in lasts without a request."`
	AbortAt              []string       `placeholder:"FUNCTION:CALL" help:"Abort one invocation of the function right after its outside call of that number. Can be repeated."`
	Concurrency          map[string]int `placeholder:"FUNCTION=N" help:"Run at most N invocations of the function at the same time, like reserved concurrency, and refuse the rest. Can be repeated."`
	SourcePerMinute      int            `default:"0" help:"Requests a minute of one address on one public route, such as sign-in (deployed: 300); 0 allows any number."`
	Meter                bool           `help:"Count the units that AWS would bill, shown at /sandbox/meter."`
	SecondOpinion        bool           `help:"Ask one more registry if the first finds an element different. Needs two simulators."`

	simulators
}

// isProduction reports which form the flags select.
func (c *serve) isProduction() bool { return c.State != "" && c.Data == "" && !c.Demo }

func (c *serve) options(log *slog.Logger) (server.Options, error) {
	limits := realname.DefaultLimits()
	limits.StepTimeout, limits.SessionTimeout, limits.SMSInterval = c.StepTimeout, c.SessionTimeout, c.SMSInterval
	limits.ChecksPerDay, limits.CardChallengesPerDay = c.ChecksPerDay, c.CardChallengesPerDay
	o := server.Options{
		Data: data.Demo(), Limits: limits, TokenTTL: c.TokenTTL, IdleTimeout: c.IdleTimeout,
		RepairEvery: c.RepairEvery, RetentionEvery: c.RetentionEvery, NotifyEvery: c.NotifyEvery,
		NotifyFirst: c.NotifyFirst, CORSOrigins: c.CORSOrigin,
		Rate: c.Rate, Burst: c.Burst, SourcePerMinute: c.SourcePerMinute, Concurrency: c.Concurrency, Log: log,
	}
	if c.Meter {
		o.Meter = meter.New()
	}
	o.Simulators, o.SecondOpinion = c.given(), c.SecondOpinion
	if c.Data != "" {
		o.Data = os.DirFS(c.Data)
	}
	if err := c.pages(&o); err != nil {
		return o, err
	}
	for _, text := range c.AbortAt {
		a, err := faults.ParseAbort(text)
		if err != nil {
			return o, fmt.Errorf("--abort-at: %w", err)
		}
		o.Aborts = append(o.Aborts, a)
	}
	return o, nil
}

// pages selects the built pages.
func (c *serve) pages(o *server.Options) error {
	if pages, ok := web.Pages(); ok {
		o.Web = pages
	}
	if c.Web == "" {
		return nil
	}
	o.Web = os.DirFS(c.Web)
	if _, err := fs.Stat(o.Web, "index.html"); err != nil {
		return fmt.Errorf("--web: %w", err)
	}
	return nil
}

// Run serves until the context ends.
func (c *serve) Run(ctx context.Context) error {
	defer raiseHeapFloor()()
	defer c.runDuringWrites()()
	if c.isProduction() {
		return c.runProduction(ctx)
	}
	return c.runDemonstration(ctx)
}

func (c *serve) runDemonstration(ctx context.Context) (err error) {
	begin := time.Now()
	o, err := c.options(build.Stamp(slog.New(requestid.Handler(slog.NewJSONHandler(os.Stderr, nil)))))
	if err != nil {
		return err
	}
	k, err := c.start(state.Demonstration)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.close()) }()
	k.into(&o)
	s, err := server.New(ctx, o)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	if err := s.Announce(ctx, "http://"+loopback(listener.Addr())); err != nil {
		return err
	}
	if err := k.control(ctx, s, o.Log); err != nil {
		return err
	}
	card := c.serveCard(ctx, s)
	c.greet(os.Stdout, s, card, listener.Addr().String(), time.Since(begin))
	return running{
		server: s, listener: listener, handler: named(s, listener.Addr()), grace: 5 * time.Second, log: o.Log,
	}.until(ctx)
}

// loopback is the address at which this process reaches its own listener.
func loopback(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return a.String()
}

// named refuses requests with a foreign host name if the server listens only on
// this machine. Otherwise another site could point its own name here (DNS
// rebinding) and read the sandbox as its own pages.
func named(next http.Handler, at net.Addr) http.Handler {
	if tcp, ok := at.(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return next // other machines may use any name for it
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := (&url.URL{Host: r.Host}).Hostname()
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "host name: want 127.0.0.1 or localhost", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// greet prints the addresses of the service and the accounts that can sign in.
func (c *serve) greet(w io.Writer, s *server.Server, card, addr string, took time.Duration) {
	fmt.Fprintf(w, "realname 企业实名认证 is ready at http://%s (%d ms)\n", addr, took.Milliseconds())
	fmt.Fprintf(w, "  API documentation http://%s/docs\n", addr)
	if _, built := web.Pages(); !built && c.Web == "" {
		fmt.Fprintln(w, "  This program has no pages: make bin/realname builds both.")
	}
	fmt.Fprintf(w, "  Machine client for /v1/oauth/token: %s, secret %s\n", server.SandboxClient,
		server.SandboxClientSecret)
	fmt.Fprintf(w, "  Events as the platform's webhook receives them http://%s/sandbox/receiver\n", addr)
	for _, warning := range s.Warnings {
		fmt.Fprintf(w, "  Warning: %s\n", warning)
	}
	fmt.Fprintln(w, card)
	if c.State == "" {
		fmt.Fprintln(w, "  For development and demonstration only: all data is in memory and lost on exit.")
	} else {
		fmt.Fprintf(w, "  For development and demonstration only. Everything is kept in %s: the next start goes on.\n",
			c.State)
	}
	if c.Data != "" {
		fmt.Fprintf(w, "  %d accounts from %s\n", len(s.Accounts), c.Data)
		return
	}
	fmt.Fprintln(w, "\nAccounts (all fictitious; docs/demonstration.md describes each):")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  login name\tpassword\torigin\tenterprise")
	for _, a := range s.Accounts {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", a.LoginName, a.Password, a.Origin, a.Enterprise.Name)
	}
	_ = t.Flush() // a closed terminal needs no greeting
}
