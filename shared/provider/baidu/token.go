package baidu

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"realname/shared/provider"
)

const (
	// tokenMargin is how long before its end a token is renewed.
	tokenMargin = time.Hour
	// tokenPause is the least time between two renewals that refused tokens cause.
	tokenPause = 10 * time.Second
	// renewPause is the least time between two failed renewals of a token that still works.
	renewPause = time.Minute
)

// token is the access token of an application, which Baidu issues for 30 days.
type token struct {
	mu    sync.Mutex
	text  string
	since time.Time
	renew time.Time // tokenMargin before the end, or later after a failed renewal
	end   time.Time
	key   Credentials // the key that it was issued for
}

// accessToken returns the kept token, or a new one if it ends soon, the key has changed,
// or Baidu has refused the token with this text. If Baidu issues none, a token that only
// ends soon stays in use, and checks do not wait for an issuer that is away.
func (c *Client) accessToken(ctx context.Context, refused string) (string, error) {
	k, err := c.config.Credentials.Get(ctx, refused != "")
	if err != nil {
		return "", &provider.Failure{
			Provider: Name, API: tokenAPI, Code: provider.CodeCredentials, NoEffect: true, Transport: err,
		}
	}
	t := &c.token
	t.mu.Lock()
	defer t.mu.Unlock()
	now := c.config.Now()
	usable := t.text != "" && t.key == k && now.Before(t.end) && (t.text != refused || now.Sub(t.since) < tokenPause)
	if usable && now.Before(t.renew) {
		return t.text, nil
	}
	text, life, err := c.issue(ctx, k)
	if err != nil && usable {
		t.renew = now.Add(renewPause)
		return t.text, nil
	}
	if err != nil {
		return "", err
	}
	t.text, t.key, t.since = text, k, now
	t.renew, t.end = now.Add(max(life-tokenMargin, life/2)), now.Add(life)
	return text, nil
}

const tokenAPI = "oauth/2.0/token"

// issue asks for an access token. Its parameters stand in the body, so that the secret
// key is in no address.
func (c *Client) issue(ctx context.Context, k Credentials) (text string, life time.Duration, err error) {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {k.APIKey}, "client_secret": {k.SecretKey},
	}
	answer, f := c.http.Do(ctx, tokenAPI, c.post("/"+tokenAPI, nil, formType, []byte(form.Encode())))
	if f != nil {
		f.NoEffect = true // no query was sent
		return "", 0, f
	}
	var out struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
		Error       string
		Description string `json:"error_description"`
	}
	if json.Unmarshal(answer.Body, &out) != nil || out.Error == "" && (out.AccessToken == "" || out.ExpiresIn <= 0) {
		f := c.http.Status(tokenAPI, answer)
		f.NoEffect = true
		return "", 0, f
	}
	if out.Error != "" {
		code := out.Error
		if strings.Contains(strings.ToLower(out.Description), "unknown client") {
			code += ".unknown_client_id"
		}
		f := c.http.Failure(tokenAPI, code, "")
		f.NoEffect, f.RetryAfter = true, time.Minute
		return "", 0, f
	}
	return out.AccessToken, time.Duration(out.ExpiresIn) * time.Second, nil
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// post returns a request.
func (c *Client) post(path string, query url.Values, contentType string, body []byte) *http.Request {
	u := url.URL{Scheme: "https", Host: "aip.baidubce.com", Path: path, RawQuery: query.Encode()}
	if e := c.config.Endpoint; e != nil {
		u.Scheme, u.Host = e.Scheme, e.Host
	}
	return &http.Request{
		Method: http.MethodPost, URL: &u, Host: u.Host, Header: http.Header{"Content-Type": {contentType}},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
}
