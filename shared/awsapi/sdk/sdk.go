// Package sdk takes over the configuration that the AWS SDK finds for a member of staff,
// such as profiles and single sign-on. A function has none of it and does not link this.
package sdk

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"realname/shared/awsapi"
	"realname/shared/clock"
)

// Config returns the SDK's configuration for our clients.
func Config(c aws.Config) awsapi.Config {
	own := awsapi.Config{
		Region: c.Region, Endpoint: aws.ToString(c.BaseEndpoint), HTTP: c.HTTPClient, Now: time.Now, Wait: clock.Wait,
		Credentials: func(ctx context.Context) (awsapi.Credentials, error) {
			found, err := c.Credentials.Retrieve(ctx)
			return awsapi.Credentials{
				AccessKeyID: found.AccessKeyID, SecretAccessKey: found.SecretAccessKey, SessionToken: found.SessionToken,
			}, err
		},
	}
	if own.HTTP == nil {
		own.HTTP = http.DefaultClient
	}
	return own
}
