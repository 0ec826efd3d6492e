// Package awsapi calls AWS services. It has what the functions use of them: signed
// requests with JSON or a form, retries, and errors with their code. The SDK's clients
// take a third of a cold start to prepare what no function needs
// (docs/decisions/0067-functions-call-aws-without-the-sdks-clients.md).
package awsapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Config holds what all clients of a process share.
type Config struct {
	Region      string
	Endpoint    string // in place of AWS's addresses, for emulators
	Credentials func(ctx context.Context) (Credentials, error)
	HTTP        Doer
	Now         func() time.Time
	Wait        func(ctx context.Context, d time.Duration) error
}

// Credentials are those of a role or a user.
type Credentials struct{ AccessKeyID, SecretAccessKey, SessionToken string }

// Doer sends a request.
type Doer interface {
	Do(r *http.Request) (*http.Response, error)
}

// HTTP returns a client over connections that does not follow redirects: AWS sends none,
// and another host must not get a request.
func HTTP(connections http.RoundTripper) *http.Client {
	return &http.Client{Transport: connections, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// Service describes the API of a service.
type Service struct {
	Name   string // in errors and traces
	Host   string // the first label of its address
	Signs  string // its name in signatures
	Path   string // of every request, "/" for most
	Target string // prefix of the header X-Amz-Target, "" for a service without it
	Type   string // of the JSON
}

// The services that functions call, as their API references describe them.
var (
	DynamoDB = Service{
		Name: "DynamoDB", Host: "dynamodb", Signs: "dynamodb", Path: "/", Target: "DynamoDB_20120810.", Type: json10,
	}
	EventBridge = Service{
		Name: "EventBridge", Host: "events", Signs: "events", Path: "/", Target: "AWSEvents.", Type: json11,
	}
	KMS            = Service{Name: "KMS", Host: "kms", Signs: "kms", Path: "/", Target: "TrentService.", Type: json11}
	SecretsManager = Service{
		Name: "Secrets Manager", Host: "secretsmanager", Signs: "secretsmanager", Path: "/",
		Target: "secretsmanager.", Type: json11,
	}
	SES = Service{Name: "SESv2", Host: "email", Signs: "ses", Path: "/v2/email/outbound-emails", Type: "application/json"}
	SNS = Service{Name: "SNS", Host: "sns", Signs: "sns", Path: "/"}
	SFN = Service{Name: "SFN", Host: "states", Signs: "states", Path: "/", Target: "AWSStepFunctions.", Type: json10}
)

const (
	json10 = "application/x-amz-json-1.0"
	json11 = "application/x-amz-json-1.1"
)

// Client calls one service.
type Client struct {
	Config
	Service
	attempts int
}

// New returns a client that repeats a request which had no effect, or perhaps none.
func New(c Config, s Service) *Client { return &Client{c, s, mostAttempts} }

// NewOnce returns a client that does not repeat requests.
func NewOnce(c Config, s Service) *Client { return &Client{c, s, 1} }

// Call calls an operation of a service with a JSON protocol. in and out are the
// request and the answer.
// Errors: *Error.
func (c *Client) Call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("%s %s: %w", c.Name, operation, err)
	}
	answer, err := c.Post(ctx, operation, c.Type, body, refusal)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", c.Name, operation, err)
	}
	return nil
}

// url returns the address of the service.
func (c *Client) url() string {
	if c.Endpoint != "" {
		return strings.TrimSuffix(c.Endpoint, "/") + c.Path
	}
	suffix := ".amazonaws.com"
	if strings.HasPrefix(c.Region, "cn-") {
		suffix = ".amazonaws.com.cn"
	}
	return "https://" + c.Host + "." + c.Region + suffix + c.Path
}

type called struct{ service, operation, region string }

type calledKey struct{}

// Called returns the service, the operation and the region of a request, from its context.
func Called(ctx context.Context) (service, operation, region string) {
	c, _ := ctx.Value(calledKey{}).(called)
	return c.service, c.operation, c.region
}
