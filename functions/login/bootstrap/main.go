// The bootstrap of the login function.
package main

import (
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/login"
	"realname/shared/auth"
	"realname/shared/httpapi"
	"realname/shared/wiring"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(httpapi.Lambda(login.New(login.Ports{
		API: p.API(), Store: p.Store(), Hasher: auth.NewHasher(rand.Reader), Issuer: p.Issuer(),
		Keys: p.Signer().PublicKeys, Lockout: p.Config.Lockout, Now: p.Now,
	})))
}
