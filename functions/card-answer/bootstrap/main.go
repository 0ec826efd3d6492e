// The bootstrap of the card-answer function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/card-answer"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/eport"
)

func main() {
	p := wiring.Cloud()
	v := eport.New(p)
	lambda.Start(httpapi.Lambda(cardanswer.New(cardanswer.Ports{
		API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now, Recipients: v.Recipients},
	})))
}
