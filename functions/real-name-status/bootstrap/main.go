// The bootstrap of the real-name-status function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	realnamestatus "realname/functions/real-name-status"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/machines"
	"realname/shared/wiring/storage"
)

func main() {
	p := wiring.Cloud()
	clients, limiter := machines.Clients(p)
	lambda.Start(httpapi.Lambda(realnamestatus.New(realnamestatus.Ports{
		API: p.API(), Store: storage.Store(p), Clients: clients, Limiter: limiter, Now: p.Now,
	})))
}
