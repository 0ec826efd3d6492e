// The bootstrap of the authorizer function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/authorizer"
	"realname/shared/wiring"
	"realname/shared/wiring/auth"
	"realname/shared/wiring/edge"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(authorizer.New(authorizer.Ports{Verifier: auth.Verifier(p), Gate: edge.Gate(p), Log: p.Log}))
}
