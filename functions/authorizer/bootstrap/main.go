// The bootstrap of the authorizer function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/authorizer"
	"realname/shared/wiring"
	"realname/shared/wiring/auth"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(authorizer.New(authorizer.Ports{Verifier: auth.Verifier(p), Log: p.Log}))
}
