// The bootstrap of the account-card function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	accountcard "realname/functions/account-card"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/cards"
)

func main() {
	p := wiring.Cloud()
	v := cards.New(p)
	lambda.Start(httpapi.Lambda(accountcard.New(accountcard.Ports{API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now}})))
}
