// The bootstrap of the oauth function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/oauth"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/machines"
	"realname/shared/wiring/storage"
	"realname/shared/wiring/tokens"
)

func main() {
	p := wiring.Cloud()
	clients, limiter := machines.Clients(p)
	lambda.Start(httpapi.Lambda(oauth.New(oauth.Ports{
		API: p.API(), Clients: clients, Issuer: tokens.Issuer(p, storage.Store(p)), Limiter: limiter, Now: p.Now, Log: p.Log,
	})))
}
