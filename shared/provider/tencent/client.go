// Package tencent checks enterprises, ID cards and bank cards, and sends SMS codes,
// with Tencent Cloud. The SDK's generic client signs the requests (TC3-HMAC-SHA256).
// Retries, breakers and rate limits are the task of the caller.
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

// Name is the name of this provider in evidence and configuration.
const Name = "tencent"

// Config holds the settings for Tencent Cloud.
type Config struct {
	Region string // X-TC-Region; the checks run in any, SMS in ap-guangzhou, ap-beijing and ap-nanjing
	// Endpoint is the scheme and the host of every API if a simulator or a proxy
	// replaces Tencent Cloud; nil means <service>.tencentcloudapi.com.
	Endpoint *url.URL
	SMS      SMSConfig
	// Credentials are read for each call, and again if Tencent Cloud refuses them.
	Credentials Source
	Now         func() time.Time
	Trace       *trace.Tracer // may be nil
}

// Client implements every check of the domain.
type Client struct {
	config    Config
	transport func() http.RoundTripper
}

// New returns a client; the first use makes a connection.
func New(c Config) *Client {
	return &Client{config: c, transport: sync.OnceValue(func() http.RoundTripper { return newTransport(c.Trace) })}
}

// api identifies one API of Tencent Cloud.
type api struct{ service, version, action string }

var (
	verifyEnterprise = api{"ocr", "2018-11-19", "VerifyBizLicenseEnterprise4"}
	checkIDCard      = api{"faceid", "2018-03-01", "CheckIdNameDate"}
	verifyBankCard   = api{"faceid", "2018-03-01", "BankCard4EVerification"}
	sendSMS          = api{"sms", "2021-01-11", "SendSms"}
)

// builder makes the parameters of a request.
type builder func(Credentials) (map[string]any, error)

// call sends one request and decodes the answer's Response. If Tencent Cloud refuses
// the credentials, call reads them once more, since they may have been rotated.
// Errors: *provider.Failure, whose text holds nothing of the request.
func (c *Client) call(ctx context.Context, a api, build builder, out any) (requestID string, err error) {
	k, err := c.config.Credentials.Get(ctx, false)
	if err != nil {
		return "", &provider.Failure{
			Provider: Name, API: a.action, Code: provider.CodeCredentials, NoEffect: true, Transport: err,
		}
	}
	requestID, err = c.send(ctx, a, k, build, out)
	if !refusesCredentials(err) {
		return requestID, err
	}
	rotated, rerr := c.config.Credentials.Get(ctx, true)
	unchanged := rotated.SecretID == k.SecretID && rotated.SecretKey == k.SecretKey && rotated.Token == k.Token
	if rerr != nil || unchanged {
		return requestID, err
	}
	return c.send(ctx, a, rotated, build, out)
}

func (c *Client) send(ctx context.Context, a api, k Credentials, build builder, out any) (string, error) {
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
	err = errors.Join(json.Unmarshal(response.raw, &envelope), json.Unmarshal(response.raw, &body))
	if err != nil || envelope.Response.RequestID == "" {
		return envelope.Response.RequestID, malformed(a, envelope.Response.RequestID)
	}
	return envelope.Response.RequestID, nil
}

// client returns the SDK's client for one call. The SDK's retries, logging and
// change of region stay off. The context sets the deadlines.
func (c *Client) client(k Credentials) *common.Client {
	p := profile.NewClientProfile()
	if e := c.config.Endpoint; e != nil {
		p.HttpProfile.Scheme, p.HttpProfile.Endpoint = e.Scheme, e.Host
	}
	credential := common.NewTokenCredential(k.SecretID, k.SecretKey, k.Token)
	return common.NewCommonClient(credential, c.config.Region, p).WithHttpTransport(c.transport())
}

// answer keeps the bytes of a successful response.
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

// refusesCredentials reports whether Tencent Cloud refused the request's signature
// or key. Such a request has no effect.
func refusesCredentials(err error) bool {
	var f *provider.Failure
	return errors.As(err, &f) && provider.IsCode(f.Code, "AuthFailure")
}

// failure converts an error of the SDK. The SDK's text can hold the answer's body,
// so failure keeps only the code and the request ID.
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
	case provider.IsCode(sdk.Code, "ClientError"):
		f.Code = provider.CodeMalformed
		if ctx.Err() != nil { // the deadline passed during the answer
			f.Code = provider.CodeTimeout
		}
	default:
		classify(f, sdk.Code, now)
	}
	return f
}

// notSent reports whether there was no connection, so that nothing was sent.
func notSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
