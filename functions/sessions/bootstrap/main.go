// The bootstrap of the sessions function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/sessions"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	v := verification.New(p)
	lambda.Start(httpapi.Lambda(sessions.New(sessions.Ports{
		API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now, Recipients: v.Recipients},
	})))
}
