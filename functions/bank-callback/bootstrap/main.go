// The bootstrap of the bank-callback function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/bank-callback"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/bank"
	"realname/shared/wiring/edge"
	"realname/shared/wiring/store"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	gate := edge.Gate(p)
	v := verification.New(p)
	lambda.Start(gate.Guard(httpapi.Lambda(bankcallback.New(bankcallback.Ports{
		API: edge.API(p, gate, store.Store(p)), Verification: v, Banks: bank.Directory(p), Refusals: bank.Refusals(p),
	}))))
}
