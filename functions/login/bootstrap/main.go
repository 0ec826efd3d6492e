// The bootstrap of the login function.
package main

import (
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/login"
	"realname/shared/auth"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/storage"
	"realname/shared/wiring/tokens"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(httpapi.Lambda(login.New(login.Ports{
		API: p.API(), Store: storage.Store(p), Hasher: auth.NewHasher(rand.Reader), Issuer: tokens.Issuer(p),
		Keys: tokens.Signer(p).PublicKeys, Lockout: p.Config.Lockout, Now: p.Now,
	})))
}
