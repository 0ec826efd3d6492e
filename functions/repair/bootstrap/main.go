// The bootstrap of the repair function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/repair"
	"realname/shared/wiring"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(repair.New(repair.Ports{Verification: verification.New(p), Log: p.Log}))
}
