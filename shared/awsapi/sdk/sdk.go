// Package sdk takes over the configuration that the AWS SDK finds for a member of staff,
// such as profiles and single sign-on. A function has none of it and does not link this.
package sdk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"

	"realname/shared/awsapi"
	"realname/shared/clock"
)

// Load returns the configuration that the SDK finds. It refuses one that our clients would
// not follow, since they would send data elsewhere than its owner said.
func Load(ctx context.Context) (awsapi.Config, error) {
	found, err := config.LoadDefaultConfig(ctx)
	if err == nil {
		err = followed(ctx, found)
	}
	if err != nil {
		return awsapi.Config{}, fmt.Errorf("read the AWS configuration: %w", err)
	}
	return Config(found), nil
}

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
	switch h := c.HTTPClient.(type) {
	case nil: // what the SDK's clients would use
		own.HTTP = awsapi.HTTP(awshttp.NewBuildableClient().GetTransport())
	case *awshttp.BuildableClient: // of AWS_CA_BUNDLE; it would follow redirects
		own.HTTP = awsapi.HTTP(h.GetTransport())
	}
	return own
}

// What a source of the configuration may say of endpoints.
type (
	fipsSource interface {
		GetUseFIPSEndpoint(ctx context.Context) (aws.FIPSEndpointState, bool, error)
	}
	dualStackSource interface {
		GetUseDualStackEndpoint(ctx context.Context) (aws.DualStackEndpointState, bool, error)
	}
)

// followed refuses what awsapi does not know: a missing region, endpoints for FIPS or for
// both stacks, and the endpoint of a single service.
func followed(ctx context.Context, c aws.Config) error {
	if c.Region == "" {
		return errors.New("no region: set AWS_REGION, or region in the profile")
	}
	fips, err := first(ctx, c, fipsSource.GetUseFIPSEndpoint)
	if err != nil {
		return err
	}
	dual, err := first(ctx, c, dualStackSource.GetUseDualStackEndpoint)
	if err != nil {
		return err
	}
	switch {
	case fips == aws.FIPSEndpointStateEnabled:
		return errors.New("AWS_USE_FIPS_ENDPOINT, or use_fips_endpoint of the profile: not supported")
	case dual == aws.DualStackEndpointStateEnabled:
		return errors.New("AWS_USE_DUALSTACK_ENDPOINT, or use_dualstack_endpoint of the profile: not supported")
	}
	return noneAlone(ctx, c)
}

// first returns the value of the first source that has one.
func first[S, V any](
	ctx context.Context, c aws.Config, of func(S, context.Context) (V, bool, error),
) (value V, err error) {
	for _, source := range c.ConfigSources {
		s, ok := source.(S)
		if !ok {
			continue
		}
		value, found, err := of(s, ctx)
		if found || err != nil {
			return value, err
		}
	}
	return value, nil
}

type serviceSource interface {
	GetServiceBaseEndpoint(ctx context.Context, service string) (string, bool, error)
}

// noneAlone refuses an endpoint for a single one of our services.
func noneAlone(ctx context.Context, c aws.Config) error {
	ignored, _, err := config.GetIgnoreConfiguredEndpoints(ctx, c.ConfigSources)
	if err != nil || ignored {
		return err
	}
	for _, service := range []awsapi.Service{
		awsapi.DynamoDB, awsapi.EventBridge, awsapi.KMS, awsapi.SecretsManager, awsapi.SES, awsapi.SFN, awsapi.SNS,
	} {
		endpoint, err := first(ctx, c, func(s serviceSource, ctx context.Context) (string, bool, error) {
			return s.GetServiceBaseEndpoint(ctx, service.Name)
		})
		if err != nil {
			return err
		}
		if endpoint != "" {
			return fmt.Errorf("an endpoint of %s alone, in the environment or the profile: not supported, "+
				"use AWS_ENDPOINT_URL", service.Name)
		}
	}
	return nil
}
