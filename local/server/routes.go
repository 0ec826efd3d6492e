package server

import (
	"context"
	"fmt"
	"net/http"
	"sort"
	"strings"

	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"

	"realname/api"
	"realname/api/contract"
	"realname/local/gateway"
	"realname/local/remote"
	"realname/local/sandbox/bank"
	"realname/shared/httpapi"
	"realname/shared/wiring"
)

// openGateway creates the gateway, which has the routes of the contract.
func (s *Server) openGateway() error {
	routes, err := contractRoutes()
	if err != nil {
		return err
	}
	for _, r := range routes {
		if _, ok := s.functions[r.Function].(httpapi.Function); !ok {
			return fmt.Errorf("contract: %s %s: there is no function %q", r.Method, r.Path, r.Function)
		}
	}
	s.gateway = gateway.New(gateway.Config{
		Routes: routes, Authorize: s.authorize, Invoke: s.serve, NewID: wiring.NewID, Now: s.now, Log: s.opts.Log,
		CORSOrigins: s.opts.CORSOrigins, Rate: s.opts.Rate, Burst: s.opts.Burst,
		Shared:      s.sources != nil,
		Concurrency: s.opts.Concurrency,
		Answered:    s.form.answered,
	})
	return nil
}

// routed sends the API's requests to the gateway and all others to next.
func (s *Server) routed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/") { // not by a mux, which redirects paths that are not clean
			s.opts.Meter.Request()
			s.gateway.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// routeMux is a mux that remembers its patterns, so that a test of all routes misses none.
type routeMux struct {
	*http.ServeMux
	patterns []string
}

// Handle is that of http.ServeMux.
func (m *routeMux) Handle(pattern string, h http.Handler) {
	m.patterns = append(m.patterns, pattern)
	m.ServeMux.Handle(pattern, h)
}

// HandleFunc is that of http.ServeMux.
func (m *routeMux) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	m.Handle(pattern, http.HandlerFunc(h))
}

// sandboxRoutes combines the gateway and the sandbox's own routes.
func (s *Server) sandboxRoutes(ctx context.Context) (http.Handler, error) {
	mux, err := s.sandboxMux(ctx)
	if err != nil {
		return nil, err
	}
	// A page of another site must not make faults, answer as the bank or write the
	// table through its visitor's browser.
	own := http.NewCrossOriginProtection()
	for _, origin := range s.opts.CORSOrigins {
		if err := own.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("CORS origin: %w", err)
		}
	}
	return s.routed(own.Handler(mux)), nil
}

// sandboxMux has the sandbox's own routes, the documentation and the pages.
func (s *Server) sandboxMux(ctx context.Context) (*routeMux, error) {
	banks, err := s.sandboxBank(ctx)
	if err != nil {
		return nil, err
	}
	mux := &routeMux{ServeMux: http.NewServeMux()}
	mux.Handle(bank.Path, banks)
	mux.HandleFunc("GET /sandbox/sms", s.lastSMS)
	mux.HandleFunc("GET /sandbox/email", s.lastMail)
	mux.HandleFunc("POST /sandbox/faults", s.setFault)
	mux.HandleFunc("POST /sandbox/aborts", s.addAbort)
	mux.HandleFunc("GET /sandbox/aborts", s.listAborts)
	mux.HandleFunc("DELETE /sandbox/aborts", s.forgetAborts)
	mux.HandleFunc("POST /sandbox/clocks", s.setClock)
	mux.HandleFunc("GET /sandbox/dump", s.dump)
	mux.HandleFunc("GET /sandbox/meter", s.readMeter)
	mux.HandleFunc("GET /sandbox/asked", s.asked)
	mux.HandleFunc("POST "+receiverRoute, s.receiver.Receive)
	mux.HandleFunc("GET "+receiverRoute, s.receiver.Show)
	mux.HandleFunc("POST "+receiverRoute+"/fail", s.failReceiver)
	mux.HandleFunc("POST "+receiverRoute+"/trust", s.trustReceiver)
	mux.HandleFunc("/sandbox/", func(w http.ResponseWriter, _ *http.Request) { // not a page of the wizard
		answer(w, http.StatusNotFound, map[string]string{"message": "Not Found"})
	})
	s.Card.Register(mux)
	remote.Register(mux, remote.Sandbox, s.table, s.keys)
	mux.HandleFunc("GET /openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
		_, _ = w.Write(api.Document) // the caller is gone if it fails
	})
	mux.Handle("/docs/",
		v5emb.NewHandlerWithConfig(swgui.Config{
			Title: "realname API", SwaggerJSON: "/openapi.yaml", BasePath: "/docs/", HideCurl: true,
		}))
	mux.Handle("/docs", http.RedirectHandler("/docs/", http.StatusFound))
	mux.Handle("/", s.pages())
	return mux, nil
}

// contractRoutes reads the routes from the contract, so that the served routes
// always match it.
func contractRoutes() ([]gateway.Route, error) {
	doc, err := contract.Load()
	if err != nil {
		return nil, err
	}
	var routes []gateway.Route
	for p, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			function, _ := op.Extensions["x-function"].(string)
			routes = append(routes, gateway.Route{
				Method: method, Path: p, Function: function, Public: op.Security != nil && len(*op.Security) == 0,
			})
		}
	}
	sort.Slice(routes, func(i, j int) bool {
		return routes[i].Path+routes[i].Method < routes[j].Path+routes[j].Method
	})
	return routes, nil
}
