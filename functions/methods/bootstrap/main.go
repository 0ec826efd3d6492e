// The bootstrap of the methods function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/methods"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(httpapi.Lambda(methods.New(methods.Ports{API: p.API(), Verification: verification.New(p)})))
}
