// The bootstrap of the account-holder function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/account-holder"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/provider"
	"realname/shared/wiring/store"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	st := store.Store(p)
	v := provider.Connect(p, st, verification.Over(p, st))
	lambda.Start(httpapi.Lambda(accountholder.New(accountholder.Ports{
		API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now, Recipients: v.Recipients},
	})))
}
