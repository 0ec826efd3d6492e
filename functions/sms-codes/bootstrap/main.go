// The bootstrap of the sms-codes function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/sms-codes"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/provider"
	"realname/shared/wiring/sns"
	"realname/shared/wiring/store"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	st := store.Store(p)
	v := provider.Connect(p, st, verification.Over(p, st), sns.SNS(p))
	lambda.Start(httpapi.Lambda(smscodes.New(smscodes.Ports{
		API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now, Recipients: v.Recipients},
	})))
}
