// The bootstrap of the bank-callback function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	bankcallback "realname/functions/bank-callback"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/banking"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	v := verification.New(p)
	lambda.Start(httpapi.Lambda(bankcallback.New(bankcallback.Ports{
		API: p.API(), Verification: v, Banks: banking.Directory(p), Refusals: banking.Refusals(p),
	})))
}
