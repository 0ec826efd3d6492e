package wiring

import (
	"context"
	"errors"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"realname/shared/telemetry/trace"
)

// awsConfig reads what the Lambda runtime puts into a function's environment:
// region and the role's credentials, and an endpoint where an emulator stands in
// for AWS. The SDK's own loader also looks for profiles, single sign-on and
// instance metadata, which a function never has, and costs each cold start a
// millisecond (docs/decisions/0006).
func awsConfig(getenv func(string) string) aws.Config {
	c := aws.Config{
		Region: getenv("AWS_REGION"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return credentials(getenv)
		}),
	}
	if endpoint := getenv("AWS_ENDPOINT_URL"); endpoint != "" {
		c.BaseEndpoint = &endpoint
	}
	return c
}

func credentials(getenv func(string) string) (aws.Credentials, error) {
	c := aws.Credentials{
		AccessKeyID: getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken: getenv("AWS_SESSION_TOKEN"), Source: "environment",
	}
	if c.AccessKeyID == "" || c.SecretAccessKey == "" {
		return aws.Credentials{}, errors.New("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
	}
	return c, nil
}

// AWS is the configuration of the process's environment.
func AWS() aws.Config { return awsConfig(os.Getenv) }

// traced lets the tracer see every call of every client that is made of the
// configuration.
func traced(c aws.Config, t *trace.Tracer) aws.Config {
	c.HTTPClient = t.AWS(awshttp.NewBuildableClient(), func(ctx context.Context) (service, operation, region string) {
		return middleware.GetServiceID(ctx), middleware.GetOperationName(ctx), middleware.GetRegion(ctx)
	})
	return c
}
