// Package tencent checks enterprises, ID cards and bank cards and sends SMS codes
// with Tencent Cloud. The SDK's generic client signs the requests
// (TC3-HMAC-SHA256); retries, breakers and rate limits are the caller's.
package tencent

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerr "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"realname/shared/provider"
	"realname/shared/telemetry/trace"
)

// Name is how evidence and configuration call this provider.
const Name = "tencent"

// Config says how Tencent Cloud is reached.
type Config struct {
	Region string // X-TC-Region; the checks run in any, SMS in ap-guangzhou, ap-beijing and ap-nanjing
	// Endpoint is scheme and host of every API, where a simulator or a proxy
	// stands in for Tencent Cloud; nil is <service>.tencentcloudapi.com.
	Endpoint *url.URL
	SMS      SMSConfig
	// Credentials are read for each call and read anew when they are refused.
	Credentials Source
	Now         func() time.Time
	Trace       *trace.Tracer // may be nil
}

// Client implements every check of the domain.
type Client struct {
	config    Config
	transport func() http.RoundTripper
}

// New returns a client; connections are made on first use.
func New(c Config) *Client {
	return &Client{config: c, transport: sync.OnceValue(func() http.RoundTripper { return newTransport(c.Trace) })}
}

// api names one interface of Tencent Cloud.
type api struct{ service, version, action string }

var (
	verifyEnterprise = api{"ocr", "2018-11-19", "VerifyBizLicenseEnterprise4"}
	checkIDCard      = api{"faceid", "2018-03-01", "CheckIdNameDate"}
	verifyBankCard   = api{"faceid", "2018-03-01", "BankCard4EVerification"}
	sendSMS          = api{"sms", "2021-01-11", "SendSms"}
)

// call sends one request and decodes the answer's Response. Credentials that are
// refused are read anew, once, since they may have been rotated.
// Errors: *provider.Failure, whose text holds nothing of the request.
func (c *Client) call(ctx context.Context, a api, build func(Credentials) (map[string]any, error), out any) (requestID string, err error) {
	k, err := c.config.Credentials.Get(ctx, false)
	if err != nil {
		return "", &provider.Failure{Provider: Name, API: a.action, Code: provider.CodeCredentials, NoEffect: true, Transport: err}
	}
	requestID, err = c.send(ctx, a, k, build, out)
	if !refusesCredentials(err) {
		return requestID, err
	}
	rotated, rerr := c.config.Credentials.Get(ctx, true)
	if rerr != nil || rotated.SecretID == k.SecretID && rotated.SecretKey == k.SecretKey && rotated.Token == k.Token {
		return requestID, err
	}
	return c.send(ctx, a, rotated, build, out)
}

func (c *Client) send(ctx context.Context, a api, k Credentials, build func(Credentials) (map[string]any, error), out any) (string, error) {
	params, err := build(k)
	if err != nil {
		return "", err
	}
	request := tchttp.NewCommonRequest(a.service, a.version, a.action)
	if err := request.SetActionParameters(params); err != nil {
		return "", &provider.Failure{Provider: Name, API: a.action, Code: provider.CodeMalformed, NoEffect: true}
	}
	seen := &exchange{}
	request.SetContext(context.WithValue(ctx, exchangeKey{}, seen))
	response := &answer{BaseResponse: &tchttp.BaseResponse{}}
	if err := c.client(k).Send(request, response); err != nil {
		return "", failure(ctx, a, err, seen, c.config.Now())
	}
	var envelope struct {
		Response struct{ RequestID string }
	}
	body := struct{ Response any }{out}
	if json.Unmarshal(response.raw, &envelope) != nil || json.Unmarshal(response.raw, &body) != nil || envelope.Response.RequestID == "" {
		return envelope.Response.RequestID, malformed(a, envelope.Response.RequestID)
	}
	return envelope.Response.RequestID, nil
}

// client makes the SDK's client for one call. Its own retries, its logging and
// its change of region stay off; deadlines are the context's.
func (c *Client) client(k Credentials) *common.Client {
	p := profile.NewClientProfile()
	if e := c.config.Endpoint; e != nil {
		p.HttpProfile.Scheme, p.HttpProfile.Endpoint = e.Scheme, e.Host
	}
	return common.NewCommonClient(common.NewTokenCredential(k.SecretID, k.SecretKey, k.Token), c.config.Region, p).WithHttpTransport(c.transport())
}

// answer keeps a successful response as it came.
type answer struct {
	*tchttp.BaseResponse
	raw []byte
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *answer) UnmarshalJSON(data []byte) error {
	a.raw = append([]byte(nil), data...)
	return nil
}

func malformed(a api, requestID string) error {
	return &provider.Failure{Provider: Name, API: a.action, Code: provider.CodeMalformed, RequestID: requestID}
}

// refusesCredentials reports whether the request was refused for its signature
// or its key, before anything was done.
func refusesCredentials(err error) bool {
	var f *provider.Failure
	return errors.As(err, &f) && isCode(f.Code, "AuthFailure")
}

// failure tells what an error of the SDK means. The SDK's text can hold the
// answer's body, so nothing of it is kept but code and request ID.
func failure(ctx context.Context, a api, err error, seen *exchange, now time.Time) error {
	f := &provider.Failure{Provider: Name, API: a.action, Code: provider.CodeUnreachable}
	var sdk *tcerr.TencentCloudSDKError
	if !errors.As(err, &sdk) {
		return f
	}
	f.RequestID = sdk.RequestId
	switch {
	case seen.err != nil:
		f.NoEffect = notSent(seen.err)
		if ctx.Err() != nil || isTimeout(seen.err) {
			f.Code = provider.CodeTimeout
		}
	case seen.status != http.StatusOK && seen.status != 0:
		f.Code = "http_" + strconv.Itoa(seen.status)
	case isCode(sdk.Code, "ClientError"):
		f.Code = provider.CodeMalformed
		if ctx.Err() != nil { // the deadline came in the middle of the answer
			f.Code = provider.CodeTimeout
		}
	default:
		classify(f, sdk.Code, now)
	}
	return f
}

// notSent reports whether no connection was made, so that nothing was sent.
func notSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
