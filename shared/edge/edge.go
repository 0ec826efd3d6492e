// Package edge is what a function knows of the network before it: whether a request
// came through CloudFront, and the address from which it was sent.
//
// CloudFront adds a secret header to each request that it sends to the API, in place
// of one that the viewer sent (CloudFront Developer Guide, "Add custom headers to
// origin requests"). The API's own address answers nothing without it.
package edge

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"realname/shared/provider/credential"
)

// Header is the secret header, as the gateway's events write it.
const Header = "realname-origin"

// Slots are the two places of the secret. The functions accept the values of both, and
// CloudFront sends that of one, so either can be replaced while the other is in use.
var Slots = []string{"a", "b"}

// secretLife is how long a process keeps the secret before it reads it again.
const secretLife = 5 * time.Minute

// secretPause is how long it waits after a failed read.
const secretPause = 10 * time.Second

// Gate lets requests in that came through CloudFront. A nil Gate lets in every request.
type Gate struct{ values credential.Source[[]string] }

// NewGate returns a gate. load returns the secret: a JSON object with the value of each
// slot. If it fails later, the values that were read before stay in use.
func NewGate(load func(context.Context) ([]byte, error), now func() time.Time, log *slog.Logger) *Gate {
	return &Gate{&credential.Cached[[]string]{
		Load: load, Parse: parse, TTL: secretLife, Pause: secretPause, Now: now, Log: log,
	}}
}

// Function is a function of an HTTP API.
type Function = func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Guard refuses the requests that did not come through CloudFront, like the gateway
// itself, and gives the others the address of their viewer. If the secret cannot be
// read, the invocation fails.
func (g *Gate) Guard(f Function) Function {
	if g == nil {
		return f
	}
	return func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		ok, err := g.Passes(ctx, e.Headers[Header])
		if err != nil {
			return events.APIGatewayV2HTTPResponse{}, err
		}
		if !ok {
			return events.APIGatewayV2HTTPResponse{
				StatusCode: http.StatusForbidden, Body: `{"message":"Forbidden"}`,
				Headers: map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store"},
			}, nil
		}
		delete(e.Headers, Header) // the handler does not need it
		e.RequestContext.HTTP.SourceIP = viewer(e.RequestContext.HTTP.SourceIP, e.Headers["x-forwarded-for"])
		return f(ctx, e)
	}
}

// viewer returns the address from which CloudFront got the request. CloudFront adds it
// at the end of X-Forwarded-For (CloudFront Developer Guide, "Request and response
// behavior for custom origins", client IP addresses), so the viewer can write only what
// comes before. The gateway may add the address of its own connection, which is
// CloudFront's ($context.identity.sourceIp in the API Gateway Developer Guide).
func viewer(connection, forwarded string) string {
	hops := strings.Split(forwarded, ",")
	last := strings.TrimSpace(hops[len(hops)-1])
	if last == connection && len(hops) > 1 {
		last = strings.TrimSpace(hops[len(hops)-2])
	}
	if last == "" {
		return connection
	}
	return last
}

// Passes reports whether the value of the header is that of a slot. The time that it
// takes tells nothing of the values.
func (g *Gate) Passes(ctx context.Context, value string) (bool, error) {
	if g == nil {
		return true, nil
	}
	values, err := g.values.Get(ctx, false)
	if err != nil {
		return false, err
	}
	same := 0
	for _, v := range values {
		same |= subtle.ConstantTimeCompare([]byte(v), []byte(value))
	}
	return same == 1, nil
}

// parse reads the values of the slots. A slot may be empty.
func parse(raw []byte) ([]string, error) {
	var slots map[string]string
	if json.Unmarshal(raw, &slots) != nil { // its error can hold a part of the secret
		return nil, errors.New("origin secret: want a JSON object of texts")
	}
	var values []string
	for _, slot := range Slots {
		if v := slots[slot]; v != "" {
			values = append(values, v)
		}
	}
	if values == nil {
		return nil, errors.New("origin secret: want a value in a or b")
	}
	return values, nil
}

// Replace returns the secret with another value in the slot that CloudFront does not
// send.
func Replace(raw []byte, sent, value string) (renewed []byte, slot string, err error) {
	if _, err := parse(raw); err != nil {
		return nil, "", err
	}
	var slots map[string]string
	if err := json.Unmarshal(raw, &slots); err != nil {
		return nil, "", errors.New("origin secret: want a JSON object of texts")
	}
	if slots[sent] == "" {
		return nil, "", errors.New("origin secret: the slot " + sent + " is empty, so CloudFront cannot send it")
	}
	slot = Slots[0]
	if sent == slot {
		slot = Slots[1]
	}
	slots[slot] = value
	renewed, err = json.Marshal(slots)
	return renewed, slot, err
}
