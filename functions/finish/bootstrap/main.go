// The bootstrap of the finish function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/finish"
	"realname/shared/wiring"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(finish.New(finish.Ports{Verification: verification.New(p), Log: p.Log}))
}
