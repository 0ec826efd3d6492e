// Package provider connects the checks of a verification to the providers that a
// stage is configured with, each behind its guard. Only functions that ask
// providers import it.
package provider

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"realname/shared/provider"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
	"realname/shared/telemetry/trace"
	"realname/shared/verification"
	"realname/shared/wiring"
)

// How long credentials are used before they are read again, and the least time
// between two readings that refused credentials cause.
const (
	credentialsTTL   = 15 * time.Minute
	credentialsPause = 10 * time.Second
)

// Connect gives the verification its providers; a check without one stays as
// unavailable as it is. The guards share their state through states: pass the
// store that the verification uses, so that both share one connection. A function
// that sends messages names the carriers that it links besides Tencent Cloud.
func Connect(p wiring.Ports, states provider.States, v *verification.Verification, carriers ...Carrier) *verification.Verification {
	Over(p.Config.Providers, Ports{
		States: states, Now: p.Now, Log: p.Log,
		Carriers: carriers,
		Tencent:  Credentials(p), Trace: p.Trace,
	}, v)
	return v
}

// Credentials are Tencent Cloud's, as Secrets Manager keeps them.
func Credentials(p wiring.Ports) *tencent.Cached {
	return &tencent.Cached{Load: secret(p, p.Config.Providers.Tencent.SecretARN), TTL: credentialsTTL, Pause: credentialsPause, Now: p.Now}
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

// Carrier is a provider of messages.
type Carrier struct {
	Name string
	SMS  realname.SMS
}

// Ports is what the providers need from outside.
type Ports struct {
	States   provider.States
	Now      func() time.Time
	Log      *slog.Logger
	Tencent  tencent.Source
	Carriers []Carrier
	Trace    *trace.Tracer // may be nil
}
