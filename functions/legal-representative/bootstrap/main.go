// The bootstrap of the legal-representative function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/legal-representative"
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
	lambda.Start(httpapi.Lambda(legalrepresentative.New(legalrepresentative.Ports{
		API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now, Recipients: v.Recipients},
	})))
}
