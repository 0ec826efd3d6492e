// Package aliyun checks enterprises, ID cards and bank cards, and sends SMS codes, with
// Alibaba Cloud (阿里云). It signs requests itself (docs/decisions/0059). Retries,
// breakers and rate limits are the task of the caller.
package aliyun

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"realname/shared/provider"
	"realname/shared/provider/credential"
	"realname/shared/provider/exchange"
	"realname/shared/telemetry/trace"
)

// Name is the name of this provider in evidence and configuration.
const Name = "aliyun"

// Config holds the settings for Alibaba Cloud.
type Config struct {
	// Endpoint is the scheme and the host of every API if a simulator or a proxy
	// replaces Alibaba Cloud; nil means <service>.aliyuncs.com.
	Endpoint *url.URL
	SMS      SMSConfig
	// Credentials are read for each call, and again if Alibaba Cloud refuses them.
	Credentials credential.Source[Credentials]
	Now         func() time.Time
	// NewID returns a text that no other request has: the nonce of the signature, and
	// the identifier of an enterprise check.
	NewID func() string
	Trace *trace.Tracer // may be nil
}

// Credentials are an access key (访问密钥).
type Credentials struct {
	AccessKeyID, AccessKeySecret string
	Token                        string // of temporary credentials
}

// ParseCredentials parses the secret's JSON: accessKeyId, accessKeySecret, and
// optionally token.
func ParseCredentials(secret []byte) (Credentials, error) {
	var c Credentials
	if json.Unmarshal(secret, &c) != nil { // its error can hold a part of the secret
		return Credentials{}, errors.New("secret: want a JSON object with accessKeyId and accessKeySecret")
	}
	if c.AccessKeyID == "" || c.AccessKeySecret == "" {
		return Credentials{}, errors.New("secret: accessKeyId or accessKeySecret is missing")
	}
	return c, nil
}

// Client implements every check of the domain.
type Client struct {
	config Config
	http   *exchange.Client
}

// New returns a client; the first use makes a connection.
func New(c Config) *Client {
	operation := func(r *http.Request) string { return r.Header.Get("x-acs-action") }
	return &Client{c, exchange.New(Name, c.Trace, operation)}
}

// api identifies one API of Alibaba Cloud. Where the parameters stand follows the
// official SDK.
type api struct {
	service, version, action string
	inBody                   bool // the parameters stand in the body, not in the query
}

var (
	verifyEnterprise = api{"cloudauth", "2022-11-25", "EntElementVerifyV2", false}
	checkIDCard      = api{"cloudauth", "2019-03-07", "Id2MetaPeriodVerify", true}
	verifyBankCard   = api{"cloudauth", "2019-03-07", "BankMetaVerify", false}
	sendSMS          = api{"dysmsapi", "2017-05-25", "SendSms", false}
)

// codes are the codes that an answer holds beside its result.
type codes struct {
	Code      string
	RequestID string `json:"RequestId"`
}

// call sends one request and decodes the answer. If Alibaba Cloud refuses the
// credentials, call reads them once more, since they may have been rotated.
// Errors: *provider.Failure, whose text holds nothing of the request.
func (c *Client) call(ctx context.Context, a api, params map[string]string, out any) (codes, error) {
	k, err := c.config.Credentials.Get(ctx, false)
	if err != nil {
		return codes{}, &provider.Failure{
			Provider: Name, API: a.action, Code: provider.CodeCredentials, NoEffect: true, Transport: err,
		}
	}
	got, err := c.send(ctx, a, k, params, out)
	var f *provider.Failure
	if !errors.As(err, &f) || !refusesCredentials(f.Code) {
		return got, err
	}
	rotated, rerr := c.config.Credentials.Get(ctx, true)
	if rerr != nil || rotated == k {
		return got, err
	}
	return c.send(ctx, a, rotated, params, out)
}

func (c *Client) send(
	ctx context.Context, a api, k Credentials, params map[string]string, out any,
) (codes, error) {
	r := c.request(a, k, params)
	answer, f := c.http.Do(ctx, a.action, r)
	if f != nil {
		return codes{}, f
	}
	var got codes
	if json.Unmarshal(answer.Body, &got) != nil || got.Code == "" || got.RequestID == "" {
		return codes{}, c.http.Status(a.action, answer)
	}
	if answer.Status != http.StatusOK {
		f := c.http.Failure(a.action, got.Code, got.RequestID)
		classify(f, c.config.Now())
		return got, f
	}
	if json.Unmarshal(answer.Body, out) != nil {
		return got, c.http.Failure(a.action, provider.CodeMalformed, got.RequestID)
	}
	return got, nil
}

// request returns a signed request.
func (c *Client) request(a api, k Credentials, params map[string]string) *http.Request {
	values := url.Values{}
	for name, value := range params {
		values.Set(name, value)
	}
	u := url.URL{Scheme: "https", Host: a.service + ".aliyuncs.com", Path: "/"}
	if e := c.config.Endpoint; e != nil {
		u.Scheme, u.Host = e.Scheme, e.Host
	}
	var body []byte
	header := http.Header{}
	if a.inBody {
		body = []byte(values.Encode())
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else {
		u.RawQuery = canonicalQuery(values)
	}
	r := &http.Request{
		Method: http.MethodPost, URL: &u, Host: u.Host, Header: header,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
	sign(r, k, a, body, c.config.Now(), c.config.NewID())
	return r
}
