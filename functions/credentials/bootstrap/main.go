// The bootstrap of the credentials function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/credentials"
	"realname/shared/auth/strength/apart"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/accounts"
	"realname/shared/wiring/edge"
	"realname/shared/wiring/provider"
	"realname/shared/wiring/ses"
	"realname/shared/wiring/sns"
	"realname/shared/wiring/store"
)

func main() {
	p := wiring.Cloud()
	gate := edge.Gate(p)
	st := store.Store(p)
	a := ses.Connect(p, accounts.Over(p, st))
	a.Strength = apart.Rule(apart.Beside)
	provider.Connect(p, st, a.Sessions, sns.SNS(p))
	lambda.Start(gate.Guard(httpapi.Lambda(credentials.New(credentials.Ports{API: edge.API(p, gate, st), Accounts: a}))))
}
