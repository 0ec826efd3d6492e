// Package awsapitest has the configuration of clients in tests.
package awsapitest

import (
	"context"
	"net/http"
	"time"

	"realname/shared/awsapi"
)

// Config returns the configuration of clients of a server in place of AWS. They repeat
// requests without a pause.
func Config(url string) awsapi.Config {
	return awsapi.Config{
		Region: "eu-west-1", Endpoint: url, HTTP: http.DefaultClient, Now: time.Now,
		Credentials: func(context.Context) (awsapi.Credentials, error) {
			return awsapi.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		},
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}
