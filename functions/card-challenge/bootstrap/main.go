// The bootstrap of the card-challenge function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	cardchallenge "realname/functions/card-challenge"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/cards"
)

func main() {
	p := wiring.Cloud()
	v := cards.New(p)
	lambda.Start(httpapi.Lambda(cardchallenge.New(cardchallenge.Ports{API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now}})))
}
