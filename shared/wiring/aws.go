package wiring

import (
	"context"
	"errors"
	"net/http"
	"os"
	"sync"
	"time"

	"realname/shared/awsapi"
	"realname/shared/clock"
	"realname/shared/telemetry/trace"
)

// idleConnections is the number of connections to one service that stay open. A function
// serves one request at a time, which calls a service once or twice at once.
const idleConnections = 10

// awsConfig reads the environment that the Lambda runtime sets: the region and the
// role's credentials, and an endpoint if an emulator replaces AWS (docs/decisions/0006).
func awsConfig(getenv func(string) string) awsapi.Config {
	connections := http.DefaultTransport.(*http.Transport).Clone()
	connections.MaxIdleConnsPerHost = idleConnections
	return awsapi.Config{
		Region: getenv("AWS_REGION"), Endpoint: getenv("AWS_ENDPOINT_URL"),
		Credentials: func(context.Context) (awsapi.Credentials, error) { return credentials(getenv) },
		HTTP:        awsapi.HTTP(connections), Now: time.Now, Wait: clock.Wait,
	}
}

func credentials(getenv func(string) string) (awsapi.Credentials, error) {
	c := awsapi.Credentials{
		AccessKeyID: getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken: getenv("AWS_SESSION_TOKEN"),
	}
	if c.AccessKeyID == "" || c.SecretAccessKey == "" {
		return awsapi.Credentials{}, errors.New("AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	return c, nil
}

// AWS returns the configuration of the process's environment.
func AWS() awsapi.Config { return awsConfig(os.Getenv) }

// traced returns the configuration with a tracer of every call.
func traced(c awsapi.Config, t *trace.Tracer) awsapi.Config {
	c.HTTP = t.AWS(c.HTTP, awsapi.Called)
	return c
}

// Client returns a function that makes the client of a service at its first use, so that
// a cold start does not wait for it.
func (p Ports) Client(s awsapi.Service) func() *awsapi.Client {
	return sync.OnceValue(func() *awsapi.Client { return awsapi.New(p.AWS(), s) })
}

// Secret returns the text or the bytes of a secret in Secrets Manager.
func (p Ports) Secret(ctx context.Context, arn string) (text *string, bytes []byte, err error) {
	var out struct {
		SecretString *string
		SecretBinary []byte
	}
	in := map[string]string{"SecretId": arn}
	err = awsapi.New(p.AWS(), awsapi.SecretsManager).Call(ctx, "GetSecretValue", in, &out)
	return out.SecretString, out.SecretBinary, err
}

// PutSecret replaces the value of a secret in Secrets Manager.
func (p Ports) PutSecret(ctx context.Context, arn string, text *string, bytes []byte) error {
	in := struct {
		ClientRequestToken string
		SecretID           string  `json:"SecretId"`
		SecretString       *string `json:",omitempty"`
		SecretBinary       []byte  `json:",omitempty"`
	}{NewID(), arn, text, bytes}
	return awsapi.New(p.AWS(), awsapi.SecretsManager).Call(ctx, "PutSecretValue", in, &struct{}{})
}
