// The bootstrap of the credentials function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/credentials"
	"realname/shared/httpapi"
	"realname/shared/strength"
	"realname/shared/wiring"
	"realname/shared/wiring/accounts"
	"realname/shared/wiring/checks"
	"realname/shared/wiring/mail"
	"realname/shared/wiring/messages"
)

func main() {
	p := wiring.Cloud()
	a := mail.Connect(p, accounts.New(p))
	a.Strength = strength.Rule
	checks.Connect(p, a.Verification, messages.SNS(p))
	lambda.Start(httpapi.Lambda(credentials.New(credentials.Ports{API: p.API(), Accounts: a})))
}
