// The bootstrap of the login function.
package main

import (
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/login"
	"realname/shared/auth"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/signin"
	"realname/shared/wiring"
	authwiring "realname/shared/wiring/auth"
	"realname/shared/wiring/edge"
	"realname/shared/wiring/store"
)

func main() {
	p := wiring.Cloud()
	gate := edge.Gate(p)
	st := store.Store(p)
	lambda.Start(gate.Guard(httpapi.Lambda(login.New(login.Ports{
		API: edge.API(p, gate, st), Store: st, Now: p.Now,
		Issuer: authwiring.Issuer(p, st, auth.Person), Keys: authwiring.PublicKeys(p),
		Life: realname.SignInLife{Idle: p.Config.IdleTimeout, Most: p.Config.TokenTTL},
		Credentials: signin.Credentials{
			Store: st, Hasher: auth.NewHasher(rand.Reader), Lockout: p.Config.Lockout, Now: p.Now,
			NewSecret: func() (string, error) { return auth.NewSecret(rand.Reader) },
			NewID:     func() string { return rand.Text()[:16] },
		},
	}))))
}
