// The bootstrap of the login function.
package main

import (
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/login"
	"realname/shared/auth"
	"realname/shared/credentials"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/storage"
	"realname/shared/wiring/tokens"
)

func main() {
	p := wiring.Cloud()
	st := storage.Store(p)
	lambda.Start(httpapi.Lambda(login.New(login.Ports{
		API: p.API(), Store: st, Issuer: tokens.Issuer(p, st), Keys: tokens.Ring(p).PublicKeys, Now: p.Now,
		Credentials: credentials.Credentials{Store: st, Hasher: auth.NewHasher(rand.Reader), Lockout: p.Config.Lockout, Now: p.Now},
	})))
}
