// The bootstrap of the real-name-status function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/real-name-status"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/client"
	"realname/shared/wiring/store"
)

func main() {
	p := wiring.Cloud()
	clients, limiter := client.Clients(p)
	lambda.Start(httpapi.Lambda(realnamestatus.New(realnamestatus.Ports{
		API: p.API(), Store: store.Store(p), Clients: clients, Limiter: limiter, Now: p.Now,
	})))
}
