// Package baidu checks enterprises and ID cards with Baidu AI Cloud (百度智能云). Retries,
// breakers and rate limits are the task of the caller.
package baidu

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"time"

	"realname/shared/provider"
	"realname/shared/provider/baidu/resultcode"
	"realname/shared/provider/credential"
	"realname/shared/provider/exchange"
	"realname/shared/realname"
	"realname/shared/telemetry/trace"
)

// Name is the name of this provider in evidence and configuration.
const Name = "baidu"

// Config holds the settings for Baidu AI Cloud.
type Config struct {
	// Endpoint is the scheme and the host of every API if a simulator or a proxy
	// replaces aip.baidubce.com; nil means that host.
	Endpoint *url.URL
	// Credentials are read when a token is issued, and again if Baidu refuses it.
	Credentials credential.Source[Credentials]
	Now         func() time.Time
	Trace       *trace.Tracer // may be nil
}

// Credentials are the keys of an application (应用的 API Key 和 Secret Key).
type Credentials struct{ APIKey, SecretKey string }

// ParseCredentials parses the secret's JSON: apiKey and secretKey.
func ParseCredentials(secret []byte) (Credentials, error) {
	var c Credentials
	if json.Unmarshal(secret, &c) != nil { // its error can hold a part of the secret
		return Credentials{}, errors.New("secret: want a JSON object with apiKey and secretKey")
	}
	if c.APIKey == "" || c.SecretKey == "" {
		return Credentials{}, errors.New("secret: apiKey or secretKey is missing")
	}
	return c, nil
}

// Client implements the checks of enterprises and ID cards.
type Client struct {
	config Config
	http   *exchange.Client
	token  token
}

// New returns a client; the first use makes a connection and gets a token.
func New(c Config) *Client {
	operation := func(r *http.Request) string { return path.Base(r.URL.Path) }
	return &Client{config: c, http: exchange.New(Name, c.Trace, operation)}
}

// api identifies one API of Baidu.
type api struct{ path, contentType string }

var (
	verifyEnterprise = api{"/rest/2.0/ocr/v1/four_factors_verification", formType}
	checkIDCard      = api{"/rest/2.0/face/v4/idmatch_date", jsonType}
)

func (a api) name() string { return path.Base(a.path) }

// call sends one request with the kept token, and once more with a new one if Baidu
// refuses it. It returns the request's log_id.
// Errors: *provider.Failure, whose text holds nothing of the request.
func (c *Client) call(ctx context.Context, a api, body []byte, out any) (logID string, err error) {
	text, err := c.accessToken(ctx, "")
	if err != nil {
		return "", err
	}
	logID, code, err := c.send(ctx, a, text, body, out)
	if !resultcode.Error(code).Token {
		return logID, err
	}
	renewed, rerr := c.accessToken(ctx, text)
	if rerr != nil || renewed == text {
		return logID, err
	}
	logID, _, err = c.send(ctx, a, renewed, body, out)
	return logID, err
}

func (c *Client) send(
	ctx context.Context, a api, text string, body []byte, out any,
) (logID string, code int, err error) {
	answer, f := c.http.Do(ctx, a.name(), c.post(a.path, url.Values{"access_token": {text}}, a.contentType, body))
	if f != nil {
		return "", 0, f
	}
	var envelope struct {
		LogID     json.RawMessage `json:"log_id"`
		ErrorCode *int            `json:"error_code"`
	}
	if answer.Status != http.StatusOK || json.Unmarshal(answer.Body, &envelope) != nil {
		return "", 0, c.http.Status(a.name(), answer)
	}
	logID = number(envelope.LogID)
	if e := envelope.ErrorCode; e != nil && *e != 0 {
		return logID, *e, c.failure(a, *e, logID)
	}
	if logID == "" || json.Unmarshal(answer.Body, out) != nil {
		return logID, 0, c.http.Failure(a.name(), provider.CodeMalformed, logID)
	}
	return logID, 0, nil
}

// number returns the digits of a log_id, which is a number or a text.
func number(raw json.RawMessage) string {
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return ""
}

func (c *Client) failure(a api, code int, logID string) *provider.Failure {
	m := resultcode.Error(code)
	f := c.http.Failure(a.name(), strconv.Itoa(code), logID)
	f.NoEffect, f.Throttled, f.RetryAfter = m.NoEffect, m.Outcome == realname.Limited, m.RetryAfter
	if m.Tomorrow {
		f.RetryAfter = realname.UntilTomorrow(c.config.Now())
	}
	return f
}
