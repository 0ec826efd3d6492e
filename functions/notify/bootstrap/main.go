// The bootstrap of the notify function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/notify"
	"realname/shared/wiring"
	notifywiring "realname/shared/wiring/notify"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(notify.New(notify.Ports{Deliverer: notifywiring.Deliverer(p), Log: p.Log}))
}
