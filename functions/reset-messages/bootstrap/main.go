// The bootstrap of the reset-messages function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/reset-messages"
	"realname/shared/wiring"
	"realname/shared/wiring/accounts"
	"realname/shared/wiring/provider"
	"realname/shared/wiring/sns"
	"realname/shared/wiring/store"
)

func main() {
	p := wiring.Cloud()
	st := store.Store(p)
	a := accounts.Over(p, st)
	provider.Connect(p, st, a.Sessions, sns.SNS(p))
	lambda.Start(resetmessages.New(resetmessages.Ports{Accounts: a, Log: p.Log}))
}
