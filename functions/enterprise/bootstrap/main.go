// The bootstrap of the enterprise function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/enterprise"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/provider"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	v := provider.Connect(p, verification.New(p))
	lambda.Start(httpapi.Lambda(enterprise.New(enterprise.Ports{API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now}})))
}
