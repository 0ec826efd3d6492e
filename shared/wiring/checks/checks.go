// Package checks connects the checks of a verification to the providers that a
// stage is configured with. Only functions that ask providers import it.
package checks

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"realname/shared/provider/tencent"
	"realname/shared/realname"
	"realname/shared/wiring"
)

// How long credentials are used before they are read again, and the least time
// between two readings that refused credentials cause.
const (
	credentialsTTL   = 15 * time.Minute
	credentialsPause = 10 * time.Second
)

// Connect gives the verification its providers; a check without one stays as
// unavailable as it is.
func Connect(p wiring.Ports, v *realname.Verification) *realname.Verification {
	c := p.Config.Providers
	t := tencentCloud(p)
	if slices.Contains(c.Registry, tencent.Name) {
		v.Registry = t
	}
	if slices.Contains(c.IDCard, tencent.Name) {
		v.IDCards = t
	}
	if slices.Contains(c.BankCard, tencent.Name) {
		v.BankCards = t
	}
	if slices.Contains(c.SMS, tencent.Name) {
		v.SMS = t
	}
	return v
}

func tencentCloud(p wiring.Ports) *tencent.Client {
	c := p.Config.Providers.Tencent
	return tencent.New(tencent.Config{
		Region: c.Region, Endpoint: c.Endpoint, Now: p.Now,
		SMS:         tencent.SMSConfig{AppID: c.SMSApp, Sign: c.SMSSign, Template: c.SMSTemplate, Parameters: c.SMSParameters},
		Credentials: &tencent.Cached{Load: secret(p, c.SecretARN), TTL: credentialsTTL, Pause: credentialsPause, Now: p.Now},
	})
}

// secret reads a secret of Secrets Manager.
func secret(p wiring.Ports, arn string) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) {
		out, err := secretsmanager.NewFromConfig(p.AWS()).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &arn})
		if err != nil {
			return nil, err
		}
		if out.SecretString == nil {
			return nil, errors.New("the secret holds no text")
		}
		return []byte(*out.SecretString), nil
	}
}
