package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/core"

	"realname/shared/realname"
	"realname/shared/telemetry/requestid"
)

// Names of the fields that the authorizer passes to functions.
const (
	AccountIDField = "accountId"
	USCCField      = "uscc"
	SignInIDField  = "signInId"
	IssuedAtField  = "issuedAtMs"
	ExpiresAtField = "expiresAtMs"
	ClientIDField  = "clientId"
	ScopeField     = "scope"
)

// Handler writes the response to a request, or returns the error to respond with.
type Handler func(w http.ResponseWriter, r *http.Request) error

// API turns handlers into an http.Handler.
type API struct {
	Log *slog.Logger
	Now func() time.Time
	// Sources limits the requests of each address; nil limits none.
	Sources Sources
}

// Sources spends one request of an address on a route, which allows it times its
// requests per minute. wait is 0 if the request may proceed.
type Sources interface {
	Take(ctx context.Context, route, address string, times int) (wait time.Duration, err error)
}

// Limited refuses the requests of an address that sends too many on the handler's route.
func (a API) Limited(times int, h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		wait, err := a.Take(r, times)
		if err != nil {
			return err
		}
		if wait > 0 {
			return &realname.Error{Code: realname.CodeRateLimited, RetryAfter: wait}
		}
		return h(w, r)
	}
}

// Take spends one request of the caller's address. wait is 0 if the request may proceed.
func (a API) Take(r *http.Request, times int) (wait time.Duration, err error) {
	if a.Sources == nil {
		return 0, nil
	}
	return a.Sources.Take(r.Context(), r.Pattern, r.RemoteAddr, times)
}

// Handle runs the handler and writes the problem of its error, if any. It logs one
// line with route, status, code and duration, and nothing that a user typed.
func (a API) Handle(route string, h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := a.Now()
		id := requestid.Of(r.Context())
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		rec.Header().Set("X-Request-Id", id)
		rec.Header().Set("Cache-Control", "no-store")
		rec.Header().Set("X-Content-Type-Options", "nosniff")
		rec.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'") // should a browser show it
		err := h(rec, r)
		if err != nil {
			WriteProblem(rec, r, err)
		}
		level := slog.LevelInfo
		attrs := []slog.Attr{
			slog.String(requestid.Key, id), slog.String("route", route), slog.Int("status", rec.status),
			slog.Int64("ms", a.Now().Sub(start).Milliseconds()),
		}
		if err != nil {
			attrs = append(attrs, slog.String("code", string(problemCode(err))))
		}
		if rec.status >= http.StatusInternalServerError {
			level = slog.LevelError
			attrs = append(attrs, slog.String("error", err.Error()))
		}
		a.Log.LogAttrs(r.Context(), level, "request", attrs...)
	})
}

// recorder stores the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Caller returns the caller that the authorizer found in the token.
// Errors: realname.CodeTokenRevoked if the gateway passed no caller, or the token
// expired after the authorizer saw it; realname.CodeScope for a machine's token.
func Caller(ctx context.Context) (realname.Caller, error) {
	e, ok := core.GetAPIGatewayV2ContextFromContext(ctx)
	if !ok || e.Authorizer == nil {
		return realname.Caller{}, &realname.Error{Code: realname.CodeTokenRevoked}
	}
	if client, _ := e.Authorizer.Lambda[ClientIDField].(string); client != "" && !expired(e) {
		return realname.Caller{}, &realname.Error{Code: realname.CodeScope}
	}
	id, _ := e.Authorizer.Lambda[AccountIDField].(string)
	uscc, _ := e.Authorizer.Lambda[USCCField].(string)
	signIn, _ := e.Authorizer.Lambda[SignInIDField].(string)
	text, _ := e.Authorizer.Lambda[IssuedAtField].(string)
	ms, err := strconv.ParseInt(text, 10, 64)
	if id == "" || err != nil || expired(e) {
		return realname.Caller{}, &realname.Error{Code: realname.CodeTokenRevoked}
	}
	return realname.Caller{AccountID: id, USCC: uscc, SignInID: signIn, IssuedAt: time.UnixMilli(ms)}, nil
}

// expired reports whether the token had expired when the request arrived. The
// gateway caches the authorizer's answer and may use it after the token's expiry.
func expired(e events.APIGatewayV2HTTPRequestContext) bool {
	text, _ := e.Authorizer.Lambda[ExpiresAtField].(string)
	ms, err := strconv.ParseInt(text, 10, 64)
	return text != "" && (err != nil || e.TimeEpoch >= ms)
}
