// The bootstrap of the card-answer function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	cardanswer "realname/functions/card-answer"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/cards"
)

func main() {
	p := wiring.Cloud()
	v := cards.New(p)
	lambda.Start(httpapi.Lambda(cardanswer.New(cardanswer.Ports{API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now}})))
}
