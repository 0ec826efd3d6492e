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

// awsConfig reads the environment that the Lambda runtime sets: the region and the
// role's credentials, and an endpoint if an emulator replaces AWS. The SDK's own loader
// also looks for profiles, single sign-on and instance metadata, which a function does
// not have. It would add a millisecond to each cold start (docs/decisions/0006).
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
		return aws.Credentials{}, errors.New("AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	return c, nil
}

// AWS returns the configuration of the process's environment.
func AWS() aws.Config { return awsConfig(os.Getenv) }

// traced returns the configuration with a tracer of every call.
func traced(c aws.Config, t *trace.Tracer) aws.Config {
	describe := func(ctx context.Context) (service, operation, region string) {
		return middleware.GetServiceID(ctx), middleware.GetOperationName(ctx), middleware.GetRegion(ctx)
	}
	c.HTTPClient = t.AWS(awshttp.NewBuildableClient(), describe)
	return c
}
