// The bootstrap of the notify function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/notify"
	"realname/shared/wiring"
	"realname/shared/wiring/notices"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(notify.New(notify.Ports{Deliverer: notices.Deliverer(p), Log: p.Log}))
}
