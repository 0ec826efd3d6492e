// The bootstrap of the oauth function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/oauth"
	"realname/shared/auth"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	authwiring "realname/shared/wiring/auth"
	"realname/shared/wiring/client"
	"realname/shared/wiring/edge"
	"realname/shared/wiring/store"
)

func main() {
	p := wiring.Cloud()
	gate := edge.Gate(p)
	st := store.Store(p)
	clients, limiter := client.Clients(p)
	lambda.Start(gate.Guard(httpapi.Lambda(oauth.New(oauth.Ports{
		API: edge.API(p, gate, st), Clients: clients, Issuer: authwiring.Issuer(p, st, auth.Machine), Limiter: limiter,
		Now: p.Now, Log: p.Log,
	}))))
}
