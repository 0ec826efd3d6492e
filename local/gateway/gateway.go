// Package gateway is the HTTP API of the embedded default. It converts each request
// into the event of an API Gateway HTTP API (payload format 2.0), asks the
// Lambda authorizer, calls the function's Lambda handler with the event, and
// converts the answer. Event and answer stay values: their JSON would only be read again
// in the same process. Its own refusals are {"message": …}, like those of API
// Gateway.
package gateway

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

type (
	// Request is the event of a function.
	Request = events.APIGatewayV2HTTPRequest
	// Response is the answer of a function.
	Response = events.APIGatewayV2HTTPResponse
	// Question is the event of the authorizer.
	Question = events.APIGatewayV2CustomAuthorizerV2Request
	// Admission is the answer of the authorizer.
	Admission = events.APIGatewayV2CustomAuthorizerSimpleResponse
)

// Route maps a method and a path to a function.
type Route struct {
	Method, Path string // Path as OpenAPI writes it, /v1/sessions/{id}
	Function     string
	Public       bool // served without the authorizer
}

// Config configures a gateway.
type Config struct {
	Routes []Route
	// Authorize calls the function that checks tokens.
	Authorize func(ctx context.Context, q Question) (Admission, error)
	// Invoke calls a function by name.
	Invoke      func(ctx context.Context, function string, e Request) (Response, error)
	NewID       func() string
	Now         func() time.Time
	Log         *slog.Logger
	CORSOrigins []string
	// Rate and Burst throttle all routes together, like those of a stage.
	Rate  float64
	Burst int
	// Shared reports that strangers share the throttle: one address then gets at most a
	// quarter of it.
	Shared bool
	// Answered is called after each answer, with the route's method and path, or "" for
	// a request that matches no route. It may be nil.
	Answered func(route string, status int, took time.Duration)
	// Concurrency limits how many invocations of a function run at the same time, like
	// reserved concurrency. A function that it does not name has no limit.
	Concurrency map[string]int
}

// maxBody is API Gateway's limit. Functions have their own limits.
const maxBody = 10 << 20

// maxPassed is how much of a body reaches a function: more than any accepts, so that it
// refuses a longer one itself. On its way through an event, a body takes up to
// thirty times its size, and all requests share the memory of this process.
const maxPassed = 64 << 10

// timeout is API Gateway's longest integration time.
const timeout = 29 * time.Second

// Gateway serves the routes.
type Gateway struct {
	cfg     Config
	mux     *http.ServeMux
	limiter *rate.Limiter
	sources sources
	cache   authCache
	running map[string]*semaphore.Weighted // by function with a limit
}

// New returns a gateway.
func New(cfg Config) *Gateway {
	g := &Gateway{
		cfg: cfg, mux: http.NewServeMux(), limiter: rate.NewLimiter(rate.Limit(cfg.Rate), cfg.Burst),
		running: map[string]*semaphore.Weighted{},
	}
	for function, most := range cfg.Concurrency {
		g.running[function] = semaphore.NewWeighted(int64(most))
	}
	for _, route := range cfg.Routes {
		g.mux.HandleFunc(route.Method+" "+route.Path, func(w http.ResponseWriter, r *http.Request) { g.serve(w, r, route) })
	}
	return g
}

// ServeHTTP implements http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.cors(w, r) {
		return
	}
	_, pattern := g.mux.Handler(r)
	if g.cfg.Answered != nil {
		began, seen := g.cfg.Now(), &statusWriter{ResponseWriter: w, status: http.StatusOK}
		w = seen
		defer func() { g.cfg.Answered(pattern, seen.status, g.cfg.Now().Sub(began)) }()
	}
	// The mux would serve HEAD by the route of GET and redirect unclean paths. API
	// Gateway matches only the exact method and path.
	if !strings.HasPrefix(pattern, r.Method+" ") || path.Clean(r.URL.Path) != r.URL.Path {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	if g.cfg.Shared && !g.sources.allow(r.RemoteAddr, g.cfg) || !g.limiter.AllowN(g.cfg.Now(), 1) {
		refuse(w, http.StatusTooManyRequests, "Too Many Requests")
		return
	}
	g.mux.ServeHTTP(w, r)
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message}) // the caller is gone if it fails
}

func (g *Gateway) serve(w http.ResponseWriter, r *http.Request, route Route) {
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	body, err := io.ReadAll(io.LimitReader(r.Body, maxPassed))
	rest := int64(0)
	if err == nil {
		rest, err = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "Bad Request")
		return
	}
	if int64(len(body))+rest > maxBody {
		refuse(w, http.StatusRequestEntityTooLarge, "Request Too Long")
		return
	}
	e := g.event(r, route, body)
	if !route.Public {
		identity, status := g.authorize(ctx, e)
		if status != 0 {
			messages := map[int]string{
				http.StatusUnauthorized: "Unauthorized", http.StatusForbidden: "Forbidden",
				http.StatusInternalServerError: "Internal Server Error",
			}
			refuse(w, status, messages[status])
			return
		}
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: identity}
	}
	if limit := g.running[route.Function]; limit != nil {
		if !limit.TryAcquire(1) { // Lambda throttles the invocation: no queue
			refuse(w, http.StatusServiceUnavailable, "Service Unavailable")
			return
		}
		defer limit.Release(1)
	}
	answer, err := g.cfg.Invoke(ctx, route.Function, e)
	if err != nil {
		g.logFailure(ctx, route.Function, e, err)
		refuse(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	write(w, answer)
}

func (g *Gateway) logFailure(ctx context.Context, function string, e Request, err error) {
	g.cfg.Log.LogAttrs(ctx, slog.LevelError, "invocation failed", slog.String("function", function),
		slog.String("requestId", e.RequestContext.RequestID), slog.String("error", err.Error()))
}

func (g *Gateway) event(r *http.Request, route Route, body []byte) Request {
	host := text(r.Host)
	headers := make(map[string]string, len(r.Header)+1)
	headers["host"] = host
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = text(strings.Join(values, ","))
	}
	delete(headers, "cookie")                   // the event has cookies of its own
	ip, _, _ := net.SplitHostPort(r.RemoteAddr) // "" if a test has set none
	now := g.cfg.Now()
	e := Request{
		Version: "2.0", RouteKey: route.Method + " " + route.Path,
		RawPath: r.URL.EscapedPath(), RawQueryString: text(r.URL.RawQuery), Headers: headers, Body: string(body),
		Cookies: cookies(r),
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: route.Method + " " + route.Path, AccountID: "000000000000", APIID: "local", Stage: "$default",
			DomainName: host,
			RequestID:  g.cfg.NewID(), TimeEpoch: now.UnixMilli(), Time: now.UTC().Format("02/Jan/2006:15:04:05 -0700"),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: r.Method, Path: r.URL.EscapedPath(), Protocol: r.Proto, SourceIP: ip, UserAgent: headers["user-agent"],
			},
		},
	}
	if !utf8.Valid(body) {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

// text returns a text as the JSON of an event holds it: UTF-8, with U+FFFD for each byte
// that is not.
func text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// cookies lists the cookies of a request, each as name=value.
func cookies(r *http.Request) []string {
	var all []string
	for _, c := range r.Cookies() {
		all = append(all, c.String())
	}
	return all
}

func write(w http.ResponseWriter, a Response) {
	if a.StatusCode == 0 {
		refuse(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	body := []byte(a.Body)
	if a.IsBase64Encoded {
		body, _ = base64.StdEncoding.DecodeString(a.Body) // made by the adapter
	}
	for name, value := range a.Headers {
		w.Header().Set(name, value)
	}
	for name, values := range a.MultiValueHeaders {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	for _, c := range a.Cookies {
		w.Header().Add("Set-Cookie", c)
	}
	w.WriteHeader(a.StatusCode)
	_, _ = w.Write(body) // the caller is gone if it fails
}

// cors answers preflight requests and adds CORS headers for allowed origins.
func (g *Gateway) cors(w http.ResponseWriter, r *http.Request) (answered bool) {
	origin := r.Header.Get("Origin")
	if origin == "" || !slices.Contains(g.cfg.CORSOrigins, origin) {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Add("Vary", "Origin")
	h.Set("Access-Control-Expose-Headers", "ETag, Location, Retry-After, X-Request-Id")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
	h.Set("Access-Control-Allow-Headers",
		"authorization, content-type, idempotency-key, accept-language, if-match, if-none-match")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}
